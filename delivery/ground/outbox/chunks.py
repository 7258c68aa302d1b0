"""Reading open facts for the relay: which slots have some, a chunk of one slot in order, and marking it as carried."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from delivery.ground import clock
from delivery.ground.events import Event, Recorded
from delivery.ground.outbox.models import SLOTS
from delivery.ground.outbox.reactions import Fact, Failure
from delivery.ground.outbox.retries import READING
from delivery.ground.outbox.trouble import told

SIZE = 200
FLOOR_IDS = 10_000
FLOOR_S = 60.0
FLOOR_SPAN = timedelta(hours=1)

# One probe per slot: a plain DISTINCT would read the whole index, dead rows included.
SLOTS_WITH_WORK = """
SELECT slots.slot, false FROM generate_series(0, %s) AS slots (slot) CROSS JOIN LATERAL (
    SELECT FROM ground_event
    WHERE ground_event.slot = slots.slot AND relayed_at IS NULL AND id > %s AND occurred_at >= %s LIMIT 1) AS open
UNION ALL
SELECT DISTINCT slot, true FROM ground_retry WHERE parked_at IS NULL AND next_try_at <= now()
"""
ENVELOPE = ("id", "city_id", "aggregate_kind", "aggregate_id", "aggregate_public_id", "seq", "occurred_at", "by")
READ = f"""
SELECT {", ".join(ENVELOPE)}, kind, payload
FROM ground_event
WHERE slot = %s AND relayed_at IS NULL AND id > %s AND occurred_at >= %s
ORDER BY id LIMIT %s
"""
MARK = """
UPDATE ground_event SET relayed_at = now()
WHERE slot = %s AND relayed_at IS NULL AND id = ANY(%s) AND occurred_at BETWEEN %s AND %s
"""


class RowsMoved(Exception):
    """Facts went to a new partition while they were read: the chunk must be read again."""


@dataclass(frozen=True, kw_only=True)
class Unreadable(Event):
    """Stands in a chunk for a fact that this code cannot read, e.g. one of a newer version of the platform."""

    of_kind: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """Facts above this id and not older than this instant are read. `is_full`: no open fact lies outside."""

    above_id: int
    since: datetime
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """Slots with open facts, and slots with retries that are due."""

    facts: Sequence[int]
    retries: Sequence[int]


class Floor:
    """Trails the newest carried id by 10,000 ids and 60 s, so that a read skips the index entries of dead rows.

    They pile up as long as any old transaction is open. A fact that commits below the floor is found by a full scan.
    """

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._id = 0

    def carried(self, newest_id: int, *, now: float) -> None:
        """`now`: monotonic seconds."""
        if not self._marks or now - self._marks[-1][0] >= 1:
            self._marks.append((now, newest_id))

    def bounds(self, *, now: float) -> Bounds:
        while self._marks and self._marks[0][0] <= now - FLOOR_S:
            self._id = max(self._id, self._marks.popleft()[1] - FLOOR_IDS)
        return Bounds(self._id, clock.now() - FLOOR_SPAN)


def all_bounds() -> Bounds:
    """Bounds around every open fact. Found by one look at all days, so that no other read has to plan for them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(occurred_at), now()) FROM ground_event WHERE relayed_at IS NULL")
        return Bounds(0, cursor.fetchone()[0], is_full=True)


def slots_with_work(bounds: Bounds) -> Work:
    with connection.cursor() as cursor:
        cursor.execute(SLOTS_WITH_WORK, [SLOTS - 1, bounds.above_id, bounds.since])
        found = cursor.fetchall()
    return Work([slot for slot, is_retry in found if not is_retry], [slot for slot, is_retry in found if is_retry])


def read(slot: int, bounds: Bounds) -> tuple[list[Fact], list[Failure]]:
    """Up to 200 open facts of a slot in order, and those of them that cannot be read. Call under the slot's lock."""
    facts: list[Fact] = []
    failures: list[Failure] = []
    with connection.cursor() as cursor:
        cursor.execute(READ, [slot, bounds.above_id, bounds.since, SIZE])
        for *envelope, kind, payload in cursor.fetchall():
            try:
                event, error = Event.from_payload(kind, json.loads(payload)), ""
            except (KeyError, TypeError) as unknown:
                event, error = Unreadable(of_kind=kind), told(unknown)
            fact: Fact = Recorded(**dict(zip(ENVELOPE, envelope, strict=True)), event=event)
            facts.append(fact)
            if error:
                failures.append(Failure(fact, READING, error))
    return facts, failures


def mark(slot: int, facts: Sequence[Fact]) -> None:
    """The facts are carried when this transaction commits. Raises RowsMoved."""
    instants = [fact.occurred_at for fact in facts]
    with connection.cursor() as cursor:
        cursor.execute(MARK, [slot, [fact.id for fact in facts], min(instants), max(instants)])
        if cursor.rowcount != len(facts):
            raise RowsMoved()
