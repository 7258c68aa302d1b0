"""Where the platform delivers, and who looks after it."""

from delivery.cities.models import City, Zone
from delivery.ground.access import Actor
from delivery.ground.geo import Point, contains


def served_zones() -> list[Zone]:
    """Every open zone with its city, in the order of their names."""
    return list(Zone.objects.filter(is_open=True).select_related("city").order_by("city__name", "name"))


def zones_at(point: Point) -> list[Zone]:
    """The open zones that contain the point, of any city, the cheapest first, with their cities."""
    zones = Zone.objects.filter(is_open=True).select_related("city").order_by("fee", "id")
    return [zone for zone in zones if contains(zone.ring, point)]


def zone_at(city: City, point: Point) -> Zone | None:
    """The cheapest open zone of the city that contains the point."""
    zones = Zone.objects.filter(city=city, is_open=True).order_by("fee", "id")
    return next((zone for zone in zones if contains(zone.ring, point)), None)


def watches(actor: Actor, city_id: int) -> bool:
    """Whether the actor looks after everything in the city."""
    return actor.has("dispatcher", city=city_id) or actor.has("owner") or actor.has("support")
