"""Facts that a handler could not take: tried again with growing pauses, then parked until a person acts."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from delivery.ground.outbox import topics
from delivery.ground.outbox.models import EventRow, Retry, slot_of
from delivery.ground.outbox.reactions import Fact, Failure, Line, name_of
from delivery.ground.outbox.selectors import as_recorded
from delivery.ground.outbox.trouble import tell, told
from delivery.ground.registry import TopicRow, Trouble, wired

TRIES = 5
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
AT_ONCE = 50
# The handler of a fact that this code cannot read at all: then all handlers of the fact are due.
READING = "reading"


def store(failures: Sequence[Failure]) -> None:
    """Keep failures of a chunk for later; the first failure of an urgent reaction is told at once."""
    Retry.objects.bulk_create(
        [
            Retry(
                slot=slot_of(failure.fact.city_id),
                event_id=failure.fact.id,
                occurred_at=failure.fact.occurred_at,
                aggregate_kind=failure.fact.aggregate_kind,
                aggregate_id=failure.fact.aggregate_id,
                seq=failure.fact.seq,
                handler=failure.handler,
                attempts=1 if failure.error else 0,
                next_try_at=Now() + PAUSES[0] if failure.error else Now(),
                error=failure.error,
            )
            for failure in failures
        ],
        ignore_conflicts=True,
    )
    urgent = {name_of(reaction) for reaction in wired.urgent}
    for failure in failures:
        if failure.error and failure.handler in urgent:
            tell(_trouble(failure.fact, failure.handler, failure.error, gave_up=False))


def held(facts: Iterable[Fact]) -> set[Line]:
    """Lines of these aggregates in which an earlier fact still waits."""
    aggregates = {(fact.aggregate_kind, fact.aggregate_id) for fact in facts}
    waiting = Retry.objects.filter(
        aggregate_kind__in={kind for kind, _ in aggregates}, aggregate_id__in={pk for _, pk in aggregates}
    )
    return set(waiting.values_list("aggregate_kind", "aggregate_id", "handler").distinct())


def run_due(slot: int, *, patient: bool) -> int:
    """Try the facts of a slot that are due and first in their line; returns how many. Call under the slot's lock."""
    earlier = Retry.objects.filter(
        aggregate_kind=OuterRef("aggregate_kind"),
        aggregate_id=OuterRef("aggregate_id"),
        handler=OuterRef("handler"),
        seq__lt=OuterRef("seq"),
    )
    due = Retry.objects.filter(~Exists(earlier), slot=slot, parked_at__isnull=True, next_try_at__lte=Now())
    retries = list(due.order_by("id")[:AT_ONCE])
    for retry in retries:
        _try(retry, patient=patient)
    return len(retries)


def _try(retry: Retry, *, patient: bool) -> None:
    row = EventRow.objects.get(
        aggregate_kind=retry.aggregate_kind,
        aggregate_id=retry.aggregate_id,
        seq=retry.seq,
        occurred_at=retry.occurred_at,
    )
    try:
        with transaction.atomic():
            fact = as_recorded(row)
            rows = _handle(fact, retry.handler)
            topics.append({fact.city_id or topics.NO_CITY: rows})
    except Exception as error:
        if isinstance(error, OperationalError) and patient:
            raise
        _postpone(retry, row, told(error))
    else:
        retry.delete()


def _handle(fact: Fact, handler: str) -> list[TopicRow]:
    """Call the wired handler of that name (all of them for READING); returns the rows of projections."""
    reactions = wired.reactions.get(type(fact.event), ())
    projections = wired.topics.get(type(fact.event), ())
    if handler != READING:
        reactions = [reaction for reaction in reactions if name_of(reaction) == handler]
        projections = [projection for projection in projections if name_of(projection) == handler]
        if not reactions and not projections:
            raise LookupError(f"{handler} is not wired for {fact.event.kind()}")
    for reaction in reactions:
        reaction([fact])
    return [row for projection in projections for row in projection([fact])]


def _postpone(retry: Retry, row: EventRow, error: str) -> None:
    attempts = retry.attempts + 1
    mine = Retry.objects.filter(pk=retry.pk)
    if attempts < TRIES:
        mine.update(attempts=attempts, error=error, next_try_at=Now() + PAUSES[attempts - 1])
        return
    mine.update(attempts=attempts, error=error, parked_at=Now())
    tell(Trouble(row.city_id, row.aggregate_kind, row.aggregate_id, retry.handler, error, gave_up=True))


def _trouble(fact: Fact, what: str, error: str, *, gave_up: bool) -> Trouble:
    return Trouble(fact.city_id, fact.aggregate_kind, fact.aggregate_id, what, error, gave_up)
