"""Stops: opened for accepted orders, visited by their deliverer.

`complete_stop` is the one writer of picked_up and delivered for deliveries of the platform.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from delivery.ground import clock, outbox
from delivery.ground.errors import NotFound
from delivery.ground.geo import Point
from delivery.orders.models import Order
from delivery.orders.services import deliver_order, fail_order, pick_up_order
from dispatch.errors import StopOutOfOrder
from dispatch.events import StopArrived, StopCompleted, StopFailed
from dispatch.fleet.services import note_place
from dispatch.models import Exclusion, Route, Stop
from dispatch.services.routes import close_if_finished, release_orders
from dispatch.transitions import StopAction, next_stop_status


def open_stops(orders: Iterable[Order]) -> None:
    """A pickup and a dropoff for each order, unless it has them. `restaurant` of each must be loaded."""
    stops = []
    for order in orders:
        shared = {"city_id": order.city_id, "order": order}
        shop = order.restaurant
        stops.append(Stop(kind=Stop.Kind.PICKUP, lat=shop.lat, lon=shop.lon, **shared))
        stops.append(Stop(kind=Stop.Kind.DROPOFF, lat=order.lat, lon=order.lon, **shared))
    Stop.objects.bulk_create(stops, ignore_conflicts=True)


@transaction.atomic
def arrive_stop(*, stop_id: UUID, deliverer_id: int, by: str, version: int | None = None) -> Stop:
    """The deliverer stands at the door. `version` is the route's. Raises NotFound, Conflict."""
    route, stop = _lock_stop(stop_id, deliverer_id, version)
    stop.status = next_stop_status(stop.status, StopAction.ARRIVE)
    stop.arrived_at = clock.now()
    stop.save(update_fields=["status", "arrived_at"])
    event = StopArrived(deliverer_id=deliverer_id, stop_id=stop.pk, order_id=stop.order_id)
    outbox.record(route, event, by=by)
    note_place(deliverer_id=deliverer_id, point=Point(stop.lat, stop.lon), at=stop.arrived_at)
    return stop


@transaction.atomic
def complete_stop(*, stop_id: UUID, deliverer_id: int, by: str, version: int | None = None) -> Stop:
    """The bag changed hands: the order is picked up, or delivered. `version` is the route's.

    Raises:
        NotFound: not a stop of this deliverer. StopOutOfOrder: its pickup is not done.
        Conflict: the route moved on, the stop is closed, or the order cannot take this step.
    """
    route, stop = _lock_stop(stop_id, deliverer_id, version)
    _require_picked_up(stop)
    now = clock.now()
    stop.status = next_stop_status(stop.status, StopAction.COMPLETE)
    stop.arrived_at = stop.arrived_at or now
    stop.done_at = now
    stop.save(update_fields=["status", "arrived_at", "done_at"])
    event = StopCompleted(deliverer_id=deliverer_id, stop_id=stop.pk, order_id=stop.order_id, stop_kind=str(stop.kind))
    outbox.record(route, event, by=by)
    close_if_finished(route, by=by)
    note_place(deliverer_id=deliverer_id, point=Point(stop.lat, stop.lon), at=now)
    if stop.kind == Stop.Kind.PICKUP:
        pick_up_order(order_id=stop.order_id, by=by)
    else:
        deliver_order(order_id=stop.order_id, by=by)
    return stop


@transaction.atomic
def fail_stop(*, stop_id: UUID, deliverer_id: int, reason: str, by: str, version: int | None = None) -> Stop:
    """The visit came to nothing. At a door the order has failed; at a counter it goes back to be planned anew.

    Raises:
        NotFound: not a stop of this deliverer. StopOutOfOrder: a door before its pickup.
        Conflict: the route moved on or the stop is closed.
    """
    route, stop = _lock_stop(stop_id, deliverer_id, version)
    _require_picked_up(stop)
    stop.status = next_stop_status(stop.status, StopAction.FAIL)
    event = StopFailed(
        deliverer_id=deliverer_id,
        stop_id=stop.pk,
        order_id=stop.order_id,
        stop_kind=str(stop.kind),
        reason=reason,
    )
    if stop.kind == Stop.Kind.DROPOFF:
        stop.failure_reason = reason
        stop.save(update_fields=["status", "failure_reason"])
        outbox.record(route, event, by=by)
        close_if_finished(route, by=by)
        fail_order(order_id=stop.order_id, reason=reason, by=by)
    else:
        outbox.record(route, event, by=by)
        release_orders(route, [stop.order_id], because=Exclusion.Because.HANDED_BACK)
        close_if_finished(route, by=by)
        stop.refresh_from_db()
    return stop


def _lock_stop(stop_id: UUID, deliverer_id: int, version: int | None) -> tuple[Route, Stop]:
    """The deliverer's stop and its locked route. Raises NotFound, also for a stop of somebody else."""
    mine = Stop.objects.filter(public_id=stop_id, route__deliverer=deliverer_id)
    route_id = mine.values_list("route_id", flat=True).first()
    if route_id is None:
        raise NotFound()
    route: Route = Route.objects.lock(pk=route_id, version=version)
    stop = mine.filter(route=route).first()
    if stop is None:  # it left the route while we waited for the lock
        raise NotFound()
    return route, stop


def _require_picked_up(stop: Stop) -> None:
    if stop.kind != Stop.Kind.DROPOFF:
        return
    pickup = Stop.objects.get(order=stop.order_id, kind=Stop.Kind.PICKUP)
    if pickup.status != Stop.Status.DONE:
        raise StopOutOfOrder(current={"id": str(stop.public_id), "status": stop.status})
