"""Facts as the relay hands them on."""

from typing import Any

from delivery.ground.aggregate import Aggregate
from delivery.ground.events import Event, Recorded
from delivery.ground.outbox.models import EventRow


def facts_about(aggregate: Aggregate, *kinds: str) -> list[Recorded[Any]]:
    """The newest fact of an aggregate, or all of the given kinds."""
    rows = EventRow.objects.filter(aggregate_kind=aggregate.aggregate_kind(), aggregate_id=aggregate.pk)
    rows = rows.filter(kind__in=kinds).order_by("seq") if kinds else rows.order_by("-seq")[:1]
    return [
        Recorded(
            id=row.pk,
            city_id=row.city_id,
            aggregate_kind=row.aggregate_kind,
            aggregate_id=row.aggregate_id,
            aggregate_public_id=row.aggregate_public_id,
            seq=row.seq,
            occurred_at=row.occurred_at,
            by=row.by,
            event=Event.from_payload(row.kind, row.payload),
        )
        for row in rows
    ]


def kinds_of(aggregate: Aggregate) -> list[str]:
    """The kinds of all facts of an aggregate, oldest first."""
    rows = EventRow.objects.filter(aggregate_kind=aggregate.aggregate_kind(), aggregate_id=aggregate.pk)
    return list(rows.order_by("seq").values_list("kind", flat=True))
