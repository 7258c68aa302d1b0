"""From a leased job to a verdict: render for the printer that is there, send, settle.

Waiting for a printer takes seconds, so no database connection is held while bytes travel.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from django.db import OperationalError, connection

from delivery.ground import clock
from printing.addresses import printer_address, printer_path
from printing.drivers import (
    Blocked,
    DeviceTransport,
    Level,
    NetworkTransport,
    Outcome,
    PrinterBlocked,
    QueueTransport,
    Transport,
    Verdict,
    driver_for,
    process_id_for,
)
from printing.drivers.replies import ProcessId, ReplyParser
from printing.errors import AddressRefused
from printing.models import CALLED, Attempt, Printer, PrintJob, Ticket
from printing.rendering.blocks import parse_blocks, render_blocks
from printing.rendering.content import Footer, Language, TicketContent
from printing.rendering.paper import Paper
from printing.rendering.ticket import render_ticket
from printing.services import doubt, jobs
from printing.services.profiles import profile_of
from printing.services.templates import layout_of
from printing.services.tickets import marks_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Patience:
    """Real seconds that a printer gets to take the connection, to tell its status, to confirm the paper."""

    connect_s: float = 2.0
    status_s: float = 2.0
    confirm_s: float = 15.0


USUAL = Patience()
AT_ONCE = 20  # jobs per turn: then the other printers of this thread are looked at
SPARE = timedelta(seconds=15)
SETTLE_TRIES = 10


def drain_printer(
    *, printer_id: int, owner: str, may_go_on: Callable[[], bool] = lambda: True, patience: Patience = USUAL
) -> int:
    """Print what waits for one printer, one ticket after the other; returns how many were tried.

    Args:
        owner: names the worker in the lease. may_go_on: asked before each ticket.
    """
    try:
        doubt.put_in_order(printer_id=printer_id)
        tried = 0
        while tried < AT_ONCE and may_go_on() and _is_called(printer_id):
            taken = jobs.take_next(printer_id=printer_id, owner=owner)
            if taken is None:
                break
            _print(taken, patience)
            tried += 1
        return tried
    finally:
        connection.close()  # back to the pool


def _is_called(printer_id: int) -> bool:
    """Whether this printer is ours to call; the others ask, or have a box that does."""
    return Printer.objects.filter(pk=printer_id, transport__in=CALLED).exists()


def _print(taken: jobs.Taken, patience: Patience) -> None:
    job = taken.job
    try:
        payload = cut_first(job.printer, taken.attempt) + payload_of(job, attempt=taken.attempt.number)
    except Exception as error:  # whatever is wrong with this ticket, its printer has others; `paper_by` calls a person
        log.exception("ticket_not_rendered", printer=job.printer.uid, job=str(job))
        jobs.set_aside(taken=taken, detail=type(error).__name__)
        return

    def before_first_byte() -> None:
        jobs.begin_sending(
            taken=taken,
            sha256=hashlib.sha256(payload).hexdigest(),
            lease=timedelta(seconds=2 * transport.confirm_within_s(payload)) + SPARE,
            payload=payload,
        )
        connection.close()

    try:
        transport = transport_to(job.printer, patience)
        connection.close()
        outcome = driver_for(transport).send(
            payload, process_id=process_id_for(taken.attempt.token), before_first_byte=before_first_byte
        )
    except PrinterBlocked as error:
        log.info("printer_blocked", printer=job.printer.uid, job=str(job), reason=str(error.reason))
        jobs.settle_blocked(taken=taken, error=error, late=_process_ids(error.status_raw))
    except jobs.NotWanted as why:
        jobs.call_off(taken=taken, why=why)
    except jobs.JustBack:
        jobs.let_buffer_print(taken=taken)
    except jobs.LeaseLost:
        log.warning("lease_lost", printer=job.printer.uid, job=str(job))
    else:
        log.info("ticket_sent", printer=job.printer.uid, job=str(job), verdict=str(outcome.verdict))
        _settle(taken, outcome)


def cut_first(printer: Printer, attempt: Attempt) -> bytes:
    """Half of a ticket that broke off hangs from the printer: it must not become the head of another order's."""
    sent = Attempt.objects.filter(printer=printer, pk__lt=attempt.pk, started_sending_at__isnull=False)
    newest = sent.exclude(verdict=Verdict.FAILED_CLEAN).order_by("-pk").values_list("verdict", flat=True).first()
    if newest is None or newest in (Verdict.PRINTED, Verdict.ASSUMED):
        return b""
    paper = Paper(profile_of(printer))
    paper.cut()
    return paper.bytes()


def _settle(taken: jobs.Taken, outcome: Outcome) -> None:
    """What came out of the printer is known here alone: outlast a restart of the database."""
    for tries_left in reversed(range(SETTLE_TRIES)):
        try:
            return jobs.settle(taken=taken, outcome=outcome)
        except OperationalError:
            connection.close()
            if not tries_left:
                raise
            time.sleep(1)
    return None


def _process_ids(heard: bytes) -> list[bytes]:
    return [reply.value for reply in ReplyParser().feed(heard) if isinstance(reply, ProcessId)]


def transport_to(printer: Printer, patience: Patience) -> Transport:
    """How to reach the printer as it is registered now; what has moved out of the allowed places is not touched.

    Raises PrinterBlocked.
    """
    answering: dict[str, Any] = {"answers": Level(printer.answers), **asdict(patience)}
    try:
        if printer.transport == Printer.Transport.LP:
            return QueueTransport(printer.path)
        if printer.transport == Printer.Transport.FILE:
            return DeviceTransport(path=printer_path(printer.path), **answering)
        return NetworkTransport(host=printer_address(printer.host), port=printer.port, **answering)
    except AddressRefused as error:
        raise PrinterBlocked(Blocked.UNREACHABLE, detail=error.detail) from error


def payload_of(job: PrintJob, *, attempt: int, at: datetime | None = None) -> bytes:
    """The bytes of the job for the printer it is now meant for; needs `job.ticket`, `printer.restaurant`, `city`.

    `at`: the instant in the footer, now when not given; the same instant gives the same bytes.
    """
    profile, marks = profile_of(job.printer), marks_of(job)
    if job.ticket.purpose == Ticket.Purpose.API:
        language = job.printer.restaurant.language if job.printer.restaurant else "en"
        blocks = parse_blocks(job.ticket.content["content"])
        return render_blocks(blocks, profile, marks=marks, language=cast(Language, language))
    footer = Footer(
        job_id=str(job.public_id)[-8:],
        attempt=attempt,
        at=clock.shown(job.city, at or clock.now()),
        printer=job.printer.name,
    )
    content = TicketContent.from_json(job.ticket.content)
    full = replace(content, marks=(*content.marks, *marks), footer=footer)
    return render_ticket(full, profile, layout_of(job.ticket.restaurant_id))
