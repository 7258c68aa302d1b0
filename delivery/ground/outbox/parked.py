"""What was given up on and waits for a person: facts that a handler could not take, deadlines whose service failed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Now

from delivery.ground.outbox.models import Deadline, Retry

FACT = "fact"
DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Parked:
    """`ref` names it ("fact:12", "deadline:3"), `what` is the handler or the kind of the deadline."""

    ref: str
    what: str
    aggregate: str
    since: datetime
    error: str


def list_parked() -> list[Parked]:
    """All of them, the oldest first."""
    facts = [(f"{FACT}:{row.pk}", row.handler, row) for row in _facts()]
    deadlines = [(f"{DEADLINE}:{row.pk}", row.kind, row) for row in _deadlines()]
    rows: list[tuple[str, str, Retry | Deadline]] = [*facts, *deadlines]
    parked = [
        Parked(ref, what, f"{row.aggregate_kind}:{row.aggregate_id}", row.parked_at, row.error)
        for ref, what, row in rows
        if row.parked_at
    ]
    return sorted(parked, key=lambda one: one.since)


def try_again(ref: str) -> bool:
    """Give it all its tries again, from now; False when nothing of that name is parked."""
    word, pk = _split(ref)
    if word == FACT:
        return bool(_facts().filter(pk=pk).update(parked_at=None, attempts=0, next_try_at=Now()))
    return word == DEADLINE and bool(_deadlines().filter(pk=pk).update(parked_at=None, attempts=0, try_at=Now()))


def skip(ref: str) -> bool:
    """Never do it; what waits behind it moves up. False when nothing of that name is parked."""
    word, pk = _split(ref)
    if word == FACT:
        return bool(_facts().filter(pk=pk).delete()[0])
    return word == DEADLINE and bool(_deadlines().filter(pk=pk).delete()[0])


def _facts() -> QuerySet[Retry]:
    return Retry.objects.filter(parked_at__isnull=False)


def _deadlines() -> QuerySet[Deadline]:
    return Deadline.objects.filter(parked_at__isnull=False)


def _split(ref: str) -> tuple[str, int]:
    word, _, number = ref.partition(":")
    return word, int(number) if number.isdecimal() else 0
