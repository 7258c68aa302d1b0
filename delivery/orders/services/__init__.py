"""Every write to an order, by family: place, answer (the kitchen's side), repair (what goes wrong), close.

Each service locks the order, asks `transitions`, saves, posts money and records its fact in one transaction.
"""

from delivery.orders.services.answer import (
    accept_order,
    delay_order,
    mark_ready,
    reject_order,
    start_preparing,
)
from delivery.orders.services.close import deliver_order, expire_order, fail_order, pick_up_order
from delivery.orders.services.place import Draft, DraftLine, create_order
from delivery.orders.services.repair import cancel_order

__all__ = [
    "Draft",
    "DraftLine",
    "accept_order",
    "cancel_order",
    "create_order",
    "delay_order",
    "deliver_order",
    "expire_order",
    "fail_order",
    "mark_ready",
    "pick_up_order",
    "reject_order",
    "start_preparing",
]
