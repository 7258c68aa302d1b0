"""The relay's check on itself and on writers: each fact follows version minus one of its aggregate, already carried."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from delivery.ground import clock
from delivery.ground.outbox.reactions import Fact
from delivery.ground.outbox.trouble import tell
from delivery.ground.registry import Trouble

RECENT = timedelta(days=2)
WHAT = "sequence"

# The one before each fact: null when there is none, else whether it has been carried.
FIND_EARLIER = """
SELECT wanted.kind, wanted.id, earlier.carried
FROM unnest(%s::text[], %s::bigint[], %s::int[]) AS wanted (kind, id, seq)
LEFT JOIN LATERAL (
    SELECT relayed_at IS NOT NULL AS carried FROM ground_event
    WHERE aggregate_kind = wanted.kind AND aggregate_id = wanted.id AND seq = wanted.seq - 1 {since} LIMIT 1
) AS earlier ON true
WHERE earlier.carried IS NOT true
"""

Aggregate = tuple[str, int]


class EarlierStillOpen(Exception):
    """An earlier fact of an aggregate was passed by: the chunk must be read again from the start of the log."""


def check(facts: Sequence[Fact], *, read_from_start: bool) -> None:
    """Tell of facts that do not follow their predecessor; the relay goes on, for waiting would not bring it.

    Args:
        facts: a chunk in order, already marked as carried.
        read_from_start: the chunk is the oldest that is open in its slot.
    Raises:
        EarlierStillOpen: unless the chunk was read from the start.
    """
    firsts: list[Fact] = []
    last_seq: dict[Aggregate, int] = {}
    for fact in facts:
        aggregate = (fact.aggregate_kind, fact.aggregate_id)
        if aggregate not in last_seq:
            firsts.append(fact)
        elif fact.seq != last_seq[aggregate] + 1:
            _tell(fact, f"version {fact.seq} follows version {last_seq[aggregate]}")
        last_seq[aggregate] = fact.seq
    for fact, is_open in _without_predecessor([fact for fact in firsts if fact.seq > 1]):
        if is_open and not read_from_start:
            raise EarlierStillOpen()
        state = "not carried yet" if is_open else "missing"
        _tell(fact, f"version {fact.seq - 1} before it is {state}")


def _without_predecessor(facts: Sequence[Fact]) -> list[tuple[Fact, bool]]:
    """Facts whose predecessor is not carried, and whether it is at least there. Old partitions are asked last."""
    doubtful = _find(facts, clock.now() - RECENT) if facts else {}
    if None in doubtful.values():
        doubtful = _find([fact for fact in facts if _aggregate(fact) in doubtful], None)
    return [(fact, doubtful[_aggregate(fact)] is not None) for fact in facts if _aggregate(fact) in doubtful]


def _find(facts: Sequence[Fact], since: datetime | None) -> dict[Aggregate, bool | None]:
    columns: list[list[Any]] = [
        [fact.aggregate_kind for fact in facts],
        [fact.aggregate_id for fact in facts],
        [fact.seq for fact in facts],
    ]
    with connection.cursor() as cursor:
        if since is None:
            cursor.execute(FIND_EARLIER.format(since=""), columns)
        else:
            cursor.execute(FIND_EARLIER.format(since="AND occurred_at > %s"), [*columns, since])
        return {(kind, pk): carried for kind, pk, carried in cursor.fetchall()}


def _aggregate(fact: Fact) -> Aggregate:
    return fact.aggregate_kind, fact.aggregate_id


def _tell(fact: Fact, error: str) -> None:
    tell(Trouble(fact.city_id, fact.aggregate_kind, fact.aggregate_id, WHAT, error, gave_up=True))
