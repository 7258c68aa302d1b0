"""Printers that ask us for work, instead of being called: who asks, what is offered, handed out, and reported back.

The lease is taken when a ticket is offered. Once its bytes were handed out, only a result ends it, or the end of
`CLAIM`: then nobody knows, and the marked copy has a token of its own.
"""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Now

from delivery.ground.errors import NotAllowed
from delivery.ground.ids import new_token, sha256_of
from printing.drivers import Blocked, Level, Outcome, PrinterBlocked, Verdict, process_id_for
from printing.models import WAITING, Attempt, Printer, PrintJob
from printing.services import doubt, jobs
from printing.services.printers import note_answer, note_seen, set_printer_state
from printing.services.sending import cut_first, payload_of

log = structlog.get_logger(__name__)

CLAIM = timedelta(seconds=30)
NO_MAC = "00:00:00:00:00:00"
WHY = {
    Printer.State.PAPER: Blocked.PAPER,
    Printer.State.COVER: Blocked.COVER,
    Printer.State.OFFLINE: Blocked.OFFLINE,
    Printer.State.FAULT: Blocked.ERROR,
}


class MacRefused(NotAllowed):
    code, title = "printer_mac_refused", "This address belongs to another printer"


@dataclass(frozen=True)
class Said:
    """What a printer says about itself when it asks. `detail` is for people."""

    state: str = Printer.State.READY
    is_printing: bool = False
    detail: str = ""


def issue_secret(*, printer: Printer) -> str:
    """A new secret for the address that the printer asks; the old one stops working. Only its SHA-256 is kept."""
    secret = new_token()
    Printer.objects.filter(pk=printer.pk).update(path_secret=sha256_of(secret), mac="")
    return secret


def printer_of_secret(secret: str) -> Printer | None:
    found = Printer.objects.filter(path_secret=sha256_of(secret), device__revoked_at__isnull=True)
    return found.select_related("restaurant", "city").first()


def note_asking(*, printer: Printer, mac: str) -> None:
    """It lives. The first MAC address that comes with the secret is the only one from then on.

    `mac` as the printer writes it; empty, or all zeros, when it says none. Raises MacRefused.
    """
    said = normal_mac(mac)
    if said and said != NO_MAC:
        if not printer.mac:
            Printer.objects.filter(pk=printer.pk, mac="").update(mac=said)
            printer.refresh_from_db(fields=["mac"])
        if printer.mac != said:
            log.warning("printer_mac_refused", printer=printer.uid)
            raise MacRefused()
    Printer.objects.filter(pk=printer.pk).update(asked_at=Now())
    note_seen(printer=printer)


def normal_mac(text: str) -> str:
    """Twelve hexadecimal digits as `00:11:62:aa:bb:cc`, whatever stood between them; else empty."""
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2)) if len(digits) == 12 else ""


def offer(*, printer: Printer, said: Said) -> jobs.Taken | None:
    """The ticket that the printer should fetch now; the same one until it is fetched. None: nothing, or not now."""
    with suppress(jobs.LeaseLost):  # a twin of this request, or a worker, was quicker
        return _offer(printer, said)
    return None


def _offer(printer: Printer, said: Said) -> jobs.Taken | None:
    doubt.put_in_order(printer_id=printer.pk)
    held = held_by(printer)
    if said.state != Printer.State.READY:
        _note_trouble(printer, held, said)
        return None
    if printer.state != Printer.State.READY:
        _note_recovery(printer)
    if held is None:
        return jobs.take_next(printer_id=printer.pk, owner=f"{printer.transport}:{printer.uid}"[:80])
    if held.job.state != PrintJob.State.SENDING:
        prolong(held)
        return held
    if said.is_printing:
        prolong(held)
    return None


def held_by(printer: Printer) -> jobs.Taken | None:
    """The job that is offered to the printer or in its hands."""
    held = PrintJob.objects.filter(printer=printer, lease_token__isnull=False)
    job = held.select_related("ticket__order", "printer__restaurant", "city").first()
    if job is None or job.lease_token is None:
        return None
    return jobs.Taken(job, Attempt.objects.get(job=job, number=job.attempts), job.lease_token)


