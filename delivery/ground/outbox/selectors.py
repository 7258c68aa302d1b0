"""What the log and its relay can be asked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from delivery.ground.events import Event, Recorded
from delivery.ground.outbox.models import EventRow

OPEN_AT_MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Pulse:
    """How long ago a process gave a sign of life, in seconds of PostgreSQL's clock, and what it said."""

    age_s: float
    detail: dict[str, Any]


def history(aggregate_kind: str, aggregate_ids: Iterable[int], *, since: datetime | None = None) -> list[Recorded[Any]]:
    """All facts of some aggregates in the order of the log; `since` (e.g. their creation) spares old partitions."""
    rows = EventRow.objects.filter(aggregate_kind=aggregate_kind, aggregate_id__in=list(aggregate_ids))
    if since is not None:
        rows = rows.filter(occurred_at__gte=since)
    return [as_recorded(row) for row in rows.order_by("id")]


def as_recorded(row: EventRow) -> Recorded[Any]:
    """The fact of a stored row. Raises KeyError or TypeError when the code no longer knows such a fact."""
    return Recorded(
        id=row.id,
        city_id=row.city_id,
        aggregate_kind=row.aggregate_kind,
        aggregate_id=row.aggregate_id,
        aggregate_public_id=row.aggregate_public_id,
        seq=row.seq,
        occurred_at=row.occurred_at,
        by=row.by,
        event=Event.from_payload(row.kind, row.payload),
    )


def open_events() -> dict[int, float]:
    """Slot -> age in seconds of its oldest fact that the relay has not carried; slots without one are absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT slot, extract(epoch FROM clock_timestamp() - min(occurred_at))::float FROM ground_event
            WHERE relayed_at IS NULL AND occurred_at > now() - make_interval(days => %s) GROUP BY slot
            """,
            [OPEN_AT_MOST_DAYS],
        )
        return dict(cursor.fetchall())


def oldest_open_event_s() -> float:
    """Age of the oldest fact that waits for the relay, in seconds; 0 when none does."""
    return max(open_events().values(), default=0.0)


def heartbeats() -> dict[str, Pulse]:
    """Process -> its last sign of life."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT process, extract(epoch FROM clock_timestamp() - at)::float, detail::text FROM ground_heartbeat"
        )
        return {process: Pulse(age_s, json.loads(detail)) for process, age_s, detail in cursor.fetchall()}
