"""From facts to topic rows: projections, the counters of topics and cities, and one message per city and batch."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from delivery.ground.outbox import hints
from delivery.ground.outbox.reactions import Fact, Failure, attempt
from delivery.ground.outbox.record import as_array
from delivery.ground.registry import Projection, TopicRow, wired

NO_CITY = 0
GONE = "null"
LARGEST_MESSAGE = 64 * 1024

NEXT_BATCHES = """
INSERT INTO ground_city_stream AS stream (city_id, batch) SELECT city_id, 1 FROM unnest(%s::bigint[]) AS city_id
ON CONFLICT (city_id) DO UPDATE SET batch = stream.batch + 1 RETURNING city_id, batch
"""
NEXT_NUMBERS = """
INSERT INTO ground_topic AS topic (name, city_id, epoch, seq)
SELECT name, city_id, gen_random_uuid(), n
FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS grown (name, city_id, n)
ORDER BY name
ON CONFLICT (name) DO UPDATE SET seq = topic.seq + excluded.seq RETURNING name, seq
"""
APPEND = """
INSERT INTO ground_topic_row (topic, seq, city_id, batch, entity, version, payload, created_at)
SELECT topic, seq, city_id, batch, entity, version, nullif(payload, 'null'), now()
FROM ROWS FROM (
    unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[]),
    jsonb_array_elements(%s::jsonb)
) AS entry (topic, seq, city_id, batch, entity, version, payload)
"""

RowsOfCities = Mapping[int, Sequence[TopicRow]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A numbered row; payload is JSON text, None when the entity is gone."""

    topic: str
    seq: int
    city_id: int
    batch: int
    entity: str
    version: int
    payload: str | None

    def as_json(self) -> str:
        rest = '"gone":true' if self.payload is None else f'"payload":{self.payload}'
        head = f'"topic":{json.dumps(self.topic)},"seq":{self.seq},"entity":{json.dumps(self.entity)}'
        return f'{{{head},"version":{self.version},{rest}}}'


def project(facts: Sequence[Fact], *, patient: bool) -> tuple[RowsOfCities, list[Failure]]:
    """The topic rows of a chunk by city, and the facts whose projection failed (see `reactions.attempt`).

    A row is the full present state, so order does not matter: each projection sees all facts of a city at once,
    and a failed one holds nothing back.
    """
    calls: dict[tuple[int, Projection], list[Fact]] = {}
    for fact in facts:
        for projection in wired.topics.get(type(fact.event), ()):
            calls.setdefault((fact.city_id or NO_CITY, projection), []).append(fact)
    rows: dict[int, list[TopicRow]] = {}
    failures: list[Failure] = []
    for (city_id, projection), batch in calls.items():
        results, failed = attempt(_Whole(projection), batch, patient=patient)
        failures += failed
        for result in results:
            rows.setdefault(city_id, []).extend(result)
    return rows, failures


class _Whole:
    """A projection whose rows are all built inside its savepoint, generators too."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self.__module__ = projection.__module__
        self.__qualname__ = projection.__qualname__

    def __call__(self, facts: Sequence[Fact]) -> list[TopicRow]:
        return list(self._projection(facts))


def append(rows: RowsOfCities) -> None:
    """Number the rows, store them as one batch per city, publish after commit. Call under the lock of the slot."""
    newest = {city_id: newest_rows(of_city) for city_id, of_city in rows.items() if of_city}
    if not newest:
        return
    entries = _store(newest)
    for city_id in newest:
        _publish(city_id, [entry for entry in entries if entry.city_id == city_id])


def newest_rows(rows: Iterable[TopicRow]) -> list[TopicRow]:
    """The newest row per topic and entity; of equal versions the later one."""
    newest: dict[tuple[str, str], TopicRow] = {}
    for row in rows:
        known = newest.get((row.topic, row.entity))
        if known is None or row.version >= known.version:
            newest[row.topic, row.entity] = row
    return list(newest.values())


def _store(rows: RowsOfCities) -> list[_Entry]:
    grown: dict[str, list[int]] = {}  # topic -> city, number of new rows
    for city_id, of_city in rows.items():
        for row in of_city:
            grown.setdefault(row.topic, [city_id, 0])[1] += 1
    with connection.cursor() as cursor:
        cursor.execute(NEXT_BATCHES, [sorted(rows)])
        batches = dict(cursor.fetchall())
        cities, counts = zip(*grown.values(), strict=True)
        cursor.execute(NEXT_NUMBERS, [list(grown), list(cities), list(counts)])
        next_seq = {name: seq - grown[name][1] for name, seq in cursor.fetchall()}
        entries = []
        for city_id, of_city in rows.items():
            for row in of_city:
                next_seq[row.topic] += 1
                payload = None if row.payload is None else json.dumps(row.payload, separators=(",", ":"))
                place = (row.topic, next_seq[row.topic], city_id, batches[city_id])
                entries.append(_Entry(*place, row.entity, row.version, payload))
        cursor.execute(
            APPEND,
            [
                [entry.topic for entry in entries],
                [entry.seq for entry in entries],
                [entry.city_id for entry in entries],
                [entry.batch for entry in entries],
                [entry.entity for entry in entries],
                [entry.version for entry in entries],
                as_array(entry.payload or GONE for entry in entries),
            ],
        )
    return entries


def _publish(city_id: int, entries: Sequence[_Entry]) -> None:
    """`{city, batch, rows: [{topic, seq, entity, version, payload | gone}]}`; without rows when over 64 kB."""
    head = f'"city":{city_id},"batch":{entries[0].batch}'
    body = f'{{{head},"rows":[{",".join(entry.as_json() for entry in entries)}]}}'.encode()
    if len(body) > LARGEST_MESSAGE:
        body = f"{{{head}}}".encode()
    hints.send(f"live.city.{city_id}", body)
