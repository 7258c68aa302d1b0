"""What a tracking page says about an order: its stages, its time and why that changed, who brings it, its money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from delivery.ground import clock
from delivery.ground.geo import Point, distance_m
from delivery.ground.outbox.selectors import history
from delivery.ground.templatetags.measures import money
from delivery.orders.events import OrderAccepted, OrderDelayed
from delivery.orders.models import Fulfilment, Order
from delivery.payments.models import Tender
from dispatch.fleet.models import Deliverer, Position
from dispatch.models import Route, Stop
from dispatch.transitions import OPEN_STOPS

Step = tuple[str, datetime | None, Any, Any, str]  # icon, when, what is said then, what while it is open, and more
LINK_LASTS: Final = timedelta(days=7)  # after the order has ended
FOUND_LATE: Final = timedelta(minutes=1)
SINCE: Final = timedelta(hours=1)  # before it was placed: the log goes by the database's clock
BY_VEHICLE: Final[dict[str, Promise]] = {
    Deliverer.Vehicle.BICYCLE: _("by bicycle"),
    Deliverer.Vehicle.SCOOTER: _("by scooter"),
    Deliverer.Vehicle.CAR: _("by car"),
}
ICONS: Final[dict[str, str]] = {Deliverer.Vehicle.SCOOTER: "scooter", Deliverer.Vehicle.CAR: "route"}
ENDS: Final[dict[str, Promise]] = {
    "rejected": _("The restaurant could not take your order"),
    "expired": _("The restaurant did not answer in time"),
    "cancelled": _("This order was called off"),
    "failed": _("Your order could not be handed over"),
}
REASONS: Final[dict[str, Promise]] = {
    "sold_out": _("Something you ordered has run out."),
    "item_gone": _("Something you ordered has run out."),
    "closing": _("The kitchen is closing."),
    "busy": _("The kitchen has more orders than it can cook in time."),
    "not_answered": _("Nobody at the counter answered."),
    "customer": _("You called it off."),
    "nobody": _("Nobody opened the door."),
    "wrong_address": _("The address could not be found."),
    "damaged": _("The food was damaged on the way."),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A step that the customer waits for. `at`: when it happened; an open stage has none."""

    says: str | Promise
    icon: str
    at: datetime | None
    is_done: bool
    is_now: bool
    more: str = ""


@dataclass(frozen=True, slots=True)
class Courier:
    """Who is on the way: a first name and a vehicle. `place`: where that phone was last heard of, and when."""

    name: str
    vehicle: str | Promise
    icon: str
    doors_before: int
    place: Point | None
    seen_at: datetime | None

    def metres_to(self, door: Point) -> float | None:
        return distance_m(self.place, door) if self.place else None


def stages_of(order: Order, courier: Courier | None, pin: str) -> Sequence[Stage]:
    """From placed to the door; a kitchen that forgot "ready" has cooked all the same."""
    if order.fulfilment == Fulfilment.COLLECTION:
        ends: list[Step] = [
            ("bag", order.delivered_at, _("Collected"), _("It waits for you at the counter"), _number(order)),
        ]
        return _stages(order, [*_cooked(order), *ends], courier)
    way = gettext("On the way with %(name)s") % {"name": courier.name} if courier else gettext("On the way to you")
    ends = [
        ("bag", order.picked_up_at, _("Picked up by the courier"), _("Waiting for the courier"), ""),
        ("home", order.delivered_at, _("At your door"), way, _on_the_way(courier, pin)),
    ]
    return _stages(order, [*_cooked(order), *ends], courier)


def _cooked(order: Order) -> list[Step]:
    return [
        ("receipt", order.placed_at, _("Order placed"), _("Order placed"), ""),
        ("hourglass", order.accepted_at, _("Accepted by the restaurant"), _("Waiting for the restaurant's answer"), ""),
        ("flame", order.ready_at or order.picked_up_at, _("Cooked and packed"), _cooking(order), ""),
    ]


def _number(order: Order) -> str:
    return gettext("Say the number %(number)s") % {"number": order.number}


def _stages(order: Order, steps: Sequence[Step], courier: Courier | None) -> Sequence[Stage]:
    first_open = next((position for position, step in enumerate(steps) if step[1] is None), len(steps))
    return [
        Stage(
            says=while_open if position == first_open else when_done,
            icon=(courier.icon if courier and position == first_open else icon),
            at=done_at,
            is_done=done_at is not None,
            is_now=position == first_open and not order.is_final,
            more=more if position == first_open else "",
        )
        for position, (icon, done_at, when_done, while_open, more) in enumerate(steps)
    ]


