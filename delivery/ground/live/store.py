"""Reads of the topic log that the relay writes: one topic at one moment, and the batches of one city."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from delivery.ground.access import Actor
from delivery.ground.errors import NotFound
from delivery.ground.registry import TopicFamily, wired

BACKLOG_ROWS = 500
BACKLOG_BYTES = 256_000
CATCH_UP_ROWS = 5_000

# Changes when this database is no longer the one whose positions a screen knows: another cluster, a restore to an
# earlier time or a failover (a new timeline), another database, or a topic table that was emptied or made anew.
INSTALLATION = """
    SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
                     left(pg_walfile_name(pg_current_wal_lsn()), 8),
                     (SELECT oid FROM pg_database WHERE datname = current_database()),
                     pg_relation_filenode('ground_topic'))
"""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of the topic log; payload None says that the entity is gone."""

    topic: str
    seq: int
    entity: str
    version: int
    payload: Mapping[str, Any] | None

    def as_wire(self) -> dict[str, Any]:
        """`{...payload, entity, version}`, or `{entity, version, gone: true}`."""
        return wire_row(self.entity, self.version, self.payload)


@dataclass(frozen=True, slots=True)
class JoinRead:
    """A topic as it was at one moment: everything after `start` up to `seq`, or the whole of it (snapshot)."""

    topic: str
    epoch: str
    start: int
    seq: int
    rows: Sequence[dict[str, Any]]
    is_snapshot: bool

    def as_wire(self) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "epoch": self.epoch,
            "from": self.start,
            "to": self.seq,
            "snapshot": self.is_snapshot,
            "rows": self.rows,
        }


@dataclass(frozen=True, slots=True)
class Batches:
    """The rows of a city's batches after a known one, in order, up to `batch`; None when there are too many."""

    batch: int
    rows: Sequence[tuple[int, StoredRow]] | None


@dataclass(frozen=True, slots=True)
class Since:
    """Where a screen says it is."""

    epoch: str
    seq: int


def wire_row(entity: str, version: int, payload: Mapping[str, Any] | None) -> dict[str, Any]:
    if payload is None:
        return {"entity": entity, "version": version, "gone": True}
    return {**payload, "entity": entity, "version": version}


def allowed_city(topic: str, actor: Actor) -> int:
    """The city that feeds `topic`, for an actor who may join it.

    Raises:
        NotFound: no such family, no such thing, or not theirs; nobody learns which.
    """
    family, key = _family(topic)
    city_id = family.city_of(key) if family.may_join(actor, key) else None
    if city_id is None:
        raise NotFound()
    return city_id


def rights_of(actor: Actor) -> object | None:
    """A value that changes with the actor's rights; None for nobody and for those who lost account or device."""
    is_somebody = actor.ref != Actor().ref
    return wired.rights_of([actor]).get(actor) if wired.rights_of and is_somebody else None


def installation() -> str:
    with connection.cursor() as cursor:
        cursor.execute(INSTALLATION)
        return str(cursor.fetchone()[0])


def epoch(*parts: object) -> str:
    """What a subject sees: another database, another count or other rights make positions of before worthless."""
    return sha256(repr(parts).encode()).hexdigest()[:16]


def read_topic(topic: str, *, rights: object, since: Since | None) -> JoinRead:
    """One topic at one moment: what `since` lacks, or all of it when the log cannot tell.

    All statements see the same snapshot of the primary. A position that is older than the log, ahead of it, negative
    or of another epoch gets the whole topic, and so does a backlog that is longer than the topic is worth.

    Raises:
        NotFound: no such family. Must run outside any transaction.
    """
    family, key = _family(topic)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT seq, epoch FROM ground_topic WHERE name = %s", [topic])
            seq, topic_epoch = cursor.fetchone() or (0, None)
        now = epoch(installation(), topic_epoch, rights)
        if since is not None and since.epoch == now and 0 <= since.seq <= seq:
            backlog = _backlog(topic, since.seq, seq)
            if backlog is not None:
                return JoinRead(topic, now, since.seq, seq, backlog, is_snapshot=False)
        rows = [wire_row(row.entity, row.version, row.payload) for row in family.snapshot(key)]
        return JoinRead(topic, now, 0, seq, rows, is_snapshot=True)


def last_batches(city_ids: Iterable[int]) -> tuple[str, dict[int, int]]:
    """The installation, and the number of the last batch of each city (0: none yet)."""
    known = dict.fromkeys(city_ids, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT city_id, batch FROM ground_city_stream WHERE city_id = ANY(%s)", [list(known)])
        known.update(cursor.fetchall())
    return installation(), known


def read_batches(city_id: int, *, after: int) -> Batches:
    """What a city's stream holds after batch `after`; one statement, so the number and the rows agree."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT stream.batch, r.batch, r.topic, r.seq, r.entity, r.version, r.payload
            FROM (SELECT coalesce(max(batch), 0) AS batch FROM ground_city_stream WHERE city_id = %(city)s) stream
            LEFT JOIN LATERAL (
                SELECT * FROM ground_topic_row WHERE city_id = %(city)s AND batch > %(after)s
                ORDER BY batch, topic, seq LIMIT %(limit)s
            ) r ON true
            """,
            {"city": city_id, "after": after, "limit": CATCH_UP_ROWS + 1},
        )
        found = cursor.fetchall()
    batch = int(found[0][0])
    if len(found) > CATCH_UP_ROWS:
        return Batches(batch, None)
    return Batches(batch, [(row[1], _stored(row[2:])) for row in found if row[1] is not None])


def _backlog(topic: str, since: int, seq: int) -> list[dict[str, Any]] | None:
    """The last row of each entity after `since`; None when that is too much to send or no longer in the log."""
    if seq - since > BACKLOG_ROWS:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT topic, seq, entity, version, payload FROM ground_topic_row"
            " WHERE topic = %s AND seq > %s AND seq <= %s ORDER BY seq",
            [topic, since, seq],
        )
        found = [_stored(row) for row in cursor.fetchall()]
    rows = [row.as_wire() for row in last_per_entity(found)]
    return rows if len(found) == seq - since and len(json.dumps(rows)) <= BACKLOG_BYTES else None


def last_per_entity(rows: Iterable[StoredRow]) -> list[StoredRow]:
    """The newest row of each entity, in the order of the log."""
    newest: dict[str, StoredRow] = {}
    for row in rows:
        newest.pop(row.entity, None)
        newest[row.entity] = row
    return list(newest.values())


def _stored(columns: Sequence[Any]) -> StoredRow:
    """Columns topic, seq, entity, version, payload; Django's cursors leave jsonb as text."""
    topic, seq, entity, version, payload = columns
    return StoredRow(topic, seq, entity, version, None if payload is None else json.loads(payload))


def _family(topic: str) -> tuple[TopicFamily, str]:
    name, _, key = topic.partition(".")
    family = wired.families.get(name)
    if family is None or not _is_public_id(key):
        raise NotFound()
    return family, key


def _is_public_id(text: str) -> bool:
    """Only the one canonical spelling of an id names a topic."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
