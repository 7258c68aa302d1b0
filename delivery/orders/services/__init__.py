"""Every write to an order, by family: place, rings (was it heard), answer (the counter's side), stations (the
kitchen's side), repair (what goes wrong), close.

Each service locks the order, asks `transitions`, saves, posts money and records its fact in one transaction.
"""

from delivery.orders.services.answer import (
    accept_order,
    delay_order,
    mark_ready,
    reject_order,
    start_preparing,
)
from delivery.orders.services.close import (
    deliver_order,
    expire_order,
    fail_order,
    hand_over,
    move_accept_by,
    pick_up_order,
)
from delivery.orders.services.place import Draft, DraftLine, create_order
from delivery.orders.services.repair import cancel_order, refund_order
from delivery.orders.services.rings import ask_who_rang, note_ring
from delivery.orders.services.stations import bump, recall, see_cancelled, tick_line

__all__ = [
    "Draft",
    "DraftLine",
    "accept_order",
    "ask_who_rang",
    "bump",
    "cancel_order",
    "create_order",
    "delay_order",
    "deliver_order",
    "expire_order",
    "fail_order",
    "hand_over",
    "mark_ready",
    "move_accept_by",
    "note_ring",
    "pick_up_order",
    "recall",
    "refund_order",
    "reject_order",
    "see_cancelled",
    "start_preparing",
    "tick_line",
]
