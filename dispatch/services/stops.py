"""Stops: opened for accepted orders, visited by their deliverer.

`complete_stop` is the one writer of picked_up and delivered for deliveries of the platform.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from delivery.ground import clock, outbox
from delivery.ground.errors import IllegalTransition, NotFound
from delivery.ground.geo import Point
from delivery.orders.models import Order
from delivery.orders.services import deliver_order, fail_order, pick_up_order
from dispatch.errors import StopOutOfOrder
from dispatch.events import StopArrived, StopCompleted, StopFailed
from dispatch.fleet.services import note_place
from dispatch.models import Exclusion, Route, Stop
from dispatch.services.handover import Handover, prove_handover, wait_at_door
from dispatch.services.routes import close_if_finished, release_orders
from dispatch.transitions import OPEN_STOPS, StopAction, next_stop_status


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
def arrive_stop(
    *, stop_id: UUID, deliverer_id: int, by: str, version: int | None = None, happened_at: datetime | None = None
) -> Stop:
    """The deliverer stands at the door. `version` is the route's.

    `happened_at`: when it happened, if a phone without a link tells it later; see `_instant`.
    Raises NotFound, Conflict.
    """
    route, stop = _lock_stop(stop_id, deliverer_id, version)
    stop.status = next_stop_status(stop.status, StopAction.ARRIVE)
    stop.arrived_at = _instant(route, stop, happened_at)
    stop.save(update_fields=["status", "arrived_at"])
    event = StopArrived(deliverer_id=deliverer_id, stop_id=stop.pk, order_id=stop.order_id)
    outbox.record(route, event, by=by)
    note_place(deliverer_id=deliverer_id, point=Point(stop.lat, stop.lon), at=stop.arrived_at)
    return stop


@transaction.atomic
def complete_stop(
    *,
    stop_id: UUID,
    deliverer_id: int,
    by: str,
    version: int | None = None,
    happened_at: datetime | None = None,
    handover: Handover | None = None,
) -> Stop:
    """The bag changed hands: the order is picked up, or delivered. `version` is the route's.

    Args:
        happened_at: as in `arrive_stop`. handover: what proves it, at a door; its city decides what is needed.
    Raises:
        NotFound: not a stop of this deliverer. StopOutOfOrder: its pickup is not done.
        Conflict: the route moved on, the stop is closed, or the order cannot take this step.
        Whatever `prove_handover` raises.
    """
    route, stop = _lock_stop(stop_id, deliverer_id, version)
    _require_picked_up(stop)
    at = _instant(route, stop, happened_at)
    stop.status = next_stop_status(stop.status, StopAction.COMPLETE)
    stop.arrived_at = stop.arrived_at or at
    stop.done_at = at
    if stop.kind == Stop.Kind.DROPOFF:
        stop.proof = prove_handover(stop, handover or Handover(), at=at)
    stop.save(update_fields=["status", "arrived_at", "done_at", "proof"])
    event = StopCompleted(
        deliverer_id=deliverer_id,
        stop_id=stop.pk,
        order_id=stop.order_id,
        stop_kind=str(stop.kind),
        proof=str(stop.proof),
    )
    outbox.record(route, event, by=by)
    close_if_finished(route, by=by)
    note_place(deliverer_id=deliverer_id, point=Point(stop.lat, stop.lon), at=at)
    if stop.kind == Stop.Kind.PICKUP:
        pick_up_order(order_id=stop.order_id, by=by, at=at)
    else:
        deliver_order(order_id=stop.order_id, by=by, at=at)
    return stop


@transaction.atomic
def wait_for_customer(
    *, stop_id: UUID, deliverer_id: int, by: str, version: int | None = None, happened_at: datetime | None = None
) -> Stop:
    """Nobody answers at the door: the city's time to wait begins, once. Raises NotFound, StopOutOfOrder, Conflict."""
    route, stop = _lock_stop(stop_id, deliverer_id, version)
    _require_picked_up(stop)
    if stop.kind != Stop.Kind.DROPOFF or stop.status not in OPEN_STOPS:
        raise IllegalTransition("nobody waits here", current={"status": stop.status})
    wait_at_door(route, stop, at=_instant(route, stop, happened_at), by=by)
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
    stop = mine.filter(route=route).select_related("order", "city").first()
    if stop is None:  # it left the route while we waited for the lock
        raise NotFound()
    return route, stop


def _instant(route: Route, stop: Stop, happened_at: datetime | None) -> datetime:
    """When it happened, as far as a phone is believed: not in the future, not before what came before it."""
    now = clock.now()
    if happened_at is None:
        return now
    before = (route.assigned_at, stop.order.accepted_at, stop.order.picked_up_at, stop.arrived_at)
    return min(now, max([happened_at, *(at for at in before if at is not None)]))


def _require_picked_up(stop: Stop) -> None:
    if stop.kind != Stop.Kind.DROPOFF:
        return
    pickup = Stop.objects.get(order=stop.order_id, kind=Stop.Kind.PICKUP)
    if pickup.status != Stop.Status.DONE:
        raise StopOutOfOrder(current={"id": str(stop.public_id), "status": stop.status})
