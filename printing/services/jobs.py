"""The life of a print job between the queue and the paper. Who holds the lease of a job holds its printer.

Locks: the printer first, then its jobs. Nothing here talks to a printer: `sending` does.
"""

import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from delivery.ground import outbox
from delivery.ground.leases import RELEASED, free_now
from delivery.orders.transitions import Status
from printing.drivers import Blocked, Outcome, PrinterBlocked, Verdict, process_id_for
from printing.events import TicketPrinted, TicketUnconfirmed, TicketWithdrawn
from printing.models import ON_PAPER, WAITING, Attempt, Printer, PrintJob, Ticket
from printing.services.printers import note_answer, note_failure, note_seen, set_printer_state

LEASE = timedelta(seconds=30)
DOUBT = timedelta(seconds=10)  # time for the printer to print what it still holds, and for late word of it
ASIDE = timedelta(seconds=30)
NOT_SENT = "not_sent"

STATE_OF = {
    Blocked.UNREACHABLE: Printer.State.OFFLINE,
    Blocked.SILENT: Printer.State.OFFLINE,
    Blocked.OFFLINE: Printer.State.OFFLINE,
    Blocked.COVER: Printer.State.COVER,
    Blocked.PAPER: Printer.State.PAPER,
    Blocked.ERROR: Printer.State.FAULT,
}


class LeaseLost(Exception):
    """Another worker has judged this job meanwhile: nothing may be sent."""


class NotWanted(Exception):
    """Nobody needs this ticket any more: nothing may be sent. `reason` becomes the job's."""

    reason = ""


class OrderCancelled(NotWanted):
    """The order was cancelled before the first byte."""

    reason = "order_cancelled"


class FoundOnPaper(NotWanted):
    """Late word has come that the ticket which this one copies is on paper."""

    reason = "found_on_paper"


class JustBack(Exception):
    """The printer has recovered this moment and may still print what it holds: its copy waits a little."""


@dataclass(frozen=True)
class Taken:
    """A job that this worker alone works on. `job` comes with ticket, order, printer, restaurant and city."""

    job: PrintJob
    attempt: Attempt
    lease_token: UUID


@transaction.atomic
def take_next(*, printer_id: int, owner: str) -> Taken | None:
    """Lease the printer's next job by priority and age; None when it has none, rests, or is in other hands."""
    free = Printer.objects.filter(pk=printer_id, is_paused=False)
    free = free.filter(Q(rest_until__isnull=True) | Q(rest_until__lte=Now()))
    printer = free.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
    if printer is None or PrintJob.objects.filter(printer_id=printer_id, lease_token__isnull=False).exists():
        return None
    while (job := _next_job(printer_id)) is not None:
        if not _is_cancelled(job):
            return _lease(job, owner)
        withdraw(job, printer.mark_locked())
    return None


def _next_job(printer_id: int) -> PrintJob | None:
    due = PrintJob.objects.filter(free_now(), printer_id=printer_id, state__in=WAITING)
    due = due.filter(Q(not_after__isnull=True) | Q(not_after__gt=Now())).order_by("priority", "pk")
    related = due.select_related("ticket__order", "printer__restaurant", "city")
    return related.select_for_update(no_key=True, of=("self",)).first()


def _is_cancelled(job: PrintJob) -> bool:
    order = job.ticket.order
    is_for_cooking = job.ticket.purpose == Ticket.Purpose.KITCHEN
    return is_for_cooking and order is not None and order.status == Status.CANCELLED.value


def _lease(job: PrintJob, owner: str) -> Taken:
    lease_token = uuid4()
    job.attempts += 1
    PrintJob.objects.filter(pk=job.pk).update(
        lease_owner=owner, lease_token=lease_token, lease_until=Now() + LEASE, attempts=job.attempts
    )
    attempt = Attempt.objects.create(
        job=job, number=job.attempts, printer_id=job.printer_id, token=secrets.token_hex(4), began_at=Now()
    )
    return Taken(job, attempt, lease_token)


