"""What the deliverer's phone shows: an offer, the steps of a route, or the day. Reads only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.accounts.models import AccessDetails
from delivery.cities.ways import path, way
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.orders.models import Order
from delivery.payments.models import Tender
from dispatch.contact import contact
from dispatch.fleet.models import Deliverer, Position, Shift
from dispatch.models import DoorRule, Offer, Route, Stop
from dispatch.selectors import door_rule_of
from dispatch.services.handover import PIN_TRIES
from dispatch.transitions import OPEN_STOPS
from dispatch.web.phone_sketch import Sketch, sketch_of

BAG_TONES: Final = ("basil", "enamel", "plum", "sea")  # as on the bags' labels, again from the start after four
HOUSE_NUMBER: Final = re.compile(r"^\d+\s?[a-zA-Z]?\b,?\s+|\s+\d+\s?[a-zA-Z]?(?=,|$)")
AT_COUNTER: Final = (
    ("not_ready", _("The food is not ready and I cannot wait")),
    ("closed", _("The restaurant is closed")),
    ("no_bag", _("The bag is not there")),
)
AT_DOOR: Final = (
    ("wrong_address", _("The address is wrong")),
    ("refused", _("The customer does not want it")),
    ("damaged", _("The food is damaged")),
)
NOBODY: Final = ("nobody", _("Nobody opens or answers"))
MESSAGES: Final = (
    ("at_door", _("I am at your door.")),
    ("lost", _("I cannot find the entrance. Please call me or come down.")),
    ("soon", _("I am there in five minutes.")),
)


@dataclass(frozen=True, slots=True)
class Leg:
    """A visit as one line. `further_m`: from the visit before it, along the streets as well as we know.

    `area`: where a door is, without the house.
    """

    stop: Stop
    bag: int
    tone: str
    further_m: float
    cash: int
    area: str

    @property
    def is_door(self) -> bool:
        return self.stop.kind == Stop.Kind.DROPOFF

    @property
    def first_name(self) -> str:
        """Whom to ask for: a courier needs no surname."""
        return self.stop.order.customer_name.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Step:
    """A visit as a whole screen. `cash`: minor units to collect. `waits_until`: of a door that stays shut."""

    leg: Leg
    later: Sequence[Sequence[Leg]]
    reasons: Sequence[tuple[str, Promise]]
    number: str
    door: Sequence[tuple[str, str]] = ()
    waits_until: datetime | None = None
    has_waited: bool = False
    is_pin_locked: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """Today, by the clocks of the city. `pay`: what the routes that are done have earned."""

    pay: int
    deliveries: int
    worked: timedelta


def legs_of(route: Route, *, start: Point | None = None) -> list[Leg]:
    """All visits of a route, with bags numbered in the order of their pickups."""
    stops = list(route.stops.all())
    order_ids = list(dict.fromkeys(stop.order_id for stop in stops))
    bags = {order_id: number for number, order_id in enumerate(order_ids, 1)}
    cash = _cash_of(order_ids)
    points = [start or _point(stops[0]), *map(_point, stops)] if stops else []
    ways = [way(route.city, a, b).metres for a, b in pairwise(points)]
    return [
        Leg(
            stop=stop,
            bag=bags[stop.order_id],
            tone=BAG_TONES[(bags[stop.order_id] - 1) % len(BAG_TONES)],
            further_m=further_m,
            cash=cash.get(stop.order_id, 0) if stop.kind == Stop.Kind.DROPOFF else 0,
            area=area_of(stop.order),
        )
        for stop, further_m in zip(stops, ways, strict=True)
    ]


def by_counter(legs: Sequence[Leg]) -> list[list[Leg]]:
    """Legs as people make them: pickups at one counter that follow each other are one visit."""
    visits = groupby(legs, key=lambda leg: leg.stop.pk if leg.is_door else (leg.stop.order.restaurant_id, "counter"))
    return [list(visit) for _, visit in visits]


def steps_of(route: Route, rule: DoorRule) -> list[Step]:
    """The visits that are still to make, the present one first."""
    legs = [leg for leg in legs_of(route) if leg.stop.status in OPEN_STOPS]
    now = clock.now()
    return [_step(route, leg, by_counter(legs[number:]), rule, now) for number, leg in enumerate(legs, 1)]


def _step(route: Route, leg: Leg, later: Sequence[Sequence[Leg]], rule: DoorRule, now: datetime) -> Step:
    stop = leg.stop
    if stop.kind == Stop.Kind.PICKUP:
        return Step(leg, later, reasons=AT_COUNTER, number=stop.order.restaurant.phone)
    until = clock.after(route.city, rule.wait_for, since=stop.waiting_since) if stop.waiting_since else None
    return Step(
        leg=leg,
        later=later,
        door=_door(stop.order),
        number=contact().number_for(stop.order, rule),
        waits_until=until,
        has_waited=until is not None and until <= now,
        is_pin_locked=stop.pin_tries.count() >= PIN_TRIES,
        reasons=AT_DOOR,
    )


def terms_of(offer: Offer) -> dict[str, object]:
    """What a free decision needs beyond the row of the offer: legs, minutes, the way to the counter, a drawing."""
    position = Position.objects.filter(deliverer=offer.deliverer_id).first()
    start = Point(position.lat, position.lon) if position else None
    legs = legs_of(offer.route, start=start)
    return {
        "visits": by_counter(legs),
        "bags": len({leg.stop.order_id for leg in legs}),
        "approach_m": legs[0].further_m if start else None,
        "takes": _takes(offer, legs),
        "sketch": _sketch(legs, start),
    }


def area_of(order: Order) -> str:
    """Where a door is, without the house: "rue du Nord"."""
    return HOUSE_NUMBER.sub("", order.address_line).strip() or order.address_line


def day_of(me: Deliverer) -> Day:
    """What today has brought so far."""
    now = clock.now()
    shown = clock.shown(me.city, now)
    midnight = clock.real(me.city, shown.replace(hour=0, minute=0, second=0, microsecond=0))
    routes = Route.objects.filter(deliverer=me, status=Route.Status.DONE, closed_at__gte=midnight)
    doors = Stop.objects.filter(route__deliverer=me, kind=Stop.Kind.DROPOFF, status="done", done_at__gte=midnight)
    shifts = Shift.objects.filter(deliverer=me, started_at__isnull=False).exclude(ended_at__lt=midnight)
    spans = [(max(shift.started_at, midnight), shift.ended_at or now) for shift in shifts if shift.started_at]
    worked = sum((clock.between(me.city, begin, end) for begin, end in spans), timedelta())
    return Day(routes.aggregate(pay=Sum("pay"))["pay"] or 0, doors.count(), worked)


def planned_shifts(me: Deliverer) -> list[Shift]:
    """The next shifts that have not begun."""
    return list(me.shifts.filter(started_at__isnull=True, ends_at__gt=clock.now()).order_by("starts_at")[:3])


def rule_of(me: Deliverer) -> DoorRule:
    return door_rule_of(me.city_id)


def _takes(offer: Offer, legs: Sequence[Leg]) -> timedelta:
    """From now to the last door in city time: the ways, the waits for food, the visits."""
    city = offer.city
    now = offer.made_at
    passed = timedelta()
    counter = None
    for leg in legs:
        passed += timedelta(minutes=leg.further_m / city.meters_per_minute)
        if leg.stop.kind == Stop.Kind.PICKUP:
            ready = leg.stop.order.ready_eta
            passed = max(passed, clock.between(city, now, ready)) if ready else passed
            passed += timedelta() if counter == leg.stop.order.restaurant_id else city.pickup_service
            counter = leg.stop.order.restaurant_id
        else:
            passed, counter = passed + city.dropoff_service, None
    return passed


def _sketch(legs: Sequence[Leg], start: Point | None) -> Sketch:
    places = [(start, "self", "")] if start else []
    for leg in legs:
        tone, text = (leg.tone, str(leg.bag)) if leg.is_door else ("brass", "")
        places.append((_point(leg.stop), tone, text))
    points = [point for point, _, _ in places]
    along = (path(a, b)[1:] for a, b in pairwise(points))
    return sketch_of(places, [*points[:1], *(point for way in along for point in way)])


def _cash_of(order_ids: Sequence[int]) -> dict[int, int]:
    """Minor units that the customer pays at the door, by order id."""
    due = Tender.objects.filter(order__in=order_ids, kind=Tender.Kind.CASH, state=Tender.State.AUTHORIZED)
    return {row["order"]: row["due"] for row in due.values("order").annotate(due=Sum("amount"))}


def _door(order: Order) -> list[tuple[str, str]]:
    """How to reach the customer: label and value of each access detail that was given."""
    labels = {field.name: str(field.verbose_name).capitalize() for field in AccessDetails._meta.local_fields}
    return [(labels[name], value) for name in AccessDetails.ACCESS_FIELDS if (value := getattr(order, name))]


def _point(stop: Stop) -> Point:
    return Point(stop.lat, stop.lon)
