"""How an order ends, or nears its end. `pick_up_order` and `deliver_order` are called by dispatch's stops;
a collection is handed over at the counter."""

from datetime import datetime

from django.db import transaction

from delivery.ground import clock, outbox
from delivery.ground.errors import NotAllowed
from delivery.ground.outbox import deadlines
from delivery.orders import ledger, pricing
from delivery.orders.events import AnswerTimeMoved, OrderDelivered, OrderExpired, OrderFailed, OrderPickedUp
from delivery.orders.models import Bearer, Fulfilment, Order
from delivery.orders.services.writer import ACCEPT_BY, advance, bill_of, lock
from delivery.orders.transitions import Action


@transaction.atomic
def expire_order(*, aggregate_pk: int) -> None:
    """Deadline: nobody answered in time; the customer owes nothing."""
    order = lock(aggregate_pk)
    event = OrderExpired(restaurant_id=order.restaurant_id)
    advance(order, Action.EXPIRE, event, by="system", close_reason="not_answered")
    ledger.post(order, "expired", pricing.undone(bill_of(order)))


@transaction.atomic
def move_accept_by(*, aggregate_pk: int) -> None:
    """Deadline: an outage of ours has moved the time to answer; now the row and the screens tell so."""
    order = lock(aggregate_pk)
    moved_to = deadlines.due_at(order, ACCEPT_BY)
    if moved_to is None or moved_to == order.accept_by:
        return
    order.accept_by = moved_to
    event = AnswerTimeMoved(restaurant_id=order.restaurant_id, accept_by=moved_to.isoformat())
    outbox.record(order, event, changed=["accept_by"])


@transaction.atomic
def pick_up_order(*, order_id: int, by: str, version: int | None = None, at: datetime | None = None) -> Order:
    """The bag has left the restaurant; `at`: when, if a phone without a link tells it later."""
    order = lock(order_id, version)
    event = OrderPickedUp(restaurant_id=order.restaurant_id)
    advance(order, Action.PICK_UP, event, by=by, picked_up_at=at or clock.now())
    return order


@transaction.atomic
def deliver_order(*, order_id: int, by: str, version: int | None = None, at: datetime | None = None) -> Order:
    """The bag is with the customer; `at`: when, if a phone without a link tells it later."""
    order = lock(order_id, version)
    event = OrderDelivered(restaurant_id=order.restaurant_id)
    advance(order, Action.DELIVER, event, by=by, delivered_at=at or clock.now())
    return order


@transaction.atomic
def hand_over(*, order_id: int, by: str, version: int | None = None) -> Order:
    """The customer took the bag at the counter: it leaves and arrives at once, as two facts.

    Raises:
        NotFound, VersionConflict, IllegalTransition; NotAllowed: a deliverer carries this order.
    """
    order = lock(order_id, version)
    if order.fulfilment != Fulfilment.COLLECTION:
        raise NotAllowed("a deliverer takes this order")
    pick_up_order(order_id=order.pk, by=by)
    return deliver_order(order_id=order.pk, by=by)


@transaction.atomic
def fail_order(*, order_id: int, by: str, reason: str, version: int | None = None) -> Order:
    """The bag left and did not arrive: the customer gets all back, restaurant and deliverer keep their part."""
    order = lock(order_id, version)
    event = OrderFailed(restaurant_id=order.restaurant_id, reason=reason, borne_by=Bearer.PLATFORM.value)
    advance(order, Action.FAIL, event, by=by, close_reason=reason)
    amounts = pricing.refunded_by_platform(bill_of(order), tip_is_kept=True)
    ledger.post(order, "failed", amounts, borne_by=Bearer.PLATFORM)
    return order
