"""The kitchen's side: accept, reject, cook, be late, be ready."""

from datetime import timedelta

from django.db import transaction

from delivery.cities.selectors import rush_at
from delivery.ground import clock, outbox
from delivery.ground.errors import IllegalTransition, Invalid
from delivery.ground.outbox import deadlines
from delivery.orders import ledger, pricing
from delivery.orders.events import CookingStarted, OrderAccepted, OrderDelayed, OrderReady, OrderRejected
from delivery.orders.models import Fulfilment, Order
from delivery.orders.promise import promise, way
from delivery.orders.services.writer import COOK_AT, advance, bill_of, lock
from delivery.orders.transitions import Action
from restaurants.selectors import prep_time as usual_prep_time

LONGEST_PREP_TIME = timedelta(hours=4)


@transaction.atomic
def accept_order(*, order_id: int, by: str, version: int | None = None, prep_time: timedelta | None = None) -> Order:
    """Take the order and promise a window. Cooking starts now (a second fact), or at `cook_at` for a preorder.

    Args:
        prep_time: the kitchen's own estimate in city time; without one, what the restaurant needs now.
    Raises:
        NotFound, VersionConflict, IllegalTransition; Invalid: `prep_time` is not within four hours.
    """
    order = lock(order_id, version)
    restaurant, city = order.restaurant, order.city
    now = clock.now()
    prep_time = _checked(prep_time or usual_prep_time(restaurant, now))
    plan = promise(
        city,
        accepted_at=now,
        prep_time=prep_time,
        way=_way(order),
        wanted_at=order.wanted_at,
    )
    event = OrderAccepted(
        restaurant_id=restaurant.pk,
        promised_from=plan.promised_from.isoformat(),
        promised_until=plan.promised_until.isoformat(),
        cook_at=plan.cook_at.isoformat(),
    )
    advance(
        order,
        Action.ACCEPT,
        event,
        by=by,
        accepted_at=now,
        prep_time=prep_time,
        cook_at=plan.cook_at,
        ready_eta=plan.ready_eta,
        promised_from=plan.promised_from,
        promised_until=plan.promised_until,
    )
    if plan.cook_at <= now:
        _start(order)
    else:
        deadlines.arm(order, COOK_AT, plan.cook_at)
    return order


@transaction.atomic
def reject_order(*, order_id: int, by: str, reason: str, version: int | None = None) -> Order:
    """Refuse the order; the customer owes nothing."""
    order = lock(order_id, version)
    event = OrderRejected(restaurant_id=order.restaurant_id, reason=reason)
    advance(order, Action.REJECT, event, by=by, close_reason=reason)
    ledger.post(order, "rejected", pricing.undone(bill_of(order)))
    return order


@transaction.atomic
def start_preparing(*, aggregate_pk: int) -> None:
    """Deadline: `cook_at` has come, the ticket is released."""
    _start(lock(aggregate_pk))


@transaction.atomic
def delay_order(*, order_id: int, by: str, extra: timedelta, version: int | None = None) -> Order:
    """The kitchen needs `extra` city time more: estimate and promise move by it, with notice.

    Raises:
        NotFound, VersionConflict; IllegalTransition: the order is not at work; Invalid: not within four hours.
    """
    order = lock(order_id, version)
    extra = _checked(extra)
    if order.status not in ("accepted", "preparing"):
        raise IllegalTransition(f"delay is not possible from {order.status}", current=order.conflict_state())
    moved = {
        name: clock.after(order.city, extra, since=getattr(order, name))
        for name in ("ready_eta", "promised_from", "promised_until")
    }
    for name, instant in moved.items():
        setattr(order, name, instant)
    event = OrderDelayed(
        restaurant_id=order.restaurant_id,
        ready_eta=moved["ready_eta"].isoformat(),
        promised_until=moved["promised_until"].isoformat(),
    )
    outbox.record(order, event, by=by, changed=moved)
    return order


@transaction.atomic
def mark_ready(*, order_id: int, by: str, version: int | None = None) -> Order:
    """The bag stands on the counter."""
    order = lock(order_id, version)
    now = clock.now()
    event = OrderReady(restaurant_id=order.restaurant_id)
    advance(order, Action.MARK_READY, event, by=by, ready_at=now, ready_eta=now)
    return order


def _way(order: Order) -> timedelta:
    """City time from a ready bag to the customer, who stands at the counter already for a collection."""
    if order.fulfilment == Fulfilment.COLLECTION:
        return timedelta()
    return way(order.city, order.restaurant.point, order.point) + rush_at(order.city, order.point)


def _start(order: Order) -> None:
    advance(order, Action.START_PREPARING, CookingStarted(restaurant_id=order.restaurant_id), by="system")


def _checked(duration: timedelta) -> timedelta:
    if not timedelta() < duration <= LONGEST_PREP_TIME:
        raise Invalid("a preparation takes more than nothing and at most four hours")
    return duration
