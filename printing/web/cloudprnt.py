"""Star CloudPRNT over HTTP: the printer POSTs its status, GETs the ticket it is offered, and DELETEs it when done.

Source: Star's CloudPRNT manual 2.4.0 (JSON request and response, job request, job confirmation, status codes) and what
printers in the field do: no token, no DELETE, queries that are percent-encoded as a part of the path.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from delivery.accounts.limits import Limit, count_try
from delivery.ground.errors import BadRequest, NotFound
from delivery.ground.http import caller_address
from printing.drivers import Level, Outcome, Verdict
from printing.models import Attempt, Printer
from printing.rendering.star import MAKERS
from printing.services import polling

WRONG_SECRETS = Limit("wrong printer secrets", most=30, per=timedelta(minutes=1))
POLLS = Limit("requests of one printer", most=600, per=timedelta(minutes=1))
# Asked once, of a printer that has nothing to print.
QUESTIONS = ("ClientType", "ClientVersion", "Encodings", "GetPollInterval", "PageInfo")
LONGEST_ANSWER = 500
STATES = {"410": Printer.State.PAPER, "420": Printer.State.COVER}
NOT_PRINTED = {"510", "511", "520", "521"}  # media type, cannot decode, download broke off, too large
BAD_MEDIA = {"510", "511"}


@csrf_exempt  # a printer has no cookies; the secret in the path is its proof
@require_http_methods(["GET", "POST", "DELETE"])
def poll(request: HttpRequest, secret: str, query: str = "") -> HttpResponse:
    """The one address of a printer. `query`: one that the printer has percent-encoded into the path."""
    printer = _printer(request, secret)
    asked = QueryDict(query.removeprefix("?")) if query else request.GET
    if request.method == "POST":
        answer: HttpResponse = _polled(printer, _read(request.body), asked)
    elif request.method == "DELETE" or "delete" in asked:
        polling.note_asking(printer=printer, mac=asked.get("mac", ""))
        answer = _reported(printer, asked)
    else:
        polling.note_asking(printer=printer, mac=asked.get("mac", ""))
        answer = _fetched(printer, asked)
    answer["Cache-Control"] = "no-store"
    return answer


@csrf_exempt
@require_http_methods(["GET"])
def setting(request: HttpRequest, secret: str) -> HttpResponse:
    """`cloudprnt-setting.json`, which printers fetch beside the poll address to learn what we speak."""
    _printer(request, secret)
    return JsonResponse(
        {"title": "star_cloudprnt_server_setting", "version": "1.0.0", "serverSupportProtocol": ["HTTP"]}
    )


def _printer(request: HttpRequest, secret: str) -> Printer:
    printer = polling.printer_of_secret(secret)
    if printer is None or printer.transport != Printer.Transport.CLOUDPRNT:
        count_try(WRONG_SECRETS, caller_address(request))
        raise NotFound()
    count_try(POLLS, str(printer.pk))
    return printer


def _read(body: bytes) -> Mapping[str, Any]:
    """The JSON of a poll, also when it was percent-encoded or sent as a form. Raises BadRequest."""
    try:
        text = body.decode().strip()
        if text and not text.startswith("{"):
            decoded = unquote_plus(text)
            is_form = "=" in text and not decoded.startswith(("{", "["))
            text = json.dumps({name: values[0] for name, values in parse_qs(text).items()}) if is_form else decoded
        said = json.loads(text) if text else {}
    except (ValueError, RecursionError) as error:
        raise BadRequest("not the JSON of a poll") from error
    if not isinstance(said, dict):
        raise BadRequest("not the JSON of a poll")
    return said


def _polled(printer: Printer, said: Mapping[str, Any], asked: Mapping[str, str]) -> HttpResponse:
    polling.note_asking(printer=printer, mac=str(said.get("printerMAC") or asked.get("mac", "")))
    _learn(printer, said.get("clientAction"))
    code = code_of(said.get("statusCode"))
    is_printing = said.get("printingInProgress") in (True, "true", "True")
    taken = polling.offer(printer=printer, said=polling.Said(_state(code), is_printing, f"status {code}"))
    if taken is not None:
        return JsonResponse(
            {
                "jobReady": True,
                "mediaTypes": media_types(printer),
                "jobToken": taken.attempt.token,
                "deleteMethod": "GET" if printer.labels.get("delete_method") == "GET" else "DELETE",
            }
        )
    answer: dict[str, Any] = {"jobReady": False}
    if "asked" not in printer.about:
        _note(printer, asked=True)
        answer["clientAction"] = [{"request": question, "options": ""} for question in QUESTIONS]
    return JsonResponse(answer)


def _fetched(printer: Printer, asked: Mapping[str, str]) -> HttpResponse:
    media_type = _decoded(asked.get("type", "")) or media_types(printer)[0]
    make = MAKERS.get(media_type)
    if make is None:
        return HttpResponse(status=415)

    def dress(escpos: bytes, attempt: Attempt) -> bytes:
        return make(escpos, printer.dots)

    data = polling.hand_out(printer=printer, token=_decoded(asked.get("token", "")), dress=dress)
    if data is None:
        return HttpResponse(status=404)
    _note(printer, media_type=media_type)
    return HttpResponse(data, content_type=media_type)


def _reported(printer: Printer, asked: Mapping[str, str]) -> HttpResponse:
    code = code_of(asked.get("code"))
    served = printer.about.get("media_type")
    if code in BAD_MEDIA and served in media_types(printer)[:-1]:
        # Next time it is offered what it may understand.
        others = [media_type for media_type in media_types(printer) if media_type != served]
        Printer.objects.filter(pk=printer.pk).update(media_types=others)
    polling.report(printer=printer, token=_decoded(asked.get("token", "")), outcome=outcome_of(code))
    return HttpResponse(status=200)


def code_of(said: object) -> str:
    """ "200%2520OK", "200 OK", "OK" or 200 as three digits; empty when it says nothing known."""
    text = _decoded(str(said or "")).strip()
    return "200" if text.upper().startswith("OK") else text[:3] if text[:3].isdigit() else ""


def outcome_of(code: str) -> Outcome:
    if code.startswith("2"):
        return Outcome(Verdict.PRINTED, Level.L3, bytes_sent_started=True, detail=code)
    verdict = Verdict.FAILED_CLEAN if code in NOT_PRINTED else Verdict.UNCONFIRMED
    return Outcome(verdict, Level.L1, bytes_sent_started=True, detail=f"the printer answers {code or 'nothing known'}")


def _state(code: str) -> str:
    if not code or code.startswith("2"):
        return Printer.State.READY
    # A refused ticket is no fault of the printer.
    return STATES.get(code, Printer.State.FAULT) if code.startswith("4") else Printer.State.READY


def _decoded(text: str) -> str:
    """Some printers encode what is encoded already."""
    return unquote(unquote(text))


def media_types(printer: Printer) -> list[str]:
    """What we can make and the printer takes, best first."""
    return [media_type for media_type in MAKERS if media_type in printer.media_types] or list(MAKERS)


def _learn(printer: Printer, answers: object) -> None:
    """What it answered to our questions: its model, its firmware, how often it asks, what it takes."""
    if not isinstance(answers, list):
        return
    said = {
        str(answer["request"]): str(answer.get("result", ""))[:LONGEST_ANSWER].replace("\0", "")
        for answer in answers
        if isinstance(answer, dict) and answer.get("request") in QUESTIONS
    }
    if said:
        _note(printer, **said)
    if takes := [media_type for media_type in MAKERS if media_type in said.get("Encodings", "")]:
        Printer.objects.filter(pk=printer.pk).update(media_types=takes)
    interval = said.get("GetPollInterval", "")
    if interval.isascii() and interval.isdigit() and 0 < int(interval) <= 3600:
        Printer.objects.filter(pk=printer.pk).update(poll_every_s=int(interval))


def _note(printer: Printer, **facts: object) -> None:
    if any(printer.about.get(name) != fact for name, fact in facts.items()):
        printer.about = {**printer.about, **facts}
        Printer.objects.filter(pk=printer.pk).update(about=printer.about)
