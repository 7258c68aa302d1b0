"""What the screens of a kitchen see of paper: `ticket:<job id>` on `kitchen.<restaurant>`. One statement per chunk.

A row is there while somebody may have to act on it: until its order is closed, and after that while a
CANCELLED ticket is still to come out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from delivery.ground.access import Actor
from delivery.ground.events import Recorded
from delivery.ground.ids import public_id_in
from delivery.ground.registry import TopicRow
from delivery.orders.models import FINAL_STATUSES
from printing.announcements import job_in_short
from printing.events import PrinterPaused, PrinterResumed, PrinterStateChanged, TicketFact
from printing.models import OPEN, PrintJob
from printing.selectors import PLACES
from restaurants.models import Restaurant

MOST_SHOWN = 1_000
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


def jobs_named(events: Sequence[Recorded[TicketFact]]) -> Iterable[TopicRow]:
    """For programs, on `print.<restaurant>`: all jobs that the facts name, with or without an order, and copies."""
    ids = {recorded.event.job_id for recorded in events}
    return _program_rows(_program_jobs().filter(Q(public_id__in=ids) | Q(supersedes__public_id__in=ids)))


def program_jobs(restaurant_public_id: str) -> list[TopicRow]:
    """What is still to come out, for the snapshot of `print.<restaurant>`."""
    mine = _program_jobs().filter(printer__restaurant__public_id=restaurant_public_id, state__in=OPEN)
    return list(_program_rows(mine[:MOST_SHOWN]))


def may_join_print(actor: Actor, restaurant_public_id: str) -> bool:
    """Who may print there may follow it."""
    found = Restaurant.objects.filter(public_id=public_id_in(restaurant_public_id)).values_list("pk", flat=True)
    pk = found.first()
    if pk is None or (actor.scopes and "print:write" not in actor.scopes):
        return False
    return "owner" in actor.roles or any(actor.has(role, restaurant=pk) for role in PLACES)


def _program_jobs() -> "QuerySet[PrintJob]":
    return PrintJob.objects.select_related("printer__restaurant", "ticket__order").order_by("pk")


def _program_rows(jobs: Iterable[PrintJob]) -> Iterable[TopicRow]:
    for job in jobs:
        if job.printer.restaurant is not None:
            topic = f"print.{job.printer.restaurant.public_id}"
            yield TopicRow(topic, f"job:{job.public_id}", job.version, job_in_short(job))


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
