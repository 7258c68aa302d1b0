"""The only writer of facts and of versions."""

import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

import structlog
from django.db import connection

from delivery.ground.aggregate import Aggregate
from delivery.ground.errors import VersionConflict
from delivery.ground.events import Event
from delivery.ground.outbox.errors import NotLocked
from delivery.ground.outbox.models import slot_of

APPEND = """
INSERT INTO ground_event (slot, city_id, aggregate_kind, aggregate_id, aggregate_public_id, seq, kind, payload,
                          occurred_at, by, request_id)
SELECT fact.*, now(), %s, %s
FROM ROWS FROM (
    unnest(%s::smallint[], %s::bigint[], %s::text[], %s::bigint[], %s::uuid[], %s::int[], %s::text[]),
    jsonb_array_elements(%s::jsonb)
) AS fact
"""


def record(aggregate: Aggregate, event: Event, *, by: str = "system", changed: Iterable[str] = ()) -> None:
    """Save the `changed` fields of a locked aggregate, raise its version by one, and append the fact.

    Args:
        by: reference of who did it (`Actor.ref`).
        changed: names of the fields to save; nothing else is written.
    Raises:
        NotLocked: the aggregate is not locked in this transaction.
        VersionConflict: the stored version is not the one in memory.
    """
    _demand_lock(aggregate)
    seen = aggregate.version
    rows = type(aggregate)._base_manager.filter(pk=aggregate.pk, version=seen)
    if not rows.update(version=seen + 1, **{name: getattr(aggregate, name) for name in changed}):
        raise VersionConflict(current=aggregate.conflict_state())
    aggregate.version = seen + 1
    _append([(aggregate, event)], by)


def insert(aggregate: Aggregate, event: Event, *, by: str = "system") -> None:
    """Save a new aggregate with version 1 and append its first fact. Raises NotLocked outside a transaction."""
    aggregate.version = 1
    _demand_lock(aggregate.mark_locked())
    aggregate.save(force_insert=True)
    _append([(aggregate, event)], by)


def insert_many(births: Sequence[tuple[Aggregate, Event]], *, by: str = "system") -> None:
    """`insert` for many new aggregates, of one or more models: one statement per model and one for the facts."""
    models: dict[type[Aggregate], list[Aggregate]] = {}
    for aggregate, _ in births:
        aggregate.version = 1
        _demand_lock(aggregate.mark_locked())
        models.setdefault(type(aggregate), []).append(aggregate)
    for model, aggregates in models.items():
        model._base_manager.bulk_create(aggregates)
    if births:
        _append(births, by)


def as_array(documents: Iterable[str]) -> str:
    """JSON texts as one JSON array: in an array of PostgreSQL each quote would be escaped, at three times the CPU."""
    return f"[{','.join(documents)}]"


def _demand_lock(aggregate: Aggregate) -> None:
    if not aggregate.is_locked():
        raise NotLocked(aggregate.aggregate_kind(), aggregate.pk)


def _append(facts: Sequence[tuple[Aggregate, Event]], by: str) -> None:
    aggregates = [aggregate for aggregate, _ in facts]
    events = [event for _, event in facts]
    cities = [aggregate.stream_city_id for aggregate in aggregates]
    columns: list[list[Any] | str] = [
        [slot_of(city_id) for city_id in cities],
        cities,
        [aggregate.aggregate_kind() for aggregate in aggregates],
        list(map(attrgetter("pk"), aggregates)),
        list(map(attrgetter("public_id"), aggregates)),
        list(map(attrgetter("version"), aggregates)),
        [event.kind() for event in events],
        as_array(json.dumps(event.as_payload(), separators=(",", ":")) for event in events),
    ]
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    with connection.cursor() as cursor:
        cursor.execute(APPEND, [by, request_id, *columns])
