"""What a deliverer has and may do: bags, room, ages, cash, zones. Each change is a fact with an author."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction

from delivery.cities.models import Zone
from delivery.ground import outbox
from delivery.ground.errors import Invalid
from dispatch.fleet.events import DelivererEquipped
from dispatch.fleet.models import Deliverer

MOST_ROOM: Final = 1_000
MOST_CASH: Final = 1_000_000  # minor units


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """`bag_room` in portions, `cash_limit` in minor units: None is no limit. `zones`: names; none: everywhere."""

    has_hot_bag: bool = True
    has_cold_bag: bool = True
    may_check_age: bool = True
    bag_room: int | None = None
    cash_limit: int | None = None
    zones: Sequence[str] = ()


@transaction.atomic
def equip_deliverer(*, deliverer_id: int, equipment: Equipment, by: str, version: int | None = None) -> Deliverer:
    """From the next decision on the deliverer is asked for what fits; routes that are accepted stay.

    Raises NotFound; VersionConflict; Invalid: a limit that makes no sense, or a zone that the city has not.
    """
    deliverer: Deliverer = Deliverer.objects.lock(pk=deliverer_id, version=version)
    if not 0 <= (equipment.bag_room or 0) <= MOST_ROOM or not 0 <= (equipment.cash_limit or 0) <= MOST_CASH:
        raise Invalid("a limit is at least 0")
    zones = list(Zone.objects.filter(city=deliverer.city_id, name__in=equipment.zones))
    if len(zones) != len(set(equipment.zones)):
        raise Invalid("the city has no such zone")
    has = asdict(equipment)
    del has["zones"]
    for name, value in has.items():
        setattr(deliverer, name, value)
    deliverer.zones.set(zones)
    event = DelivererEquipped(zones=sorted(zone.name for zone in zones), **has)
    outbox.record(deliverer, event, by=by, changed=list(has))
    return deliverer
