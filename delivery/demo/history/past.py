"""Rows of the past: collected with their keys, then written with one COPY per table."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models

from delivery.ground.aggregate import Aggregate
from delivery.ground.events import Event
from delivery.ground.outbox.models import EventRow, slot_of
from delivery.ground.outbox.partitions import make_past_partitions

M = TypeVar("M", bound=models.Model)
KEYS_AT_ONCE = 5000
RELAYED_AFTER = timedelta(milliseconds=40)


class Past:
    """Collects rows; `write` stores them in the order in which their models came first."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._rows: dict[type[models.Model], list[Any]] = {}
        self._keys: dict[type[models.Model], Iterator[int]] = {}
        self._facts: list[tuple[datetime, Aggregate, Event, str]] = []

    def add(self, row: M) -> M:
        """The row with a primary key of its own, kept until `write`."""
        model = type(row)
        row.pk = next(self._keys.setdefault(model, _keys(model)))
        self._rows.setdefault(model, []).append(row)
        return row

    def born(self, row: M, at: datetime) -> M:
        """An aggregate of that instant: `add`, with the ids and instants that the database would have given."""
        row.public_id = self.id_at(at)  # type: ignore[attr-defined]  # every aggregate has one
        row.created_at = at  # type: ignore[attr-defined]
        return self.add(row)

    def id_at(self, at: datetime) -> UUID:
        """A UUIDv7 of the instant (RFC 9562): public ids sort by time, and pages rely on it."""
        stamp, low, high = int(at.timestamp() * 1000), self._dice.getrandbits(62), self._dice.getrandbits(12)
        return UUID(int=stamp << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)

    def fact(self, aggregate: Aggregate, event: Event, at: datetime, by: str = "system") -> None:
        """The aggregate's next version is this fact; it was relayed a moment later."""
        self._facts.append((at, aggregate, event, by))

    def write(self) -> int:
        """Store everything; returns how many rows. Facts raise versions, and come into the log, in order of time."""
        self._facts.sort(key=lambda fact: fact[0])
        if self._facts:
            make_past_partitions(since=self._facts[0][0])
        older: dict[int, Aggregate] = {}
        born = {id(row) for rows in self._rows.values() for row in rows}
        for at, aggregate, event, by in self._facts:
            aggregate.version += 1
            if id(aggregate) not in born:
                older[id(aggregate)] = aggregate
            self.add(_logged(at, aggregate, event, by))
        for model, rows in self._rows.items():
            _copy(model, rows)
        for row in older.values():
            type(row)._base_manager.filter(pk=row.pk).update(version=row.version)
        return sum(map(len, self._rows.values()))


def _logged(at: datetime, aggregate: Aggregate, event: Event, by: str) -> EventRow:
    return EventRow(
        slot=slot_of(aggregate.stream_city_id),
        city_id=aggregate.stream_city_id,
        aggregate_kind=aggregate.aggregate_kind(),
        aggregate_id=aggregate.pk,
        aggregate_public_id=aggregate.public_id,
        seq=aggregate.version,
        kind=event.kind(),
        payload=event.as_payload(),
        occurred_at=at,
        by=by,
        request_id="",
        relayed_at=at + RELAYED_AFTER,
    )


def _keys(model: type[models.Model]) -> Iterator[int]:
    """Primary keys from the table's own sequence, so that nobody else is given one of them."""
    table = model._meta.db_table
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, KEYS_AT_ONCE]
            )
            keys = [key for (key,) in cursor.fetchall()]
        yield from keys


def _copy(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """One COPY; psycopg writes every type of our columns by itself, but for JSON."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = attrgetter(*(field.attname for field in fields))
    documents = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            written = list(values(row))
            for place in documents:
                written[place] = json.dumps(written[place])  # of the past no document is missing
            copy.write_row(written)
