"""Arming deadlines; `firing` calls what `delivery.wiring` names for the kind.

Always the aggregate's lock first, the deadline's second: arming and firing then never wait for each other in a ring.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from delivery.ground import clock
from delivery.ground.aggregate import Aggregate
from delivery.ground.outbox.errors import NotLocked
from delivery.ground.outbox.models import Deadline
from delivery.ground.registry import wired

ARM = """
INSERT INTO ground_deadline AS armed (aggregate_kind, aggregate_id, kind, due_at, people, generation, armed_at, try_at,
                                      attempts, error)
SELECT of_kind, of_id, kind, due_at, people, 1, clock_timestamp(), due_at, 0, ''
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::timestamptz[], %s::bool[])
     AS wanted(of_kind, of_id, kind, due_at, people)
ORDER BY 1, 2, 3
ON CONFLICT (aggregate_kind, aggregate_id, kind) DO UPDATE
SET generation = armed.generation + 1, due_at = excluded.due_at, people = excluded.people,
    armed_at = excluded.armed_at, try_at = excluded.try_at, attempts = 0, error = '', parked_at = NULL
"""


def arm(aggregate: Aggregate, kind: str, due_at: datetime, *, people: bool = False) -> None:
    """Call the duty `kind` for the aggregate at `due_at`; replaces an earlier deadline of the same kind.

    Args:
        people: it waits for a person, so an outage of ours shifts it (also when the wiring of `kind` says so).
    Raises:
        NotLocked: the aggregate is not locked in this transaction.
    """
    arm_many([(aggregate, kind, due_at)], people=people)


def arm_many(deadlines: Iterable[tuple[Aggregate, str, datetime]], *, people: bool = False) -> None:
    """`arm` for many (aggregate, kind, due_at) in one statement; at most one per aggregate and kind."""
    rows = []
    for aggregate, kind, due_at in deadlines:
        if not aggregate.is_locked():
            raise NotLocked(aggregate.aggregate_kind(), aggregate.pk)
        rows.append((aggregate.aggregate_kind(), aggregate.pk, kind, due_at, people or _waits_for_people(kind)))
    arm_rows(rows)


def arm_duty(kind: str, due_at: datetime) -> None:
    """Call the duty `kind`, which belongs to no aggregate, at `due_at`; replaces an earlier one."""
    arm_rows([("", 0, kind, due_at, False)])


def arm_periodic_duties() -> None:
    """Arm each wired duty that has a period and is not armed, for now."""
    now = clock.now()
    Deadline.objects.bulk_create(
        [
            Deadline(aggregate_id=0, kind=kind, due_at=now, people=False, armed_at=now, try_at=now)
            for kind, duty in wired.deadlines.items()
            if duty.every is not None
        ],
        ignore_conflicts=True,
    )


def clear(aggregate: Aggregate, *kinds: str) -> None:
    """The duties are done. Raises NotLocked."""
    if not aggregate.is_locked():
        raise NotLocked(aggregate.aggregate_kind(), aggregate.pk)
    mine = Deadline.objects.filter(aggregate_kind=aggregate.aggregate_kind(), aggregate_id=aggregate.pk)
    mine.filter(kind__in=kinds).delete()


def due_at(aggregate: Aggregate, kind: str) -> datetime | None:
    """When the duty will be called, after all shifts; None: it is not armed."""
    mine = Deadline.objects.filter(aggregate_kind=aggregate.aggregate_kind(), aggregate_id=aggregate.pk, kind=kind)
    found: datetime | None = mine.values_list("due_at", flat=True).first()
    return found


def _waits_for_people(kind: str) -> bool:
    duty = wired.deadlines.get(kind)
    return duty is not None and duty.people


def arm_rows(rows: Sequence[tuple[str, int, str, datetime, bool]]) -> None:
    """(aggregate kind, aggregate id, kind, due_at, people): for what calls no aggregate by its class."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(ARM, [list(column) for column in zip(*rows, strict=True)])
