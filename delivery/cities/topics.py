"""Who follows `city.<id>`. Its rows come from the packages above, joined in `delivery.wiring`."""

from delivery.cities.models import City
from delivery.cities.selectors import watches
from delivery.ground.access import Actor
from delivery.ground.ids import public_id_in


def may_join(actor: Actor, public_id: str) -> bool:
    city_id = city_of(public_id)
    return city_id is not None and watches(actor, city_id)


def city_of(public_id: str) -> int | None:
    return City.objects.filter(public_id=public_id_in(public_id)).values_list("pk", flat=True).first()
