"""What facts about orders cause on paper."""

from collections.abc import Sequence

from delivery.ground.events import Recorded
from delivery.orders.events import CookingStarted, OrderCancelled
from printing.services import cancel_tickets, queue_tickets


def print_tickets(events: Sequence[Recorded[CookingStarted]]) -> None:
    """Cooking has started: each station gets its ticket."""
    queue_tickets(order_ids=[recorded.aggregate_id for recorded in events])


def take_tickets_back(events: Sequence[Recorded[OrderCancelled]]) -> None:
    """An order is cancelled: nobody cooks it from a ticket."""
    cancel_tickets(order_ids=[recorded.aggregate_id for recorded in events])
