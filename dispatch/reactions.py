"""What facts of orders and shifts cause in dispatch. Set-based, no aggregate is locked."""

from collections.abc import Sequence
from typing import Any

from delivery.ground import clock
from delivery.ground.events import Recorded
from delivery.ground.outbox import deadlines
from delivery.orders.models import FINAL_STATUSES, Fulfilment, Order
from dispatch.events import RouteAssigned, RouteChanged, RouteWithdrawn
from dispatch.models import Offer, RouteNotice, Stop
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


def tell_deliverers(events: Sequence[Recorded[RouteAssigned | RouteChanged | RouteWithdrawn]]) -> None:
    """Who did not change a route learns of it on the phone; a route that was accepted is no news."""
    assigned = [recorded.aggregate_id for recorded in events if isinstance(recorded.event, RouteAssigned)]
    accepted = set(
        Offer.objects.filter(route__in=assigned, status=Offer.Status.ACCEPTED).values_list("route_id", flat=True)
    )
    now = clock.now()
    RouteNotice.objects.bulk_create(
        RouteNotice(deliverer_id=recorded.event.deliverer_id, kind=kind, order_id=order_id, made_at=now)
        for recorded in events
        if recorded.event.deliverer_id is not None
        and not (isinstance(recorded.event, RouteAssigned) and recorded.aggregate_id in accepted)
        for kind, order_id in _changes(recorded.event)
    )


def _changes(event: RouteAssigned | RouteChanged | RouteWithdrawn) -> list[tuple[RouteNotice.Kind, int]]:
    kinds = RouteNotice.Kind
    if isinstance(event, RouteAssigned):
        return [(kinds.JOINED, order_id) for order_id in event.order_ids]
    if isinstance(event, RouteWithdrawn):
        return [(kinds.LEFT, order_id) for order_id in event.order_ids]
    gone = kinds.CANCELLED if event.reason == "order_closed" else kinds.LEFT
    return [
        *((kinds.JOINED, order_id) for order_id in event.joined_order_ids),
        *((gone, order_id) for order_id in event.left_order_ids),
    ]
