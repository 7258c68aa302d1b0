"""Handlers over a chunk of facts: whole first, one by one when the whole fails, each try in its own savepoint."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import OperationalError, transaction

from delivery.ground.events import Recorded
from delivery.ground.outbox.trouble import told
from delivery.ground.registry import Reaction, wired

log = structlog.get_logger(__name__)

Fact = Recorded[Any]
Handler = Callable[[Sequence[Fact]], Any]
# (aggregate kind, aggregate id, handler): later facts of the aggregate wait behind an earlier one that failed.
Line = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """A fact that a handler could not take; error "" when it only waits behind an earlier one."""

    fact: Fact
    handler: str
    error: str


def name_of(handler: Handler) -> str:
    """How retries name a handler: module and function."""
    return f"{handler.__module__}.{handler.__qualname__}"


def line_of(fact: Fact, handler: str) -> Line:
    return fact.aggregate_kind, fact.aggregate_id, handler


def react(facts: Sequence[Fact], *, held: Iterable[Line], patient: bool) -> list[Failure]:
    """Run all wired reactions over a chunk; returns what could not be done.

    Facts of one aggregate are handed on in their order; facts of different aggregates are grouped by reaction,
    so that the number of calls does not grow with the chunk.

    Args:
        held: lines in which an earlier fact still waits.
        patient: a lock, a time-out or a lost connection is not the reaction's fault: raise OperationalError,
            and the chunk is repeated.
    """
    blocked = set(held)
    failures: list[Failure] = []
    for wave in _waves(facts):
        for reaction, batch in wave.items():
            handler = name_of(reaction)
            waiting = [fact for fact in batch if line_of(fact, handler) in blocked]
            ready = [fact for fact in batch if line_of(fact, handler) not in blocked]
            failed = attempt(reaction, ready, patient=patient)[1] if ready else []
            blocked.update(line_of(failure.fact, handler) for failure in failed)
            failures += failed
            failures += [Failure(fact, handler, "") for fact in waiting]
    return failures


def attempt(handler: Handler, facts: Sequence[Fact], *, patient: bool) -> tuple[list[Any], list[Failure]]:
    """Call a handler with all facts, or with each when that fails; returns its results and the failures."""
    try:
        return [_in_savepoint(handler, facts, patient=patient)], []
    except _Failed as failed:
        if len(facts) == 1:
            return [], [Failure(facts[0], name_of(handler), failed.error)]
    results, failures = [], []
    for fact in facts:
        some, bad = attempt(handler, [fact], patient=patient)
        results += some
        failures += bad
    return results, failures


class _Failed(Exception):
    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def _in_savepoint(handler: Handler, facts: Sequence[Fact], *, patient: bool) -> Any:
    try:
        with transaction.atomic():
            return handler(facts)
    except Exception as error:
        if isinstance(error, OperationalError) and patient:
            raise
        # The trace names files and lines; values of rows stay out of it.
        log.warning("handler_failed", handler=name_of(handler), facts=len(facts), event_id=facts[0].id, exc_info=True)
        raise _Failed(told(error)) from error


def _waves(facts: Sequence[Fact]) -> Iterable[Mapping[Reaction, list[Fact]]]:
    """The first fact of each aggregate, then the second of each, and so on; grouped by reaction."""
    waves: list[dict[Reaction, list[Fact]]] = []
    seen: Counter[tuple[str, int]] = Counter()
    for fact in facts:
        reactions = wired.reactions.get(type(fact.event), ())
        if not reactions:
            continue
        aggregate = (fact.aggregate_kind, fact.aggregate_id)
        if seen[aggregate] == len(waves):
            waves.append({})
        for reaction in reactions:
            waves[seen[aggregate]].setdefault(reaction, []).append(fact)
        seen[aggregate] += 1
    return waves
