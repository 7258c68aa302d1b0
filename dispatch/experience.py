"""What a city has taught lately: how often its offers are accepted, by zone and hour, and how long its rides take.

Never by person: a refusal is free. Read now and then by the planner; a city that is new to it is believed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Final

from delivery.cities.models import City, Zone
from delivery.ground import clock
from delivery.ground.geo import Point, contains
from dispatch.models import Decision, Offer, Route, Stop

SINCE: Final = timedelta(days=14)
OFFERS: Final = 4000  # the newest that are counted
RIDES: Final = 300
PRIOR: Final = 20  # offers that a zone and hour needs until it says as much as the whole city
LEAST: Final = 0.2  # who believed less would propose orders half an hour before they are cooked
SHORTEST_RIDE_MIN: Final = 2.0
ANSWERED: Final = (Offer.Status.ACCEPTED, Offer.Status.DECLINED, Offer.Status.EXPIRED)


@dataclass(frozen=True, slots=True)
class Experience:
    """`accepted`: (zone, hour of the day) -> share of offers; `usually` elsewhere. `rides`: ridden / estimated."""

    zones: Sequence[Zone] = ()
    accepted: Mapping[tuple[str, int], float] = field(default_factory=dict)
    usually: float = 1.0
    rides: Sequence[float] = ()

    def zone_of(self, point: Point) -> str:
        """The primary key, as text, of the cheapest open zone around the point; "" outside of all."""
        return next((str(zone.pk) for zone in self.zones if contains(zone.ring, point)), "")

    def acceptance(self, zone: str, hour: int) -> float:
        return self.accepted.get((zone, hour), self.usually)


def learn(city: City) -> Experience:
    """Four queries."""
    zones = list(Zone.objects.filter(city=city, is_open=True).order_by("fee", "id"))
    known = Experience(zones=zones)
    offers = Offer.objects.filter(city=city, status__in=ANSWERED, made_at__gte=clock.now() - SINCE)
    rows = offers.order_by("-made_at").values_list("status", "made_at", "destination_lat", "destination_lon")
    asked: Counter[tuple[str, int]] = Counter()
    taken: Counter[tuple[str, int]] = Counter()
    for status, made_at, lat, lon in rows[:OFFERS]:
        cell = known.zone_of(Point(lat, lon)), clock.shown(city, made_at).hour
        asked[cell] += 1
        taken[cell] += status == Offer.Status.ACCEPTED
    usually = (taken.total() + PRIOR) / (asked.total() + PRIOR)
    shares = {cell: (taken[cell] + PRIOR * usually) / (count + PRIOR) for cell, count in asked.items()}
    return Experience(
        zones=zones,
        accepted={cell: max(share, LEAST) for cell, share in shares.items()},
        usually=max(usually, LEAST),
        rides=_rides(city),
    )


def _rides(city: City) -> list[float]:
    """Of the newest finished routes: minutes on the road after the first stop, against what the planner reckoned."""
    routes = Route.objects.filter(city=city, status=Route.Status.DONE, closed_at__gte=clock.now() - SINCE)
    newest = list(routes.order_by("-closed_at").values_list("pk", flat=True)[:RIDES])
    decided = Decision.objects.filter(route__in=newest, terms__has_key="ride_min")
    reckoned = dict(decided.values_list("route_id", "terms__ride_min"))
    visits: dict[int, list[Stop]] = {}
    for stop in Stop.objects.filter(route__in=reckoned).order_by("route", "position", "id"):
        visits.setdefault(stop.route_id or 0, []).append(stop)
    ratios = []
    for route_id, stops in visits.items():
        ridden, planned_min = ridden_min(city, stops), float(reckoned[route_id] or 0)
        if ridden is not None and planned_min >= SHORTEST_RIDE_MIN:
            ratios.append(ridden / planned_min)
    return ratios


def ridden_min(city: City, stops: Sequence[Stop]) -> float | None:
    """City minutes on the road between the stops of one route; None when one was not visited."""
    total = timedelta()
    for before, stop in pairwise(stops):
        if before.done_at is None or stop.arrived_at is None:
            return None
        service = city.pickup_service if before.kind == Stop.Kind.PICKUP else city.dropoff_service
        if (before.lat, before.lon) != (stop.lat, stop.lon):
            total += max(timedelta(), clock.between(city, before.done_at, stop.arrived_at) - service / 2)
    return total / timedelta(minutes=1)
