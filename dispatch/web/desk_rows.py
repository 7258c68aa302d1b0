"""What the control room shows of a city: orders by minutes to their promise, people, open questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground import clock
from delivery.orders.models import Fulfilment, Order
from delivery.orders.selectors import open_orders
from delivery.orders.transitions import Status
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Deliverer, Shift
from dispatch.models import LIVE_ROUTES, Decision, Offer, Route, Stop
from dispatch.services.assign import PLANNABLE
from dispatch.web.desk_words import WAITS, detail_of, question_of

SOON: Final = timedelta(minutes=10)  # city time
SILENT_AFTER: Final = timedelta(seconds=60)  # real: phones report every few seconds
STATUS_WORDS: Final = {
    Status.PLACED: _("waits for its answer"),
    Status.ACCEPTED: _("accepted"),
    Status.PREPARING: _("cooking"),
    Status.READY: _("ready"),
    Status.PICKED_UP: _("on the way"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """An order and the city time until its promise (until its answer is due, before there is one)."""

    order: Order
    due_at: datetime
    left: timedelta
    stop: Stop | None
    offered_to: str
    waits: str

    @property
    def id(self) -> str:
        return str(self.order.public_id)

    @property
    def minutes(self) -> int:
        return int(self.left.total_seconds() // 60)

    @property
    def tone(self) -> str:
        if self.left < timedelta():
            return "tomato"
        return "brass" if self.left < SOON else ""

    @property
    def deliverer(self) -> Deliverer | None:
        return self.stop.route.deliverer if self.stop is not None and self.stop.route is not None else None

    @property
    def is_unassigned(self) -> bool:
        return self.may_be_assigned and self.deliverer is None

    @property
    def may_be_assigned(self) -> bool:
        return self.order.status in PLANNABLE and self.order.fulfilment == Fulfilment.PLATFORM

    @property
    def status(self) -> str:
        return str(STATUS_WORDS[Status(self.order.status)])


@dataclass(frozen=True, slots=True)
class Person:
    """A deliverer on shift."""

    deliverer: Any
    bags: Sequence[str]
    has_offer: bool
    seen: timedelta | None

    @property
    def is_silent(self) -> bool:
        return self.seen is None or self.seen > SILENT_AFTER


@dataclass(frozen=True, slots=True)
class Asked:
    """An open alarm in words."""

    alarm: Alarm
    question: str
    detail: str


def orders_by_promise(city: City, now: datetime) -> list[Due]:
    """All open orders, the most urgent first; a fixed number of queries."""
    orders = list(open_orders(city=city))
    ids = [order.pk for order in orders]
    stops = _stops_under_way(ids)
    offered, waits = _offered(ids), _waits(ids)
    rows = [
        _due(order, now, stops.get(order.pk), offered.get(order.pk, ""), waits.get(order.pk, "")) for order in orders
    ]
    return sorted(rows, key=lambda row: row.left)


def people_on_shift(city: City, now: datetime) -> list[Person]:
    """Deliverers at work, free ones first; a fixed number of queries."""
    working = Shift.objects.filter(deliverer=OuterRef("pk"), started_at__isnull=False, ended_at__isnull=True)
    offered = Offer.objects.filter(deliverer=OuterRef("pk"), status=Offer.Status.OPEN)
    found = (
        Deliverer.objects.filter(Exists(working), city=city)
        .annotate(has_offer=Exists(offered))
        .select_related("account", "position")
    )
    bags = _bags(city)
    people = [
        Person(deliverer, bags.get(deliverer.pk, ()), deliverer.has_offer, _seen(deliverer, now)) for deliverer in found
    ]
    return sorted(people, key=lambda person: (bool(person.bags), str(person.deliverer.account)))


def open_alarms_of(city: City) -> list[Asked]:
    """Open questions, the oldest first."""
    alarms = Alarm.objects.filter(city=city, closed_at__isnull=True).select_related("assigned_to", "owner")
    return [Asked(alarm, question_of(alarm), detail_of(alarm)) for alarm in alarms.order_by("opened_at", "pk")]


def _due(order: Order, now: datetime, stop: Stop | None, offered_to: str, waits: str) -> Due:
    due_at = order.promised_until or order.accept_by
    return Due(order, due_at, clock.between(order.city, now, due_at), stop, offered_to, waits)


def _stops_under_way(order_ids: Sequence[int]) -> Mapping[int, Stop]:
    """The dropoff of each order that somebody carries out now."""
    held = Stop.objects.filter(order__in=order_ids, kind=Stop.Kind.DROPOFF, route__status=Route.Status.ASSIGNED)
    return {stop.order_id: stop for stop in held.select_related("route__deliverer__account")}


def _offered(order_ids: Sequence[int]) -> Mapping[int, str]:
    """Order -> to whom its route is offered."""
    stops = Stop.objects.filter(order__in=order_ids, route__offers__status=Offer.Status.OPEN)
    return dict(stops.values_list("order_id", "route__offers__deliverer__account__name"))


def _waits(order_ids: Sequence[int]) -> Mapping[int, str]:
    """Order -> why the newest decision left it waiting."""
    newest = Decision.objects.filter(order__in=order_ids).order_by("order", "-made_at", "-id").distinct("order")
    reasons = dict(newest.values_list("order_id", "waits_because"))
    return {order_id: str(WAITS.get(reason, reason)) for order_id, reason in reasons.items() if reason}


def _bags(city: City) -> Mapping[int, list[str]]:
    """Deliverer -> numbers of the orders on the live route."""
    stops = Stop.objects.filter(
        city=city, kind=Stop.Kind.DROPOFF, route__status__in=LIVE_ROUTES, route__deliverer__isnull=False
    )
    bags: dict[int, list[str]] = {}
    for deliverer_id, number in stops.exclude(status__in=["done", "failed", "cancelled"]).values_list(
        "route__deliverer_id", "order__number"
    ):
        bags.setdefault(deliverer_id, []).append(number)
    return bags


def _seen(deliverer: Deliverer, now: datetime) -> timedelta | None:
    position = getattr(deliverer, "position", None)
    return now - position.measured_at if position is not None else None
