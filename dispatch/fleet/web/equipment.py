"""POST /deliverers/{id}/equipment: what a deliverer has and may do, told by who watches the city."""

from typing import Any
from uuid import UUID

from ninja import Router
from pydantic import Field

from delivery.cities.selectors import watches
from delivery.ground.api import ApiRequest, Body, once
from delivery.ground.errors import NotFound
from delivery.ground.openapi import Answer
from dispatch.fleet.equipment import MOST_CASH, MOST_ROOM, Equipment, equip_deliverer
from dispatch.fleet.models import Deliverer

router = Router(tags=["fleet"])


class Equipping(Body):
    """Everything that the deliverer has; `zones` by name, none: everywhere. `version`: the one the caller has seen."""

    has_hot_bag: bool = True
    has_cold_bag: bool = True
    may_check_age: bool = True
    bag_room: int | None = Field(None, ge=0, le=MOST_ROOM, strict=True)
    cash_limit: int | None = Field(None, ge=0, le=MOST_CASH, strict=True)
    zones: list[str] = Field(default_factory=list, max_length=100)
    version: int | None = Field(None, ge=1, strict=True)


class EquippedDeliverer(Answer):
    id: UUID
    version: int
    has_hot_bag: bool
    has_cold_bag: bool
    may_check_age: bool
    bag_room: int | None
    cash_limit: int | None
    zones: list[str]


@router.post("/deliverers/{deliverer_id}/equipment", url_name="equip_deliverer", response=EquippedDeliverer)
@once
def equip(request: ApiRequest, deliverer_id: UUID, body: Equipping) -> tuple[int, dict[str, Any]]:
    """From the next decision on the deliverer is asked for what fits."""
    found = Deliverer.objects.filter(public_id=deliverer_id).first()
    if found is None or not watches(request.actor, found.city_id):
        raise NotFound()
    has = body.model_dump(exclude={"version"})
    deliverer = equip_deliverer(
        deliverer_id=found.pk, equipment=Equipment(**has), by=request.actor.ref, version=body.version
    )
    return 200, {"id": str(deliverer.public_id), "version": deliverer.version, **has}
