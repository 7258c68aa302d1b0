"""Partitions by time: made ahead, dropped when old. What arrives before its partition waits in DEFAULT and is moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection

from delivery.ground import clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is cut: column and width of a partition, how many are made ahead, how long rows are kept."""

    table: str
    column: str
    width: timedelta
    name_format: str
    ahead: int
    kept: timedelta
    unique: str = ""
    keep_where: str = ""


EVENTS = Plan(
    table="ground_event",
    column="occurred_at",
    width=timedelta(days=1),
    name_format="%Y%m%d",
    ahead=3,
    kept=timedelta(days=400),
    unique="aggregate_kind, aggregate_id, seq",
    keep_where="relayed_at IS NULL",
)
TOPIC_ROWS = Plan(
    table="ground_topic_row",
    column="created_at",
    width=timedelta(hours=1),
    name_format="%Y%m%d%H",
    ahead=6,
    kept=timedelta(hours=48),
)
PLANS = (EVENTS, TOPIC_ROWS)


def make_partitions() -> None:
    """Make the present partitions and those ahead, unless they exist. Periodic duty."""
    for plan in PLANS:
        known = set(_partitions(plan))
        for start in _starts(plan, clock.now()):
            if _name(plan, start) not in known:
                _make(plan, start)


def make_past_partitions(*, since: datetime) -> None:
    """Partitions of the event log back to the day of `since`, for facts that come with a restore or a history."""
    known = set(_partitions(EVENTS))
    start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    while start > since - EVENTS.width:
        if _name(EVENTS, start) not in known:
            _make(EVENTS, start)
        start -= EVENTS.width


def drop_partitions() -> None:
    """Drop partitions that ended longer ago than their rows are kept, but none with an open fact. Periodic duty."""
    for plan in PLANS:
        limit = clock.now() - plan.kept - plan.width
        for name in _partitions(plan):
            start = datetime.strptime(name.removeprefix(f"{plan.table}_"), plan.name_format).replace(tzinfo=UTC)
            if start > limit:
                continue
            if _must_stay(plan, name):
                log.error("partition_with_open_facts_stays", partition=name)
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {name}")
            log.info("partition_dropped", partition=name)


def _starts(plan: Plan, now: datetime) -> Iterable[datetime]:
    first = now.replace(minute=0, second=0, microsecond=0)
    if plan.width >= timedelta(days=1):
        first = first.replace(hour=0)
    return (first + plan.width * n for n in range(plan.ahead + 1))


def _name(plan: Plan, start: datetime) -> str:
    return f"{plan.table}_{start.strftime(plan.name_format)}"


def _partitions(plan: Plan) -> list[str]:
    """Names of the partitions of a table, oldest first, without DEFAULT."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = %s::regclass AND relname <> %s ORDER BY relname
            """,
            [plan.table, f"{plan.table}_default"],
        )
        return [name for (name,) in cursor.fetchall()]


def _make(plan: Plan, start: datetime) -> None:
    """A table of the same shape, filled from DEFAULT, then attached: only DEFAULT is locked, for a moment."""
    name, default = _name(plan, start), f"{plan.table}_default"
    span = [start, start + plan.width]
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {default} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"CREATE TABLE {name} (LIKE {plan.table})")
        if plan.unique:
            cursor.execute(f"CREATE UNIQUE INDEX {name}_fact ON {name} ({plan.unique})")
        cursor.execute(
            f"""
            WITH moved AS (DELETE FROM {default} WHERE {plan.column} >= %s AND {plan.column} < %s RETURNING *)
            INSERT INTO {name} SELECT * FROM moved
            """,
            span,
        )
        cursor.execute(f"ALTER TABLE {plan.table} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)", span)


def _must_stay(plan: Plan, name: str) -> bool:
    if not plan.keep_where:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {name} WHERE {plan.keep_where})")
        return bool(cursor.fetchone()[0])
