"""What facts about orders cause on paper."""

from collections.abc import Sequence

from delivery.ground.events import Recorded
from delivery.ground.outbox import hints
from delivery.orders.events import CookingStarted, OrderCancelled
from printing.services.tickets import cancel_tickets, queue_tickets

DRAIN_PRINTER = "printing.drain_printer"


def print_tickets(events: Sequence[Recorded[CookingStarted]]) -> None:
    """Cooking has started: each station gets its ticket."""
    _wake(queue_tickets(order_ids=[recorded.aggregate_id for recorded in events]))


def take_tickets_back(events: Sequence[Recorded[OrderCancelled]]) -> None:
    """An order is cancelled: nobody cooks it from a ticket."""
    _wake(cancel_tickets(order_ids=[recorded.aggregate_id for recorded in events]))


def _wake(printer_ids: set[int]) -> None:
    """Save the worker the wait until its next look."""
    for printer_id in printer_ids:
        hints.run_soon(DRAIN_PRINTER, printer_id)
