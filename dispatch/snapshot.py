"""The rows of one city, read in a fixed number of queries; `dispatch.problems` makes them the engine's problem."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Max, Q, Sum

from delivery.cities.models import City
from delivery.ground import clock
from delivery.orders.models import Order
from delivery.orders.transitions import Status
from dispatch.cargo import Cargo, cargo_of
from dispatch.fleet.models import Shift
from dispatch.models import LIVE_ROUTES, Exclusion, Offer, Route, Stop, Weights
from dispatch.selectors import newest_weights
from dispatch.transitions import OPEN_STOPS

# An order that a deliverer may be sent for.
PLANNABLE = (Status.ACCEPTED, Status.PREPARING, Status.READY)
# Real time. Phones report every few seconds; one that is silent for so long is not asked to carry anything new.
OFFLINE_AFTER: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Worked:
    """What a deliverer has done in the shift: pay in minor units, and when the last route was done."""

    pay: int
    last_done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the planner saw of a city at one instant.

    Attributes:
        orders: waiting for a deliverer, by primary key, with their restaurants.
        shifts: under way and taking offers, with their deliverers and positions.
        locked: the stops that a deliverer (by primary key) has accepted or is being offered, in order.
        excluded: (deliverer, order) primary keys that must not meet.
        cargo: what each order, waiting or carried, asks of its deliverer, by primary key.
        worked: by deliverer; who has carried nothing in this shift is absent.
        weights: by use, see `newest_weights`.
    """

    city: City
    taken_at: datetime
    orders: Mapping[int, Order]
    shifts: Sequence[Shift]
    locked: Mapping[int, Sequence[Stop]]
    excluded: frozenset[tuple[int, int]]
    cargo: Mapping[int, Cargo]
    worked: Mapping[int, Worked]
    weights: Mapping[str, Weights]


def waiting_cities() -> list[int]:
    """Ids of the cities where an order waits for a deliverer."""
    waiting = Stop.objects.filter(status=Stop.Status.PENDING, route=None, order__status__in=PLANNABLE)
    return list(waiting.order_by().values_list("city_id", flat=True).distinct())


def take_snapshot(city_id: int) -> Snapshot:
    """Fourteen queries, whatever the city's size. Each row may move on meanwhile: the commit of a plan asks again."""
    city = City.objects.get(pk=city_id)
    waiting = Order.objects.filter(
        city=city, status__in=PLANNABLE, stops__kind=Stop.Kind.PICKUP, stops__status="pending", stops__route=None
    )
    orders = {order.pk: order for order in waiting.select_related("restaurant")}
    shifts = Shift.objects.filter(
        deliverer__city=city,
        deliverer__offers_paused_at__isnull=True,
        started_at__isnull=False,
        ended_at__isnull=True,
    )
    excluded = Exclusion.objects.filter(order__in=orders)
    taken_at, locked = clock.now(), _locked_stops(city)
    carried = {stop.order_id for stops in locked.values() for stop in stops}
    return Snapshot(
        city=city,
        taken_at=taken_at,
        orders=orders,
        shifts=list(shifts.select_related("deliverer__position").prefetch_related("deliverer__zones")),
        locked=locked,
        excluded=frozenset(excluded.values_list("deliverer_id", "order_id")),
        cargo=cargo_of(carried | set(orders)),
        worked=_worked(city),
        weights=newest_weights(city.pk),
    )


def _worked(city: City) -> Mapping[int, Worked]:
    of_shift = Q(
        deliverer__shifts__started_at__isnull=False,
        deliverer__shifts__ended_at__isnull=True,
        assigned_at__gte=F("deliverer__shifts__started_at"),
    )
    routes: Any = Route.objects.filter(of_shift, city=city).order_by().values_list("deliverer_id")
    rows = routes.annotate(pay=Sum("pay"), done_at=Max("closed_at"))
    return {deliverer_id: Worked(pay, done_at) for deliverer_id, pay, done_at in rows}


def _locked_stops(city: City) -> Mapping[int, Sequence[Stop]]:
    offers = Offer.objects.filter(city=city, status=Offer.Status.OPEN)
    offered_to = dict(offers.values_list("route_id", "deliverer_id"))
    stops = Stop.objects.filter(route__city=city, route__status__in=LIVE_ROUTES, status__in=OPEN_STOPS)
    locked: dict[int, list[Stop]] = defaultdict(list)
    # Not joined: an order has two stops, a restaurant many orders, and each is read once.
    for stop in stops.prefetch_related("order__restaurant", "route").order_by("route", "position", "id"):
        if stop.route is None:
            continue
        deliverer_id = stop.route.deliverer_id or offered_to.get(stop.route.pk)
        if deliverer_id is not None:
            locked[deliverer_id].append(stop)
    return locked
