"""What the screens of a kitchen see of paper: `ticket:<job id>` on `kitchen.<restaurant>`. One statement per chunk.

A row is there while somebody may have to act on it: until its order is closed, and after that while a
CANCELLED ticket is still to come out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from delivery.ground.events import Recorded
from delivery.ground.registry import TopicRow
from delivery.orders.models import FINAL_STATUSES
from printing.events import PrinterPaused, PrinterResumed, PrinterStateChanged, TicketFact
from printing.models import OPEN, PrintJob

REPLACED = ("superseded", "cancelled")


def tickets_of_orders(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """All jobs of the orders that the facts are about."""
    return _rows(_jobs().filter(ticket__order_id__in={recorded.aggregate_id for recorded in events}))


def tickets_named(events: Sequence[Recorded[TicketFact]]) -> Iterable[TopicRow]:
    """The jobs that the facts name, and their copies: late word of the one calls the other off."""
    ids = {recorded.event.job_id for recorded in events}
    return _rows(_jobs().filter(Q(public_id__in=ids) | Q(supersedes__public_id__in=ids)))


def tickets_at_printers(
    events: Sequence[Recorded[PrinterStateChanged | PrinterPaused | PrinterResumed]],
) -> Iterable[TopicRow]:
    """The open jobs of printers about which something is new."""
    return _rows(_jobs().filter(printer_id__in={recorded.aggregate_id for recorded in events}, state__in=OPEN))


def kitchen_tickets(restaurant_public_id: str) -> list[TopicRow]:
    """The tickets of a restaurant for the snapshot of its topic."""
    mine = _jobs().filter(ticket__restaurant__public_id=restaurant_public_id)
    is_worth_showing = Q(state__in=OPEN) | ~Q(ticket__order__status__in=FINAL_STATUSES)
    return [row for row in _rows(mine.filter(is_worth_showing)) if row.payload is not None]


def _jobs() -> "QuerySet[PrintJob]":
    """Jobs of kitchens; print requests of programs are not the kitchen's business."""
    jobs = PrintJob.objects.filter(ticket__order__isnull=False)
    return jobs.select_related("printer", "ticket__order", "ticket__restaurant").order_by("pk")


def _rows(jobs: Iterable[PrintJob]) -> Iterable[TopicRow]:
    for job in jobs:
        restaurant = job.ticket.restaurant
        if restaurant is not None:
            payload = _payload(job) if _is_shown(job) else None
            yield TopicRow(f"kitchen.{restaurant.public_id}", f"ticket:{job.public_id}", job.version, payload)


def _is_shown(job: PrintJob) -> bool:
    assert job.ticket.order is not None
    return job.state not in REPLACED and (job.state in OPEN or not job.ticket.order.is_final)


def _payload(job: PrintJob) -> dict[str, Any]:
    assert job.ticket.order is not None
    printer = job.printer
    return {
        "id": str(job.public_id),
        "ticket": str(job.ticket.public_id),
        "order": str(job.ticket.order.public_id),
        "number": job.ticket.order.number,
        "station": job.ticket.station,
        "purpose": job.ticket.purpose,
        "state": job.state,
        "reason": job.state_reason,
        "since": job.state_at.isoformat(),
        "marks": [mark["kind"] for mark in job.marks],
        "printer": printer.name,
        "printer_state": "paused" if printer.is_paused else printer.state,
        "printed_at": _instant(job.printed_at),
        "paper_by": _instant(job.paper_by),
        "overdue": job.overdue_at is not None,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