def courier_of(order: Order) -> Courier | None:
    """Only while the bag is on the way: before and after, it is nobody's business where a deliverer is."""
    if order.status != "picked_up":
        return None
    visits = Stop.objects.select_related("route__deliverer__account").filter(order=order, kind=Stop.Kind.DROPOFF)
    visit = visits.filter(route__status=Route.Status.ASSIGNED).first()
    if visit is None or visit.route is None or visit.route.deliverer is None:
        return None
    deliverer = visit.route.deliverer
    before = Stop.objects.filter(route=visit.route, position__lt=visit.position, status__in=OPEN_STOPS)
    where = Position.objects.filter(deliverer=deliverer).first()
    return Courier(
        name=(deliverer.account.name.split() or [gettext("your courier")])[0],
        vehicle=BY_VEHICLE[deliverer.vehicle],
        icon=ICONS.get(deliverer.vehicle, "bike"),
        doors_before=before.filter(kind=Stop.Kind.DROPOFF).values("order").distinct().count(),
        place=Point(where.lat, where.lon) if where else None,
        seen_at=where.measured_at if where else None,
    )


def change_of(order: Order) -> str:
    """How much later than first announced, and why; empty while the announced time stands."""
    if order.accepted_at is None or order.promised_until is None:
        return ""
    facts = [recorded.event for recorded in history(Order.aggregate_kind(), [order.pk], since=order.placed_at - SINCE)]
    first = next((fact for fact in facts if isinstance(fact, OrderAccepted)), None)
    later = order.promised_until - datetime.fromisoformat(first.promised_until) if first else timedelta()
    minutes = round(later * order.city.time_rate / timedelta(minutes=1))
    if minutes < 1 or not any(isinstance(fact, OrderDelayed) for fact in facts):
        return ""
    said = ngettext("%(count)s minute later than announced.", "%(count)s minutes later than announced.", minutes)
    return said % {"count": minutes}


def lateness_of(order: Order, now: datetime) -> str:
    """What is true when the announced time is over and nothing has come."""
    is_waiting = order.fulfilment == Fulfilment.COLLECTION and order.status == "ready"
    if order.is_final or is_waiting or order.promised_until is None or now <= order.promised_until + FOUND_LATE:
        return ""
    late = clock.between(order.city, order.promised_until, now)
    minutes = int(late / timedelta(minutes=1))
    if order.status in ("accepted", "preparing"):
        why = gettext("The kitchen is still at it.")
    elif order.status == "ready":
        why = gettext("It is cooked and waits for a courier; our dispatcher looks for one.")
    else:
        why = gettext("It is on the way.")
    said = ngettext("%(count)s minute late.", "%(count)s minutes late.", minutes) % {"count": minutes}
    return f"{said} {why}"


def end_of(order: Order) -> tuple[str, str] | None:
    """Title and reason of an order that came to nothing."""
    title = ENDS.get(order.status)
    return (str(title), str(REASONS.get(order.close_reason, ""))) if title else None


def money_of(order: Order) -> str:
    """What becomes of the money, in the words of its means of payment."""
    tender = Tender.objects.filter(order=order).order_by("-pk").first()
    total = money(order.total, order.currency)
    is_card = tender is not None and tender.kind != Tender.Kind.CASH
    if order.status in ENDS:
        if not is_card:
            return gettext("You pay nothing.")
        if order.status == "failed":
            return gettext("You get all your money back: %(total)s, to the same card.") % {"total": total}
        return gettext("You pay nothing: the %(total)s reserved on your card are released.") % {"total": total}
    is_collection = order.fulfilment == Fulfilment.COLLECTION
    if not is_card and is_collection:
        return gettext("You pay %(total)s in cash at the counter.") % {"total": total}
    if not is_card:
        return gettext("You pay %(total)s in cash at the door.") % {"total": total}
    if order.status == "delivered":
        return gettext("Paid by card: %(total)s.") % {"total": total}
    if is_collection:
        return gettext("%(total)s are reserved on your card and taken when you collect it.") % {"total": total}
    return gettext("%(total)s are reserved on your card and taken when the food is at your door.") % {"total": total}


def link_is_over(order: Order, now: datetime) -> bool:
    """A link that was passed on shows a street and a door: it does not work for ever."""
    return order.closed_at is not None and now > order.closed_at + LINK_LASTS


def _cooking(order: Order) -> str:
    if order.status == "accepted" and order.cook_at:
        shown = clock.shown(order.city, order.cook_at)
        return gettext("Cooking starts at %(time)s") % {"time": f"{shown:%H:%M}"}
    return gettext("In the kitchen")


def _on_the_way(courier: Courier | None, pin: str) -> str:
    said = []
    if courier is not None and courier.doors_before:
        count = courier.doors_before
        said.append(ngettext("%(n)s other door first", "%(n)s other doors first", count) % {"n": count})
    if pin:
        said.append(gettext("Give the code %(code)s") % {"code": " ".join(pin)})
    return " · ".join(said)
