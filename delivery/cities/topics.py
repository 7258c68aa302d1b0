"""Who follows `city.<id>`, and its levers. Its other rows come from the packages above, joined in `delivery.wiring`."""

from collections.abc import Iterable, Sequence
from typing import Any

from delivery.cities.models import City, Lever
from delivery.cities.selectors import watches
from delivery.ground.access import Actor
from delivery.ground.clock import utc_text
from delivery.ground.events import Recorded
from delivery.ground.ids import public_id_in
from delivery.ground.registry import TopicRow


def may_join(actor: Actor, public_id: str) -> bool:
    city_id = city_of(public_id)
    return city_id is not None and watches(actor, city_id)


def city_of(public_id: str) -> int | None:
    return City.objects.filter(public_id=public_id_in(public_id)).values_list("pk", flat=True).first()


def project_levers(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """Levers as they stand; ended ones leave."""
    changed = Lever.objects.filter(pk__in={recorded.aggregate_id for recorded in events})
    return [_row(lever) for lever in changed.select_related("city", "zone")]


def city_levers(public_id: str) -> list[TopicRow]:
    """All levers that are pulled in the city."""
    pulled = Lever.objects.filter(city__public_id=public_id, ended_at__isnull=True)
    return [_row(lever) for lever in pulled.select_related("city", "zone")]


def _row(lever: Lever) -> TopicRow:
    payload = None if lever.ended_at else lever_for_city(lever)
    return TopicRow(f"city.{lever.city.public_id}", f"lever:{lever.public_id}", lever.version, payload)


def lever_for_city(lever: Lever) -> dict[str, Any]:
    """Reads: city, zone. `zone` is None for the whole city, `amount` and `fee` as in `Lever`."""
    return {
        "id": str(lever.public_id),
        "version": lever.version,
        "kind": lever.kind,
        "zone": lever.zone.name if lever.zone else None,
        "ring": lever.zone.ring if lever.zone else None,
        "amount": lever.amount,
        "fee": lever.fee,
        "currency": lever.city.currency,
        "pulled_at": utc_text(lever.created_at),
        "pulled_by": lever.pulled_by,
        "until": utc_text(lever.until),
    }