@transaction.atomic
def begin_sending(*, taken: Taken, sha256: str, lease: timedelta, payload: bytes = b"") -> None:
    """Commit, before the first byte, that bytes may leave; from here on only the marked copy is a second try.

    `payload`: the ESC/POS that leaves, kept for a week so that anybody can look at what was printed.
    Raises:
        LeaseLost, NotWanted, JustBack: send nothing.
    """
    printer = lock_printer(taken.job.printer_id)
    job = _held(taken)
    if _is_cancelled(job):
        raise OrderCancelled()
    if PrintJob.objects.filter(superseded_by=job, state__in=ON_PAPER).exists():
        raise FoundOnPaper()
    if job.supersedes_id is not None and printer.state not in (Printer.State.READY, Printer.State.UNKNOWN):
        raise JustBack()
    change_state(job, PrintJob.State.SENDING, "", lease_until=Now() + lease)
    Attempt.objects.filter(pk=taken.attempt.pk).update(
        started_sending_at=Now(), sha256=sha256, payload=zlib.compress(payload) if payload else None
    )


@transaction.atomic
def settle(*, taken: Taken, outcome: Outcome) -> None:
    """Write down what the attempt is known to have done. Word that comes after the lease was lost still counts."""
    printer = lock_printer(taken.job.printer_id)
    try:
        job = _held(taken)
    except LeaseLost:
        if outcome.verdict == Verdict.PRINTED:
            confirm_late(printer, [process_id_for(taken.attempt.token), *outcome.other_process_ids])
        return
    _close_attempt(taken, outcome.verdict, outcome.status_raw, outcome.detail, level=outcome.level)
    if outcome.verdict in (Verdict.PRINTED, Verdict.ASSUMED):
        put_on_paper(job, printer, level=int(outcome.level), state=outcome.verdict)
        note_answer(printer=printer)
        set_printer_state(printer=printer, state=Printer.State.READY)
    else:
        note_failure(printer=printer)
        if outcome.verdict == Verdict.UNCONFIRMED:
            leave_in_doubt(job, printer, "no_confirmation")
        else:
            change_state(job, PrintJob.State.QUEUED, "connection_refused", **RELEASED)
    confirm_late(printer, outcome.other_process_ids)


@transaction.atomic
def settle_blocked(*, taken: Taken, error: PrinterBlocked, late: Iterable[bytes] = (), verdict: str = NOT_SENT) -> None:
    """Nothing was sent: the job keeps its place, and the printer is asked again later.

    `verdict`: failed_clean when the ticket had left us, and a box gave it back. `late`: process ids of earlier
    attempts that the printer mentioned while it refused.
    """
    printer = lock_printer(taken.job.printer_id)
    _close_attempt(taken, verdict, error.status_raw, str(error))
    change_state(_held(taken), PrintJob.State.BLOCKED, str(error.reason), **RELEASED)
    note_failure(printer=printer)
    if error.status_raw:
        note_seen(printer=printer)
    set_printer_state(printer=printer, state=STATE_OF[error.reason])
    confirm_late(printer, late)


@transaction.atomic
def call_off(*, taken: Taken, why: NotWanted) -> None:
    """Nothing was sent, and nothing will be."""
    printer = lock_printer(taken.job.printer_id)
    _close_attempt(taken, NOT_SENT, b"", why.reason)
    withdraw(_held(taken), printer, reason=why.reason)


@transaction.atomic
def set_aside(*, taken: Taken, detail: str) -> None:
    """Nothing was sent, for this ticket cannot be rendered or was refused: others pass, and it is tried later."""
    lock_printer(taken.job.printer_id)
    _close_attempt(taken, NOT_SENT, b"", detail)
    change_state(_held(taken), PrintJob.State.BLOCKED, "not_rendered", not_before=Now() + ASIDE, **RELEASED)


