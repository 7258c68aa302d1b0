"""The deadline loop: calls the service of each deadline that is due, exactly once, on PostgreSQL's clock.

One deadline is one transaction: lock the aggregate, delete the deadline by its generation, call the service.
Two loops may run: the second finds the deadline gone. What waits for people stands still during an outage (`outages`).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from delivery.ground import clock
from delivery.ground.aggregate import Aggregate
from delivery.ground.errors import NotFound
from delivery.ground.outbox import deadlines, heartbeats, outages
from delivery.ground.outbox.models import Deadline
from delivery.ground.outbox.trouble import is_passing, limit_waiting, tell, told
from delivery.ground.registry import Trouble, wired

log = structlog.get_logger(__name__)

TICK_S = 0.1
AT_ONCE = 200
MANY = 50
TRIES = 5
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
IN_THE_WAY = timedelta(seconds=1)

DUE = f"""
SELECT id, generation, aggregate_kind, aggregate_id, kind FROM ground_deadline
WHERE parked_at IS NULL AND try_at <= clock_timestamp() AND NOT ({outages.HELD}) ORDER BY try_at LIMIT %s
"""
TAKE = """
DELETE FROM ground_deadline WHERE id = (
    SELECT id FROM ground_deadline WHERE id = %s AND generation = %s AND try_at <= clock_timestamp()
    FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as it was found; another generation of it is another deadline."""

    id: int
    generation: int
    aggregate_kind: str
    aggregate_id: int
    kind: str


class DeadlineLoop:
    """One deadline loop; one thread calls `step` again and again."""

    def __init__(self) -> None:
        self._is_started = False

    def step(self) -> float:
        """Fire what is due; returns the seconds to wait before the next step.

        Raises OperationalError or InterfaceError when the database is away.
        """
        if not self._is_started:
            deadlines.arm_periodic_duties()
            self._is_started = True
        outages.watch(outages.DEADLINES)
        due = find_due()
        if len(due) > MANY:
            log.error("many_deadlines_due", count=len(due), kinds=sorted({deadline.kind for deadline in due}))
        alive_at = time.monotonic()
        for deadline in due:
            fire(deadline)
            if time.monotonic() - alive_at > outages.BEAT_EVERY_S:
                heartbeats.beat(outages.DEADLINES)
                alive_at = time.monotonic()
        return 0.0 if len(due) == AT_ONCE else TICK_S


def find_due() -> Sequence[Due]:
    with connection.cursor() as cursor:
        cursor.execute(DUE, [AT_ONCE])
        return [Due(*row) for row in cursor.fetchall()]


def fire(due: Due) -> None:
    """Call the service of a deadline, unless it moved on. A failure is tried again later and holds nothing up."""
    try:
        with transaction.atomic():
            limit_waiting()
            _call(due)
    except Exception as error:
        if isinstance(error, OperationalError) and not connection.is_usable():
            raise
        _postpone(due, error)


def _call(due: Due) -> None:
    duty = wired.deadlines[due.kind]
    if not due.aggregate_kind:
        if _take(due):
            duty.service()
            if duty.every is not None:
                deadlines.arm_duty(due.kind, clock.now() + duty.every)
        return
    if _lock(due) is None:
        log.warning("deadline_without_aggregate", kind=due.kind, aggregate=f"{due.aggregate_kind}:{due.aggregate_id}")
        _take(due)
    elif _take(due):
        duty.service(aggregate_pk=due.aggregate_id)


def _lock(due: Due) -> Aggregate | None:
    try:
        aggregate: Aggregate = apps.get_model(due.aggregate_kind).objects.lock(pk=due.aggregate_id)
    except NotFound:
        return None
    return aggregate


def _take(due: Due) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [due.id, due.generation])
        return bool(cursor.rowcount)


def _postpone(due: Due, error: Exception) -> None:
    with transaction.atomic():
        mine = Deadline.objects.select_for_update().filter(pk=due.id, generation=due.generation)
        deadline = mine.first()
        if deadline is None:
            return
        if is_passing(error):
            mine.update(try_at=Now() + IN_THE_WAY)
            return
        log.warning("deadline_failed", kind=due.kind, attempts=deadline.attempts + 1, exc_info=error)
        pause = PAUSES[min(deadline.attempts, len(PAUSES) - 1)]
        mine.update(attempts=deadline.attempts + 1, error=told(error), try_at=Now() + pause)
        if deadline.attempts + 1 == TRIES:
            _give_up(deadline, told(error))


def _give_up(deadline: Deadline, error: str) -> None:
    """Park it until a person acts. A periodic duty goes on being tried: nobody would do it by hand."""
    is_parked = deadline.aggregate_kind != ""
    city_id = None
    if is_parked:
        Deadline.objects.filter(pk=deadline.pk).update(parked_at=Now())
        row = apps.get_model(deadline.aggregate_kind)._base_manager.filter(pk=deadline.aggregate_id).first()
        city_id = row.stream_city_id if row else None
    tell(Trouble(city_id, deadline.aggregate_kind, deadline.aggregate_id, deadline.kind, error, gave_up=is_parked))
