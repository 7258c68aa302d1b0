"""The kitchen's side: what a station has cooked, when it is through, and that it knows of a cancellation.

One writer: the order is locked first, so two screens of a station that press at once come one after the other.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from delivery.ground import clock, outbox
from delivery.ground.errors import IllegalTransition, NotFound, VersionConflict
from delivery.orders.events import CancellationSeen, LinesTicked, StationFact, StationFinished, StationRecalled
from delivery.orders.models import Order, StationWork
from delivery.orders.services.writer import lock
from delivery.orders.transitions import Status


@transaction.atomic
def tick_line(
    *, order_id: int, station: str, position: int, is_done: bool, by: str, version: int | None = None
) -> StationWork:
    """A line is cooked, or is not after all.

    Args:
        version: of the station's work as the screen showed it, 0 when there was none.
    Raises:
        NotFound: no such order or line. VersionConflict. IllegalTransition: the order is not being cooked.
    """
    order = _cooking(order_id)
    if not order.lines.filter(position=position).exists():
        raise NotFound()
    work = _work(order, station, version)
    done = sorted({*work.done, position} if is_done else {*work.done} - {position})
    _write(work, LinesTicked(order_id=order.pk, station=station, done=done), by, done=done)
    return work


@transaction.atomic
def bump(*, order_id: int, station: str, positions: Iterable[int], by: str, version: int | None = None) -> StationWork:
    """The station is through with its share: all its lines (`positions`) are cooked. Raises as `tick_line`."""
    order = _cooking(order_id)
    work = _work(order, station, version)
    fact = StationFinished(order_id=order.pk, station=station)
    _write(work, fact, by, done=sorted({*work.done, *positions}), bumped_at=clock.now())
    return work


@transaction.atomic
def recall(*, order_id: int, station: str, by: str, version: int | None = None) -> StationWork:
    """Bumped by mistake: the ticket comes back to the place of its age. Raises as `tick_line`."""
    order = _cooking(order_id)
    work = _work(order, station, version)
    _write(work, StationRecalled(order_id=order.pk, station=station), by, bumped_at=None)
    return work


@transaction.atomic
def see_cancelled(*, order_id: int, station: str, by: str) -> StationWork:
    """The cooks have read that the order was called off; said again, it changes nothing.

    Raises:
        NotFound; IllegalTransition: it was not cancelled.
    """
    order = lock(order_id)
    if order.status != Status.CANCELLED:
        raise IllegalTransition(f"the order is {order.status}", current=order.conflict_state())
    work = _work(order, station, None)
    if work.seen_cancelled_at is None:
        fact = CancellationSeen(order_id=order.pk, station=station)
        _write(work, fact, by, seen_cancelled_at=clock.now())
    return work


def _cooking(order_id: int) -> Order:
    order = lock(order_id)
    if order.status not in (Status.ACCEPTED, Status.PREPARING):
        raise IllegalTransition(f"nobody cooks an order that is {order.status}", current=order.conflict_state())
    return order


def _work(order: Order, station: str, version: int | None) -> StationWork:
    """The station's row, or a new one that is not saved yet; the order is locked."""
    rows = StationWork.objects.select_for_update(of=("self",)).filter(order=order, station=station)
    work: StationWork = rows.first() or StationWork(city_id=order.city_id, order=order, station=station)
    if version is not None and work.version != version:
        raise VersionConflict(current=order.conflict_state())
    return work.mark_locked()


def _write(work: StationWork, fact: StationFact, by: str, **changes: list[int] | datetime | None) -> None:
    for name, value in changes.items():
        setattr(work, name, value)
    if work.pk is None:
        outbox.insert(work, fact, by=by)
    else:
        outbox.record(work, fact, by=by, changed=changes)
