"""The one writer of an order's state."""

from typing import Any

from delivery.ground import clock, outbox
from delivery.ground.errors import IllegalTransition
from delivery.ground.events import Event
from delivery.ground.outbox import deadlines
from delivery.orders.models import Order
from delivery.orders.pricing import Bill
from delivery.orders.transitions import FINAL, Action, next_status

ACCEPT_BY = "order.accept_by"
COOK_AT = "order.cook_at"
RING_BY = "order.ring_by"


def lock(order_id: int, version: int | None = None) -> Order:
    """The order, locked, at the version the caller has seen. Raises NotFound, VersionConflict."""
    order: Order = Order.objects.select_related("restaurant", "city").lock(pk=order_id, version=version)
    return order


def advance(order: Order, action: Action, event: Event, *, by: str, **changes: Any) -> None:
    """Take a locked order one step: state, instants and fact in one statement each; a final order has no duties.

    Raises:
        IllegalTransition: the table has no such step; `current` tells the present state.
    """
    before = order.status
    try:
        order.status = next_status(before, action).value
    except IllegalTransition as refusal:
        refusal.current = order.conflict_state()
        raise
    if order.status in FINAL:
        changes |= {"closed_at": clock.now()}
    for name, value in changes.items():
        setattr(order, name, value)
    outbox.record(order, event, by=by, changed=["status", *changes])
    if before == "placed":
        deadlines.clear(order, ACCEPT_BY, RING_BY)
    if before == "accepted" and order.accepted_at != order.cook_at:
        deadlines.clear(order, COOK_AT)


def bill_of(order: Order) -> Bill:
    """The money of a placed order, from its own rows."""
    return Bill(
        subtotal=order.subtotal,
        lines_vat=sum(order.lines.values_list("vat_amount", flat=True)),
        delivery_fee=order.delivery_fee,
        tip=order.tip,
        commission_bp=order.commission_bp,
        delivery_vat_bp=order.delivery_vat_bp,
    )
