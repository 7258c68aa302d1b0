"""Epson Server Direct Print: the printer asks with a form (GetRequest), prints what the answer holds, and reports
with another one (SetResponse). What was in the answer may be on paper, so it is handed out once.

A printer whose spooler is on says "success" when it has only stored the ticket. Registered with the label
`spooler=on`, it is asked again with an empty job of the same id until it knows about paper.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from delivery.accounts.limits import Limit, count_try
from delivery.ground.errors import BadRequest, NotFound
from delivery.ground.http import caller_address
from printing.drivers import Level, Outcome, Verdict
from printing.models import Attempt, Printer
from printing.rendering.epos import NotAResponse, Response, print_request, read_responses
from printing.services import polling

WRONG_SECRETS = Limit("wrong printer secrets", most=30, per=timedelta(minutes=1))
REQUESTS = Limit("requests of one printer", most=600, per=timedelta(minutes=1))
STATES = {"EPTR_COVER_OPEN": Printer.State.COVER, "EPTR_REC_EMPTY": Printer.State.PAPER}
FAULTS = {"EPTR_CUTTER", "EPTR_MECHANICAL", "EPTR_AUTOMATICAL", "EPTR_UNRECOVERABLE"}
NOT_PRINTED = {"SchemaError", "DeviceNotFound", "EX_BADPORT", "EX_SPOOLER"}
STORED = "stored"  # Printer.about: the job that a spooler has taken and not yet printed


@csrf_exempt  # a printer has no cookies; the secret in the path is its proof
@require_http_methods(["POST"])
def door(request: HttpRequest, secret: str) -> HttpResponse:
    """The one address of a printer, for both of its questions."""
    printer = polling.printer_of_secret(secret)
    if printer is None or printer.transport != Printer.Transport.SDP:
        count_try(WRONG_SECRETS, caller_address(request))
        raise NotFound()
    count_try(REQUESTS, str(printer.pk))
    polling.note_asking(printer=printer, mac="")
    kind = request.POST.get("ConnectionType")
    if kind == "GetRequest":
        return _xml(_next(printer))
    if kind == "SetResponse":
        _note_all(printer, request.POST.get("ResponseFile", ""))
        return _xml(b"")
    if kind == "SetStatus":
        return _xml(b"")
    raise BadRequest("ConnectionType is GetRequest, SetResponse or SetStatus")


def _next(printer: Printer) -> bytes:
    """The next ticket, a question about one in the spooler, or nothing."""
    held = polling.held_by(printer)
    if held is not None and printer.about.get(STORED) == held.attempt.token:
        polling.prolong(held)
        return print_request(b"", held.attempt.token)
    taken = polling.offer(printer=printer, said=polling.Said())
    if taken is None:
        return b""

    def dress(escpos: bytes, attempt: Attempt) -> bytes:
        return print_request(escpos, attempt.token)

    return polling.hand_out(printer=printer, token=taken.attempt.token, dress=dress) or b""


def _note_all(printer: Printer, xml: str) -> None:
    try:
        responses = read_responses(xml)
    except NotAResponse as error:
        raise BadRequest(f"ResponseFile: {error}") from error
    for response in responses:
        _note(printer, response)


def _note(printer: Printer, response: Response) -> None:
    is_stored = bool(response.job_id) and printer.about.get(STORED) == response.job_id
    if response.code == "Printing":
        return
    if response.success and printer.labels.get("spooler") == "on" and not is_stored:
        _remember(printer, response.job_id)
        return
    if is_stored:
        _remember(printer, "")
    polling.report(printer=printer, token=response.job_id, outcome=outcome_of(response))
    if response.code in STATES or response.code in FAULTS:
        said = polling.Said(STATES.get(response.code, Printer.State.FAULT), detail=response.code)
        polling.offer(printer=printer, said=said)


def outcome_of(response: Response) -> Outcome:
    """JobNotFound, asked of a spooler, means that it has forgotten: nobody knows."""
    if response.success:
        return Outcome(Verdict.PRINTED, Level.L3, bytes_sent_started=True)
    verdict = Verdict.FAILED_CLEAN if response.code in NOT_PRINTED else Verdict.UNCONFIRMED
    return Outcome(verdict, Level.L1, bytes_sent_started=True, detail=response.code or "refused")


def _remember(printer: Printer, token: str) -> None:
    printer.about = {**printer.about, STORED: token[:8]}
    Printer.objects.filter(pk=printer.pk).update(about=printer.about)


def _xml(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-store"})
