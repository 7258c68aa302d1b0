"""What is put right: orders that are called off before they leave, and money that goes back after they arrived."""

from django.db import transaction

from delivery.ground import outbox
from delivery.ground.errors import Invalid
from delivery.orders import ledger, pricing
from delivery.orders.errors import NotDelivered, RefundTooLarge, TooLate
from delivery.orders.events import OrderCancelled, OrderRefunded
from delivery.orders.models import Bearer, Order
from delivery.orders.services.writer import advance, bill_of, lock
from delivery.orders.transitions import Action, Status

# Nothing that goes wrong is held against a deliverer's pay.
BEARERS = (Bearer.RESTAURANT, Bearer.PLATFORM)
# Nothing was cooked yet: calling off costs nobody anything.
UNCOOKED = (Status.PLACED, Status.ACCEPTED)


@transaction.atomic
def cancel_order(
    *, order_id: int, by: str, reason: str, borne_by: Bearer, version: int | None = None, only_uncooked: bool = False
) -> Order:
    """Call the order off before it leaves; the customer gets all back.

    Args:
        borne_by: who pays for food that was cooked: PLATFORM lets the restaurant keep its part.
        only_uncooked: refuse once cooking has begun, as for customers.
    Raises:
        NotFound, VersionConflict, IllegalTransition; TooLate: cooking has begun;
        Invalid: somebody else than restaurant or platform bears it.
    """
    if borne_by not in BEARERS:
        raise Invalid("the restaurant or the platform pays for a cancelled order")
    order = lock(order_id, version)
    was = order.status
    if only_uncooked and was in (Status.PREPARING, Status.READY):
        raise TooLate(current=order.conflict_state())
    event = OrderCancelled(restaurant_id=order.restaurant_id, reason=reason, borne_by=borne_by.value, was=was)
    advance(order, Action.CANCEL, event, by=by, close_reason=reason)
    bill = bill_of(order)
    if was in UNCOOKED or borne_by == Bearer.RESTAURANT:
        amounts = pricing.undone(bill)
    else:
        amounts = pricing.refunded_by_platform(bill, tip_is_kept=False)
    ledger.post(order, "cancelled", amounts, borne_by=borne_by)
    return order


@transaction.atomic
def refund_order(
    *, order_id: int, amount: int, borne_by: Bearer, by: str, reason: str, version: int | None = None
) -> Order:
    """Give the customer of a delivered order `amount` minor units back. The provider of the payment pays it out.

    Raises:
        NotFound, VersionConflict; NotDelivered; RefundTooLarge: with what was refunded before, more than was paid;
        Invalid: no amount, or somebody else than restaurant or platform bears it.
    """
    if borne_by not in BEARERS or amount <= 0:
        raise Invalid("a refund is an amount that the restaurant or the platform bears")
    order = lock(order_id, version)
    if order.status != Status.DELIVERED:
        raise NotDelivered(current=order.conflict_state())
    if amount > order.total - ledger.refunded_so_far(order):
        raise RefundTooLarge(current=order.conflict_state())
    event = OrderRefunded(restaurant_id=order.restaurant_id, amount=amount, reason=reason, borne_by=borne_by.value)
    outbox.record(order, event, by=by)
    amounts = pricing.refunded(amount, bearer=pricing.Party(borne_by.value))
    ledger.post(order, ledger.REFUNDED, amounts, borne_by=borne_by)
    return order
