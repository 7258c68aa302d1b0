"""Printers behind a box in the restaurant: what the box is handed, and what it says became of it.

What the box has may be printed any time, also while the internet is away, so handing it over counts as sending. Its
journal knows every token: the same ticket may be handed over again, with the same bytes, whenever the line was broken.
"""

import base64
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from delivery.devices.models import Device, Kind
from delivery.ground import clock
from printing.drivers import Blocked, Level, Outcome, PrinterBlocked, Verdict, process_id_for
from printing.models import Attempt, Printer, PrintJob
from printing.services import doubt, jobs, polling

KEEPS_FOR = timedelta(minutes=30)


def box_of(device_ids: tuple[int, ...]) -> Device | None:
    """The box among some devices."""
    return Device.objects.filter(pk__in=device_ids, kind=Kind.AGENT, revoked_at__isnull=True).first()


def jobs_for(*, box: Device, is_new_line: bool) -> list[dict[str, Any]]:
    """What the box should print now; on a new line also what it may have been handed before."""
    found = []
    for printer in Printer.objects.filter(agent=box, transport=Printer.Transport.AGENT).order_by("pk"):
        polling.note_asking(printer=printer, mac="")
        doubt.put_in_order(printer_id=printer.pk)
        with suppress(jobs.LeaseLost):
            if (job := _job_for(printer, is_new_line=is_new_line)) is not None:
                found.append(job)
    return found


def _job_for(printer: Printer, *, is_new_line: bool) -> dict[str, Any] | None:
    held = polling.held_by(printer) or jobs.take_next(printer_id=printer.pk, owner=f"agent:{printer.uid}"[:80])
    if held is None:
        return None
    is_sent = held.job.state == PrintJob.State.SENDING
    polling.prolong(held)
    if is_sent and not is_new_line:
        return None
    token = held.attempt.token
    data = polling.hand_out(printer=printer, token=token, dress=lambda escpos, attempt: escpos)
    if data is None:
        return None
    not_after = held.job.not_after or clock.now() + KEEPS_FOR
    return {
        "token": token,
        "process_id": process_id_for(token).hex(),
        "not_after": not_after.timestamp(),
        "bytes": base64.b64encode(data).decode(),
        "printer": {
            "uid": printer.uid,
            "host": printer.host,
            "port": printer.port,
            "path": printer.path,
            "answers": printer.answers,
        },
    }


def note_result(*, box: Device, said: Mapping[str, Any]) -> None:
    """`{token, verdict, level, detail, status_raw, late, blocked}` of one ticket, however late and however often.

    Raises KeyError, TypeError or ValueError when it is no such thing.
    """
    token, verdict, level = str(said["token"]), Verdict(said["verdict"]), Level(said["level"])
    status_raw = bytes.fromhex(str(said.get("status_raw", "")))
    detail = str(said.get("detail", ""))
    attempts = Attempt.objects.filter(token=token, printer__agent=box).select_related("printer")
    attempt = attempts.order_by("-pk").first()
    if attempt is None:
        return
    held = polling.held_by(attempt.printer)
    if said.get("blocked") and held is not None and held.attempt.pk == attempt.pk:
        error = PrinterBlocked(Blocked(said["blocked"]), status_raw=status_raw, detail=detail)
        with suppress(jobs.LeaseLost):
            jobs.settle_blocked(taken=held, error=error, verdict=Verdict.FAILED_CLEAN)
        return
    outcome = Outcome(
        verdict,
        level,
        bytes_sent_started=verdict != Verdict.FAILED_CLEAN,
        status_raw=status_raw,
        detail=detail,
        other_process_ids=tuple(bytes.fromhex(word) for word in said.get("late", ())),
    )
    polling.report(printer=attempt.printer, token=token, outcome=outcome)
