"""Who comes for each bag: name, how far, when about; or that they wait at the counter, and since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.geo import Point, distance_m
from dispatch.fleet.models import Position
from dispatch.models import Stop
from dispatch.selectors import pickups_under_way
from dispatch.transitions import OPEN_STOPS

FRESH = timedelta(minutes=2)  # real: an older place is no place


@dataclass(frozen=True, slots=True)
class Coming:
    """`distance_m` and `arrives_at` are None without a fresh position; `here_since` is set on arrival."""

    name: str
    here_since: datetime | None = None
    distance_m: float | None = None
    arrives_at: datetime | None = None


def coming_for(order_ids: Iterable[int], city: City, now: datetime) -> dict[int, Coming]:
    """Who carries each of the orders away, for those that have somebody; three queries."""
    pickups = pickups_under_way(order_ids)
    routes = {stop.route_id for stop in pickups.values()}
    ahead = _stops_ahead(routes)
    carriers = {stop.route.deliverer_id for stop in pickups.values() if stop.route}
    fresh = Position.objects.filter(deliverer__in=carriers, measured_at__gt=now - FRESH)
    places = {place.deliverer_id: Point(place.lat, place.lon) for place in fresh}
    return {
        order_id: _coming(stop, ahead.get(stop.route_id, ()), places, city, now)
        for order_id, stop in pickups.items()
        if stop.status in (*OPEN_STOPS, Stop.Status.ARRIVED)
    }


def _stops_ahead(route_ids: Iterable[int | None]) -> Mapping[int | None, Sequence[Stop]]:
    ahead: dict[int | None, list[Stop]] = {}
    stops = Stop.objects.filter(route__in=[pk for pk in route_ids if pk], status__in=OPEN_STOPS)
    for stop in stops.order_by("position", "id"):
        ahead.setdefault(stop.route_id, []).append(stop)
    return ahead


def _coming(pickup: Stop, ahead: Sequence[Stop], places: Mapping[int, Point], city: City, now: datetime) -> Coming:
    assert pickup.route is not None
    deliverer = pickup.route.deliverer
    name = (deliverer.account.name.split(" ")[0] if deliverer else "") or _("courier")
    if pickup.status == Stop.Status.ARRIVED:
        return Coming(name, here_since=pickup.arrived_at)
    at = places.get(deliverer.pk) if deliverer else None
    if at is None:
        return Coming(name)
    metres, stays = 0.0, timedelta()
    for stop in ahead:
        metres += distance_m(at, Point(stop.lat, stop.lon)) * city.detour
        at = Point(stop.lat, stop.lon)
        if stop.pk == pickup.pk:
            break
        stays += city.pickup_service if stop.kind == Stop.Kind.PICKUP else city.dropoff_service
    under_way = stays + timedelta(minutes=metres / city.meters_per_minute)
    return Coming(name, distance_m=metres, arrives_at=clock.after(city, under_way, since=now))