@transaction.atomic
def let_buffer_print(*, taken: Taken) -> None:
    """Nothing was sent: the printer, well again, first prints what it still holds."""
    printer = lock_printer(taken.job.printer_id)
    _close_attempt(taken, NOT_SENT, b"", "the printer had just recovered")
    change_state(_held(taken), PrintJob.State.QUEUED, "printer_just_back", not_before=Now() + DOUBT, **RELEASED)
    note_answer(printer=printer)
    set_printer_state(printer=printer, state=Printer.State.READY)


def confirm_late(printer: Printer, process_ids: Iterable[bytes]) -> None:
    """The printer (locked) remembers tickets that were given up: they are on paper, and no copy need follow."""
    wanted = set(process_ids)
    if not wanted:
        return
    doubtful = Attempt.objects.filter(printer=printer, verdict=Verdict.UNCONFIRMED).select_related("job__ticket")
    for attempt in doubtful.filter(job__state__in=["unconfirmed", "superseded"]).order_by("pk"):
        if process_id_for(attempt.token) in wanted:
            Attempt.objects.filter(pk=attempt.pk).update(verdict=Verdict.PRINTED, level=3, ended_at=Now())
            _drop_copy(attempt.job)
            put_on_paper(attempt.job, printer, level=3, state=PrintJob.State.PRINTED)


def _drop_copy(job: PrintJob) -> None:
    waiting = PrintJob.objects.filter(supersedes=job, state__in=WAITING, lease_token__isnull=True)
    waiting.update(
        state=PrintJob.State.CANCELLED, state_at=Now(), state_reason="found_on_paper", version=F("version") + 1
    )


def put_on_paper(job: PrintJob, printer: Printer, *, level: int, state: str) -> None:
    change_state(job, state, "", printed_at=Now(), level=level, **RELEASED)
    outbox.record(printer, TicketPrinted(**job.named(), level=level))


def withdraw(job: PrintJob, printer: Printer, *, reason: str = OrderCancelled.reason) -> None:
    """Needless since the queue was looked through: a fact of its own takes it off the screens."""
    change_state(job, PrintJob.State.CANCELLED, reason, overdue_at=None, **RELEASED)
    outbox.record(printer, TicketWithdrawn(**job.named()))


def leave_in_doubt(job: PrintJob, printer: Printer, reason: str) -> None:
    """Bytes left, and no verdict: `doubt.put_in_order` follows up after a pause."""
    change_state(job, PrintJob.State.UNCONFIRMED, reason, not_before=Now() + DOUBT, **RELEASED)
    outbox.record(printer, TicketUnconfirmed(**job.named(), reason=reason))


def change_state(job: PrintJob, state: str, reason: str, **fields: Any) -> None:
    PrintJob.objects.filter(pk=job.pk).update(
        state=state, state_reason=reason, state_at=Now(), version=F("version") + 1, **fields
    )
    job.state = state


def lock_printer(printer_id: int) -> Printer:
    printer: Printer = Printer.objects.lock(pk=printer_id)
    return printer


def _held(taken: Taken) -> PrintJob:
    """The job, locked, if this worker still holds it. Raises LeaseLost."""
    held: QuerySet[PrintJob] = PrintJob.objects.filter(pk=taken.job.pk, lease_token=taken.lease_token)
    job = held.select_for_update(no_key=True, of=("self",)).first()
    if job is None:
        raise LeaseLost()
    # The lock came first: what is read now cannot change under a byte that leaves after it.
    job.ticket = Ticket.objects.select_related("order").get(pk=job.ticket_id)
    return job


def _close_attempt(taken: Taken, verdict: str, status_raw: bytes, detail: str, *, level: int | None = None) -> None:
    Attempt.objects.filter(pk=taken.attempt.pk).update(
        verdict=verdict, status_raw=status_raw.hex()[:200], detail=detail[:200], level=level, ended_at=Now()
    )
