"""What became of nobody knows what: dead workers, silent printers, and tickets that need another printer.

A ticket in doubt is printed once more, marked POSSIBLE DUPLICATE, and never a third time by itself.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from delivery.ground import outbox
from delivery.ground.leases import RELEASED, free_now
from delivery.orders.transitions import Status
from printing.drivers import Verdict
from printing.events import TicketCopied, TicketRerouted
from printing.models import CALLED, OPEN, WAITING, Attempt, Printer, PrintJob
from printing.rendering.content import Mark, MarkKind
from printing.services.jobs import change_state, leave_in_doubt, lock_printer, withdraw
from printing.services.printers import set_printer_state
from printing.services.tickets import marks_of, marks_to_json

REROUTE_AFTER = timedelta(seconds=30)

ABANDONED = Q(lease_token__isnull=False, lease_until__lt=Now())
DOUBTFUL = Q(state="unconfirmed", not_before__lte=Now(), supersedes__isnull=True)
STUCK = Q(
    state__in=WAITING, lease_token__isnull=True, ticket__order__isnull=False, created_at__lt=Now() - REROUTE_AFTER
)
# A printer that should ask us and has missed six times in a row is away, whatever it said last.
MISSED_EACH = timedelta(seconds=6)
AWAY = (
    ~Q(printer__transport__in=CALLED)
    & Q(printer__state__in=["ready", "unknown"])
    & (
        Q(printer__asked_at__isnull=True, created_at__lt=Now() - timedelta(seconds=30))
        | Q(printer__asked_at__lt=Now() - ExpressionWrapper(F("printer__poll_every_s") * MISSED_EACH, DurationField()))
    )
)
CANNOT_PRINT = Q(printer__is_paused=True) | Q(printer__state__in=["paper", "cover", "offline", "fault"])


def printers_to_look_at() -> list[int]:
    """Primary keys of printers with something to print, or to be put in order. One statement."""
    awake = Q(printer__is_paused=False) & (Q(printer__rest_until__isnull=True) | Q(printer__rest_until__lte=Now()))
    due = Q(state__in=WAITING, printer__transport__in=CALLED) & free_now() & awake
    stuck = STUCK & CANNOT_PRINT & Exists(_backups(OuterRef("printer_id"), OuterRef("ticket__station")))
    found = PrintJob.objects.filter(due | ABANDONED | DOUBTFUL | stuck | (Q(state__in=OPEN) & AWAY))
    return list(found.values_list("printer_id", flat=True).distinct().order_by("printer_id"))


def _backups(printer_id: OuterRef | int, station: OuterRef | str) -> "QuerySet[Printer]":
    """Printers of the station of a job, except its own, that can print; the first is the next to ask."""
    able = Printer.objects.filter(is_paused=False, state__in=[Printer.State.READY, Printer.State.UNKNOWN])
    serving = able.filter(
        station_printers__station__name=station,
        station_printers__station__station_printers__printer_id=printer_id,
    )
    ranked: QuerySet[Printer] = serving.exclude(pk=printer_id).order_by("station_printers__rank")
    return ranked


@transaction.atomic
def put_in_order(*, printer_id: int) -> None:
    """Judge what dead workers left, copy what stayed in doubt, hand what is stuck to a backup."""
    mine = PrintJob.objects.filter(printer_id=printer_id).select_related("ticket__order")
    if not mine.filter(ABANDONED | DOUBTFUL | (STUCK & CANNOT_PRINT) | (Q(state__in=OPEN) & AWAY)).exists():
        return
    printer = lock_printer(printer_id)
    if mine.filter(AWAY, state__in=OPEN).exists():
        set_printer_state(printer=printer, state=Printer.State.OFFLINE)
    jobs = mine.select_for_update(no_key=True, of=("self",)).order_by("pk")
    for job in jobs.filter(ABANDONED):
        _judge_abandoned(job, printer)
    for job in jobs.filter(DOUBTFUL):
        _copy(job, printer)
    for job in jobs.filter(STUCK & CANNOT_PRINT):
        _reroute(job, printer)


def _judge_abandoned(job: PrintJob, printer: Printer) -> None:
    """Who held it died, or never came back: before the first byte nothing happened, after it nobody knows."""
    if job.state != PrintJob.State.SENDING:
        change_state(job, job.state, job.state_reason, **RELEASED)
        return
    reason = "worker_died" if printer.transport in CALLED else "no_result"
    Attempt.objects.filter(job=job, number=job.attempts).update(
        verdict=Verdict.UNCONFIRMED, detail=reason, ended_at=Now()
    )
    leave_in_doubt(job, printer, reason)


def _copy(job: PrintJob, printer: Printer) -> None:
    """The one marked copy: at this printer, or at the next of the station when this one cannot print."""
    order = job.ticket.order
    if order is not None and order.status == Status.CANCELLED.value and not _says_cancelled(job):
        withdraw(job, printer)
        return
    able = not printer.is_paused and printer.state in (Printer.State.READY, Printer.State.UNKNOWN)
    other = None if able else _backups(printer.pk, job.ticket.station).first()
    marks = [Mark(MarkKind.POSSIBLE_DUPLICATE), *marks_of(job)]
    if other is not None:
        marks.append(_rerouted(job, printer))
    copy = PrintJob.objects.create(
        ticket=job.ticket,
        city_id=job.city_id,
        printer=other or printer,
        intent_key=f"{job.intent_key}:again",
        copy_no=job.copy_no,
        marks=marks_to_json(marks),
        supersedes=job,
        priority=job.priority,
        paper_by=job.paper_by,
        overdue_at=job.overdue_at,
        not_after=job.not_after,
        requested_by=job.requested_by,
    )
    change_state(job, PrintJob.State.SUPERSEDED, job.state_reason)
    fact = TicketCopied(**job.named(), copy_id=str(copy.public_id), printer_uid=(other or printer).uid)
    outbox.record(printer, fact)


def _reroute(job: PrintJob, printer: Printer) -> None:
    """Nothing was sent, so this stays the same job: it goes to the backup, and says where it comes from."""
    backup = _backups(printer.pk, job.ticket.station).first()
    if backup is None:
        return
    marks = [mark for mark in marks_of(job) if mark.kind is not MarkKind.REROUTED]
    job.marks = marks_to_json([*marks, _rerouted(job, printer)])
    change_state(job, PrintJob.State.QUEUED, "rerouted", printer=backup, marks=job.marks, not_before=None)
    outbox.record(printer, TicketRerouted(**job.named(), to_printer_uid=backup.uid))


def _rerouted(job: PrintJob, printer: Printer) -> Mark:
    return Mark(MarkKind.REROUTED, job.ticket.station or printer.name)


def _says_cancelled(job: PrintJob) -> bool:
    return any(mark.kind is MarkKind.CANCELLED for mark in marks_of(job))
