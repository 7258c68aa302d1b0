"""Which facts make a dispatcher look, and which let the question go. Database only."""

from collections.abc import Iterable, Sequence
from typing import Any

from delivery.ground.events import Recorded
from delivery.ground.registry import Trouble
from delivery.orders.events import OrderUnheard
from delivery.orders.models import Order
from dispatch.desk.services import ORDER_WITHOUT_DELIVERER, Question, open_alarms, settle_alarms
from dispatch.events import RouteAssigned, RouteChanged, StopFailed
from printing.events import TicketOverdue, TicketPrinted, TicketsUnrouted, TicketWithdrawn

TICKET_OVERDUE = "ticket_overdue"
TICKETS_UNROUTED = "tickets_unrouted"
STOP_FAILED = "stop_failed"
ORDER_UNHEARD = "order_unheard"


def ask_about_overdue_tickets(events: Sequence[Recorded[TicketOverdue]]) -> None:
    """A ticket is not on paper in time, and no tablet has dealt with it."""
    orders = _orders(recorded.event.order_id for recorded in events if recorded.event.order_id)
    open_alarms(
        Question(
            city_id=recorded.city_id,
            kind=TICKET_OVERDUE,
            subject=f"ticket:{recorded.event.ticket_id}",
            detail={
                "state": recorded.event.state,
                "printer": str(recorded.aggregate_public_id),
                **_named(orders.get(recorded.event.order_id or 0)),
            },
        )
        for recorded in events
        if recorded.city_id is not None
    )


def ask_about_unrouted_tickets(events: Sequence[Recorded[TicketsUnrouted]]) -> None:
    """A kitchen cooks without paper, because it has no printer."""
    open_alarms(
        Question(
            city_id=recorded.city_id,
            kind=TICKETS_UNROUTED,
            subject=f"restaurant:{recorded.aggregate_public_id}",
            detail={"orders": len(recorded.event.order_ids)},
        )
        for recorded in events
        if recorded.city_id is not None
    )


def settle_printed_tickets(events: Sequence[Recorded[TicketPrinted | TicketWithdrawn]]) -> None:
    """The ticket is on paper, itself or its copy, or nobody needs it any more."""
    settle_alarms(
        kind=TICKET_OVERDUE,
        subjects=[f"ticket:{recorded.event.ticket_id}" for recorded in events],
        reason="printed",
    )


def ask_about_unheard_orders(events: Sequence[Recorded[OrderUnheard]]) -> None:
    """An order waits for its answer and no device at the counter has rung."""
    orders = _orders(recorded.aggregate_id for recorded in events)
    open_alarms(
        Question(
            city_id=order.city_id,
            kind=ORDER_UNHEARD,
            subject=f"order:{order.public_id}",
            detail=_named(order),
        )
        for order in orders.values()
    )


def settle_answered_orders(events: Sequence[Recorded[Any]]) -> None:
    """Somebody has heard it, or nobody has to any more."""
    subjects = [f"order:{recorded.aggregate_public_id}" for recorded in events]
    settle_alarms(kind=ORDER_UNHEARD, subjects=subjects, reason="answered")


def ask_about_failed_stops(events: Sequence[Recorded[StopFailed]]) -> None:
    """A bag was not there, or nobody opened: a person decides what becomes of it."""
    orders = _orders(recorded.event.order_id for recorded in events)
    open_alarms(
        Question(
            city_id=order.city_id,
            kind=STOP_FAILED,
            subject=f"order:{order.public_id}",
            detail={"number": order.number, "kind": recorded.event.stop_kind, "reason": recorded.event.reason},
        )
        for recorded in events
        if (order := orders.get(recorded.event.order_id)) is not None
    )


def settle_found_deliverers(events: Sequence[Recorded[RouteAssigned | RouteChanged]]) -> None:
    """Somebody carries the order after all."""
    orders = _orders(order_id for recorded in events for order_id in _joined(recorded.event))
    subjects = [f"order:{order.public_id}" for order in orders.values()]
    settle_alarms(kind=ORDER_WITHOUT_DELIVERER, subjects=subjects, reason="assigned")


def settle_closed_orders(events: Sequence[Recorded[Any]]) -> None:
    """Nobody has to look for a deliverer any more."""
    subjects = [f"order:{recorded.aggregate_public_id}" for recorded in events]
    settle_alarms(kind=ORDER_WITHOUT_DELIVERER, subjects=subjects, reason="order_closed")


def ask_about_trouble(trouble: Trouble) -> None:
    """A fact or a deadline of a city that no retry will carry: a person has to. Called by relay and deadlines."""
    if trouble.city_id is None:
        return  # a duty of no city: the log alone has it
    open_alarms(
        [
            Question(
                city_id=trouble.city_id,
                kind="parked" if trouble.gave_up else "delayed",
                subject=f"{trouble.aggregate_kind}:{trouble.aggregate_id}:{trouble.what}"[:80],
                detail={"what": trouble.what, "error": trouble.error},
            )
        ]
    )


def _joined(event: RouteAssigned | RouteChanged) -> list[int]:
    return event.order_ids if isinstance(event, RouteAssigned) else event.joined_order_ids


def _named(order: Order | None) -> dict[str, str]:
    """How people at the desk speak of an order; nothing for a print request without one."""
    return {"number": order.number, "restaurant": order.restaurant.name} if order else {}


def _orders(order_ids: Iterable[int]) -> dict[int, Order]:
    return {order.pk: order for order in Order.objects.filter(pk__in=set(order_ids)).select_related("restaurant")}
