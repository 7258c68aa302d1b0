"""What programs hear about paper: facts of jobs and printers, with the rows as they are now. One query per kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delivery.ground.events import Event, Recorded
from printing import events as facts
from printing.models import Printer, PrintJob

KINDS: Mapping[type[Event], str] = {
    facts.TicketPrinted: "print_job.printed",
    facts.TicketUnconfirmed: "print_job.unconfirmed",
    facts.TicketCopied: "print_job.copied",
    facts.TicketRerouted: "print_job.rerouted",
    facts.TicketOverdue: "print_job.overdue",
    facts.TicketExpired: "print_job.expired",
    facts.TicketWithdrawn: "print_job.withdrawn",
    facts.PrinterStateChanged: "printer.state",
    facts.PrinterPaused: "printer.state",
    facts.PrinterResumed: "printer.state",
}


@dataclass(frozen=True)
class Announcement:
    """As `delivery.integrations` takes it."""

    kind: str
    fact: int
    restaurant_id: int | None
    occurred_at: datetime
    data: Mapping[str, Any]


def of_jobs(events: Sequence[Recorded[facts.TicketFact]]) -> Iterable[Announcement]:
    """News of print jobs: `data` is the job as the API shows it in short."""
    ids = {recorded.event.job_id for recorded in events}
    found = PrintJob.objects.filter(public_id__in=ids).select_related("printer", "ticket__order")
    jobs = {str(job.public_id): job for job in found}
    for recorded in events:
        job = jobs.get(recorded.event.job_id)
        if job is not None:
            kind = KINDS[type(recorded.event)]
            yield Announcement(kind, recorded.id, job.printer.restaurant_id, recorded.occurred_at, job_in_short(job))


def of_printers(
    events: Sequence[Recorded[facts.PrinterStateChanged | facts.PrinterPaused | facts.PrinterResumed]],
) -> Iterable[Announcement]:
    """News of printers: ready, out of paper, open, silent, paused."""
    found = Printer.objects.filter(pk__in={recorded.aggregate_id for recorded in events})
    printers = {printer.pk: printer for printer in found}
    for recorded in events:
        printer = printers.get(recorded.aggregate_id)
        if printer is not None:
            data = {"printer": printer.uid, "state": printer.state, "paused": printer.is_paused}
            kind = KINDS[type(recorded.event)]
            yield Announcement(kind, recorded.id, printer.restaurant_id, recorded.occurred_at, data)


def job_in_short(job: PrintJob) -> dict[str, Any]:
    """The job without its content; needs `printer` and `ticket__order`."""
    order = job.ticket.order
    return {
        "id": str(job.public_id),
        "printer": job.printer.uid,
        "state": job.state,
        "reason": job.state_reason,
        "level": job.level,
        "marks": [mark["kind"] for mark in job.marks],
        "copy": job.copy_no,
        "order": str(order.public_id) if order else None,
        "station": job.ticket.station,
        "overdue": job.overdue_at is not None,
    }
