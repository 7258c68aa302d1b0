"""What facts of orders and shifts cause in dispatch. Set-based, no aggregate is locked."""

from collections.abc import Sequence
from typing import Any

from delivery.ground import clock
from delivery.ground.events import Recorded
from delivery.ground.outbox import deadlines
from delivery.orders.models import FINAL_STATUSES, Fulfilment, Order
from dispatch.models import Stop
from dispatch.services.stops import open_stops

PRUNE = "dispatch.prune_routes"


def open_stops_of_orders(events: Sequence[Recorded[Any]]) -> None:
    """Accepted orders that the platform carries want a pickup and a dropoff."""
    orders = Order.objects.filter(
        pk__in=[event.aggregate_id for event in events], fulfilment=Fulfilment.PLATFORM
    ).exclude(status__in=FINAL_STATUSES)
    open_stops(orders.select_related("restaurant"))


def close_stops_of_orders(events: Sequence[Recorded[Any]]) -> None:
    """Orders that ended without delivery: what nobody carries yet ends here, routes that hold them are pruned."""
    closed = [event.aggregate_id for event in events]
    waiting = Stop.objects.filter(order__in=closed, route=None, status=Stop.Status.PENDING)
    waiting.update(status=Stop.Status.CANCELLED)
    prune_soon(events)


def prune_soon(events: Sequence[Recorded[Any]]) -> None:
    """A route is changed by its own service, under its own lock: never by a reaction."""
    deadlines.arm_duty(PRUNE, clock.now())
