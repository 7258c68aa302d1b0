"""Tickets that are late or too old: found by a duty of the deadline loop, so also while every worker is dead."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from delivery.ground import outbox
from printing.events import TicketExpired, TicketOverdue, TicketWithdrawn
from printing.models import OPEN, WAITING, Attempt, Printer, PrintJob

AT_ONCE = 100
BYTES_KEPT_FOR = timedelta(days=7)


@transaction.atomic
def watch_jobs() -> None:
    """The periodic duty: tell once of each overdue ticket, take old ones off the queue, let needless ones go."""
    late = PrintJob.objects.filter(paper_by__lte=Now(), overdue_at__isnull=True, state__in=OPEN)
    old = PrintJob.objects.filter(not_after__lte=Now(), state__in=WAITING, lease_token__isnull=True)
    needless = PrintJob.objects.filter(overdue_at__isnull=False, state=PrintJob.State.CANCELLED)
    printers = _lock_printers_of(late.union(old, needless))
    for job in _of(late, printers):
        _tell_overdue(job, printers[job.printer_id])
    for job in _of(old, printers):
        _expire(job, printers[job.printer_id])
    for job in _of(needless, printers):
        _tell_withdrawn(job, printers[job.printer_id])


def _lock_printers_of(jobs: "QuerySet[PrintJob]") -> dict[int, Printer]:
    """Printers before jobs, in the order of their ids, as everywhere."""
    ids = set(jobs.values_list("printer_id", flat=True)[:AT_ONCE])
    locked = Printer.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    return {printer.pk: printer.mark_locked() for printer in locked}


def _of(jobs: "QuerySet[PrintJob]", printers: dict[int, Printer]) -> list[PrintJob]:
    rows = jobs.filter(printer_id__in=printers).select_related("ticket").order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",))[:AT_ONCE])


def _tell_overdue(job: PrintJob, printer: Printer) -> None:
    PrintJob.objects.filter(pk=job.pk).update(overdue_at=Now(), version=F("version") + 1)
    outbox.record(printer, TicketOverdue(**job.named(), state=job.state))


def _tell_withdrawn(job: PrintJob, printer: Printer) -> None:
    PrintJob.objects.filter(pk=job.pk).update(overdue_at=None, version=F("version") + 1)
    outbox.record(printer, TicketWithdrawn(**job.named()))


def _expire(job: PrintJob, printer: Printer) -> None:
    PrintJob.objects.filter(pk=job.pk).update(
        state=PrintJob.State.EXPIRED, state_at=Now(), version=F("version") + 1, state_reason="too_old"
    )
    outbox.record(printer, TicketExpired(**job.named()))


def forget_payloads() -> None:
    """The periodic duty: what was printed more than a week ago can no longer be looked at. 1,000 at a time."""
    old = Attempt.objects.filter(payload__isnull=False, began_at__lt=Now() - BYTES_KEPT_FOR)
    Attempt.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:1_000])).update(payload=None)
