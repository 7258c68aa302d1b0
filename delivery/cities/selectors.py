"""Where the platform delivers, and who looks after it."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet

from delivery.cities.models import City, Lever, Zone
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.geo import Point, contains


def served_zones() -> list[Zone]:
    """Every open zone with its city, in the order of their names."""
    return list(Zone.objects.filter(is_open=True).select_related("city").order_by("city__name", "name"))


def zones_at(point: Point) -> list[Zone]:
    """The open zones that contain the point, of any city, the cheapest first, with their cities and levers."""
    zones = Zone.objects.filter(is_open=True).select_related("city").order_by("fee", "id")
    return with_levers([zone for zone in zones if contains(zone.ring, point)])


def zone_at(city: City, point: Point) -> Zone | None:
    """The cheapest open zone of the city that contains the point, with its levers."""
    zones = Zone.objects.filter(city=city, is_open=True).order_by("fee", "id")
    found = [zone for zone in zones if contains(zone.ring, point)][:1]
    return next(iter(with_levers(found)), None)


def rush_at(city: City, point: Point) -> timedelta:
    """City time that a rush adds to a delivery there right now."""
    zone = zone_at(city, point)
    return zone.rush if zone else timedelta()


def with_levers(zones: Sequence[Zone]) -> list[Zone]:
    """The zones, each with what is pulled for it right now, for it alone or for its city; one query."""
    cities = {zone.city_id for zone in zones}
    pulled = list(levers_pulled().filter(city__in=cities)) if cities else []
    for zone in zones:
        zone.levers = [lever for lever in pulled if lever.city_id == zone.city_id and lever.zone_id in (None, zone.pk)]
    return list(zones)


def levers_pulled() -> QuerySet[Lever]:
    """Those in force: also in the moments between a lever's end and the deadline that writes it down."""
    return Lever.objects.filter(ended_at__isnull=True, until__gt=clock.now()).order_by("until", "pk")


def watches(actor: Actor, city_id: int) -> bool:
    """Whether the actor looks after everything in the city."""
    return actor.has("dispatcher", city=city_id) or actor.has("owner") or actor.has("support")
