"""Which of the engine's rules a city may weigh otherwise, within which bounds, and the rules that come of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from delivery.cities.models import City
from delivery.ground.errors import Invalid
from dispatch.engine.problem import Rules

MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a weight may be; `step` is what a form counts in."""

    least: float
    most: float
    step: float


TUNABLE: Final[Mapping[str, Bound]] = {
    "over_target_weight": Bound(0, 10, 0.05),
    "pay_weight": Bound(0, 20, 0.1),
    "approach_weight": Bound(0, 5, 0.05),
    "fair_pay_weight": Bound(0, 20, 0.1),
    "fair_wait_weight": Bound(0, 2, 0.01),
    "early_share": Bound(0, 1, 0.05),
    "travel_share": Bound(0.05, 0.95, 0.05),
    "horizon_min": Bound(5, 120, 1),
    "bundle_limit": Bound(1, 12, 1),
}


def own_weights() -> dict[str, float]:
    """The engine's own."""
    return {name: getattr(Rules(), name) for name in TUNABLE}


def checked_weights(values: Mapping[str, Any]) -> dict[str, float]:
    """Those that differ from the engine's own, as a version stores them.

    Raises Invalid with a line per weight that is unknown, no number, or out of its bounds.
    """
    fields: dict[str, list[dict[str, str]]] = {}
    own, chosen = own_weights(), {}
    for name, value in values.items():
        bound = TUNABLE.get(name)
        if bound is None:
            fields[name] = [{"code": "unknown", "message": "there is no such weight"}]
        elif not _is_within(value, bound):
            fields[name] = [{"code": "out_of_bounds", "message": f"between {bound.least:g} and {bound.most:g}"}]
        elif value != own[name]:
            chosen[name] = round(value) if name == "bundle_limit" else float(value)
    if fields:
        raise Invalid("a weight makes no sense", fields=fields)
    return chosen


def rules_of(city: City, values: Mapping[str, float], *, every: timedelta) -> Rules:
    """The city's own times, the engine's weights, and of `values` those that this engine knows."""
    rules: Mapping[str, Any] = {
        "pickup_min": city.pickup_service / MINUTE,
        "dropoff_min": city.dropoff_service / MINUTE,
        "target_min": city.target_time / MINUTE,
        "every_min": every / MINUTE,
        # Who is asked a little before the latest start does not have to run for having thought about it.
        "lead_min": city.offer_for / MINUTE,
        **{name: value for name, value in values.items() if name in TUNABLE},
    }
    return Rules(**rules)


def _is_within(value: Any, bound: Bound) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return is_number and bound.least <= value <= bound.most