def prolong(held: jobs.Taken) -> None:
    PrintJob.objects.filter(pk=held.job.pk, lease_token=held.lease_token).update(lease_until=Now() + CLAIM)


@transaction.atomic
def _note_recovery(printer: Printer) -> None:
    """It can print again; what it still holds comes out first, and a copy waits for that."""
    locked = jobs.lock_printer(printer.pk)
    was_stopped = locked.state in WHY and locked.state != Printer.State.OFFLINE
    set_printer_state(printer=locked, state=Printer.State.READY)
    note_answer(printer=locked)
    if was_stopped:
        copies = PrintJob.objects.filter(printer=printer, state__in=WAITING, supersedes__isnull=False)
        copies.update(not_before=Now() + jobs.DOUBT)


def _note_trouble(printer: Printer, held: jobs.Taken | None, said: Said) -> None:
    """A fault in the middle of a ticket leaves it in doubt; before it, the ticket just waits."""
    if held is not None and held.job.state == PrintJob.State.SENDING:
        outcome = Outcome(Verdict.UNCONFIRMED, Level.L1, bytes_sent_started=True, detail=said.detail)
        jobs.settle(taken=held, outcome=outcome)
    elif held is not None:
        jobs.settle_blocked(taken=held, error=PrinterBlocked(WHY[Printer.State(said.state)], detail=said.detail))
    if printer.state != said.state:
        with transaction.atomic():
            set_printer_state(printer=jobs.lock_printer(printer.pk), state=said.state)


def hand_out(*, printer: Printer, token: str, dress: Callable[[bytes, Attempt], bytes]) -> bytes | None:
    """The bytes of the ticket on offer, the same ones however often they are fetched. None: there is none.

    Args:
        token: of the attempt; empty when the printer knows no tokens. dress: its ESC/POS in the printer's own form.
    """
    held = held_by(printer)
    if held is None or (token and token != held.attempt.token):
        return None
    with suppress(jobs.LeaseLost):
        return _hand_out(printer, held, dress)
    return None


def _hand_out(printer: Printer, held: jobs.Taken, dress: Callable[[bytes, Attempt], bytes]) -> bytes | None:
    job, attempt = held.job, held.attempt
    try:
        escpos = cut_first(printer, attempt) + payload_of(job, attempt=attempt.number, at=attempt.began_at)
        data = dress(escpos, attempt)
    except Exception as error:  # whatever is wrong with this ticket, its printer has others; `paper_by` calls a person
        log.exception("ticket_not_rendered", printer=printer.uid, job=str(held.job))
        jobs.set_aside(taken=held, detail=type(error).__name__)
        return None
    if held.job.state == PrintJob.State.SENDING:
        prolong(held)
        return data
    try:
        digest = hashlib.sha256(data).hexdigest()
        jobs.begin_sending(taken=held, sha256=digest, lease=CLAIM, payload=escpos)
    except jobs.NotWanted as why:
        jobs.call_off(taken=held, why=why)
        return None
    except jobs.JustBack:
        jobs.let_buffer_print(taken=held)
        return None
    return data


def report(*, printer: Printer, token: str, outcome: Outcome) -> None:
    """What the printer says became of a ticket, however late and however often.

    `token`: empty when the printer knows none; then it means the one in its hands.
    """
    held = held_by(printer)
    if held is None or (token and token != held.attempt.token):
        if token and outcome.verdict == Verdict.PRINTED:
            _confirm(printer, token)
        return
    if held.job.state == PrintJob.State.SENDING:
        jobs.settle(taken=held, outcome=outcome)
        log.info("ticket_sent", printer=printer.uid, job=str(held.job), verdict=str(outcome.verdict))
    elif outcome.verdict != Verdict.PRINTED:
        with suppress(jobs.LeaseLost):
            jobs.set_aside(taken=held, detail=outcome.detail)  # refused without having been fetched


@transaction.atomic
def _confirm(printer: Printer, token: str) -> None:
    jobs.confirm_late(jobs.lock_printer(printer.pk), [process_id_for(token)])
