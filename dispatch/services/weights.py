"""A city's weights: each change is a new version with an author, an instant and a line in the logbook."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from delivery.cities.models import City
from delivery.ground import clock, outbox
from delivery.ground.errors import Conflict, Invalid
from dispatch.desk.logbook import account_of, note_act
from dispatch.events import WeightsSet
from dispatch.models import Weights
from dispatch.selectors import newest_weights
from dispatch.weighing import checked_weights

LONGEST_REASON: Final = 200


@transaction.atomic
def set_weights(
    *, city_id: int, use: Weights.Use, values: Mapping[str, Any], by: str, reason: str = "", seen: int | None = None
) -> Weights:
    """From now on the planner weighs so; with SHADOW it only plans so beside, until `stop_shadow`.

    Args:
        values: every weight that is not the engine's own. seen: the version that the author has read, 0 for none.
    Raises:
        Invalid: see `checked_weights`, or a reason too long. Conflict: somebody has set others since.
    """
    return _append(city_id, use, checked_weights(values), is_on=True, by=by, reason=reason, seen=seen)


@transaction.atomic
def stop_shadow(*, city_id: int, by: str, reason: str = "", seen: int | None = None) -> Weights:
    """Plan nothing beside any more. Raises Conflict."""
    return _append(city_id, Weights.Use.SHADOW, {}, is_on=False, by=by, reason=reason, seen=seen)


def _append(
    city_id: int, use: Weights.Use, values: Mapping[str, float], *, is_on: bool, by: str, reason: str, seen: int | None
) -> Weights:
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"a reason has up to {LONGEST_REASON} characters")
    City.objects.lock(pk=city_id)  # two who change at the same time: one after the other
    newest = newest_weights(city_id).get(use)
    number = newest.number if newest else 0
    if seen is not None and seen != number:
        raise Conflict("the weights have changed meanwhile", current={"number": number})
    weights = Weights(
        city_id=city_id,
        use=use,
        number=number + 1,
        values=dict(values),
        is_on=is_on,
        valid_from=clock.now(),
        author=account_of(by),
        reason=reason.strip(),
    )
    outbox.insert(weights, WeightsSet(use=use.value, number=number + 1, values=dict(values), is_on=is_on), by=by)
    detail = {"use": use.value, "number": number + 1}
    note_act(city_id=city_id, kind="weights_set" if is_on else "shadow_stopped", by=by, detail=detail)
    return weights
