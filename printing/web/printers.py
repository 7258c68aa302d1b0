"""The fleet by API: printers seen, registered, changed, tested, paused, emptied and replaced."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import Field

from delivery.ground.api import ApiRequest, Body, once
from delivery.ground.errors import Invalid, NotAllowed
from delivery.ground.openapi import Answer
from printing.access import RUNS
from printing.models import Printer
from printing.selectors import Queue, printers_named, printers_of, queues_of, restaurant_within_reach
from printing.services import fleet
from printing.services.printers import pause_printer, register_printer, resume_printer
from restaurants.models import Station

router = Router(tags=["printers"])

Label = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\s=\x00-\x1f]+$")]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Columns = Annotated[int, Field(ge=16, le=96, strict=True)]
Dots = Annotated[int, Field(ge=128, le=1200, multiple_of=8, strict=True)]
Port = Annotated[int, Field(ge=1, le=65535, strict=True)]


class ChangeBody(Body):
    """What is left out stays. `answers`: 1 nothing, 2 status behind the ticket, 3 process id when on paper."""

    name: Name | None = None
    labels: dict[Label, Label] | None = Field(None, max_length=20)
    host: str | None = Field(None, min_length=1, max_length=255)
    port: Port | None = None
    columns: Columns | None = None
    dots: Dots | None = None
    codepage: Literal["cp1252", "cp858"] | None = None
    has_native_qr: bool | None = None
    answers: Literal[1, 2, 3] | None = None
    cut: Literal["partial", "full", "none"] | None = None
    buzzer: Literal["none", "esc_b", "esc_paren_a", "bel"] | None = None


class RegisterBody(ChangeBody):
    """A network printer (raw TCP). `stations`: it prints for these, behind the printers that do already."""

    restaurant: str = Field(min_length=1, max_length=80)
    uid: str = Field(min_length=1, max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")
    name: Name
    host: str = Field(min_length=1, max_length=255)
    stations: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field([], max_length=20)


class ActBody(Body):
    """An act that needs no words: `{}`."""


class OtherBody(Body):
    """`to`: the uid of another printer of the same restaurant."""

    to: str = Field(min_length=1, max_length=80)


class PrinterAnswer(Answer):
    """`state`: unknown, ready, paper, cover, offline, fault; `waiting`: tickets that are not on paper yet."""

    uid: str
    name: str
    restaurant: str | None
    city: str
    labels: dict[str, str]
    transport: str
    host: str
    port: int
    columns: int
    dots: int
    codepage: str
    has_native_qr: bool
    answers: int
    cut: str
    buzzer: str
    state: str
    state_at: datetime | None
    paused: bool
    last_seen_at: datetime | None
    waiting: int
    oldest_at: datetime | None


class PrintersAnswer(Answer):
    printers: list[PrinterAnswer]


class TestAnswer(Answer):
    """The job of the test page, as `GET /print/jobs/{id}` knows it."""

    job: str


class MovedAnswer(Answer):
    moved: int


MOST_SHOWN = 1_000


@router.get("/printers", url_name="printers", response=PrintersAnswer)
def printers(request: ApiRequest, of: str = "all") -> HttpResponse:
    """Those of the caller; `of`: labels as in `POST /print`, "restaurant=pizzeria role=bar"."""
    found = printers_named(request.actor, of[:500]) if printers_of(request.actor).exists() else []
    queues = queues_of(found)
    shown = [_shown(printer, queues.get(printer.pk, Queue())) for printer in found[:MOST_SHOWN]]
    return JsonResponse({"printers": shown})


@router.get("/printers/{slug:uid}", url_name="printer", response=PrinterAnswer)
def printer(request: ApiRequest, uid: str) -> HttpResponse:
    return JsonResponse(_full(_mine(request, uid)))


@router.post("/printers", url_name="printers", response={201: PrinterAnswer})
@once
def register(request: ApiRequest, body: RegisterBody) -> tuple[int, dict[str, Any]]:
    _require_write(request)
    shop = restaurant_within_reach(request.actor, body.restaurant)
    known = set(Station.objects.filter(restaurant=shop).values_list("name", flat=True))
    if unknown := set(body.stations) - known:
        message = f"no such station: {', '.join(sorted(unknown))}"
        raise Invalid(fields={"stations": [{"code": "unknown", "message": message}]})
    said = body.dict(exclude={"restaurant"}, exclude_none=True)
    return 201, _full(register_printer(restaurant=shop, by=request.actor.ref, **said))


@router.patch("/printers/{slug:uid}", url_name="printer", response=PrinterAnswer)
@once
def change(request: ApiRequest, uid: str, body: ChangeBody) -> tuple[int, dict[str, Any]]:
    _require_write(request)
    said = body.dict(exclude_none=True)
    return 200, _full(fleet.change_printer(printer=_mine(request, uid), by=request.actor.ref, **said))


@router.post("/printers/{slug:uid}/test", url_name="test_printer", response={201: TestAnswer})
@once
def test(request: ApiRequest, uid: str, body: ActBody) -> tuple[int, dict[str, Any]]:
    """Queue a page that shows what this paper can."""
    job = fleet.print_test_page(printer=_mine(request, uid), by=request.actor.ref)
    return 201, {"job": str(job.public_id)}


@router.post("/printers/{slug:uid}/pause", url_name="pause_printer", response=PrinterAnswer)
@once
def pause(request: ApiRequest, uid: str, body: ActBody) -> tuple[int, dict[str, Any]]:
    """Nothing more is sent; tickets wait or go to a backup."""
    return 200, _full(pause_printer(printer=_mine(request, uid), by=request.actor.ref))


@router.post("/printers/{slug:uid}/resume", url_name="resume_printer", response=PrinterAnswer)
@once
def resume(request: ApiRequest, uid: str, body: ActBody) -> tuple[int, dict[str, Any]]:
    return 200, _full(resume_printer(printer=_mine(request, uid), by=request.actor.ref))


@router.post("/printers/{slug:uid}/move", url_name="move_jobs", response=MovedAnswer)
@once
def move(request: ApiRequest, uid: str, body: OtherBody) -> tuple[int, dict[str, Any]]:
    """Hand the tickets that wait and were never sent to another printer; they say REROUTED."""
    source, target = _mine(request, uid), _mine(request, body.to)
    return 200, {"moved": fleet.move_jobs(printer=source, to=target, by=request.actor.ref)}


@router.post("/printers/{slug:uid}/replace", url_name="replace_printer", response=PrinterAnswer)
@once
def replace(request: ApiRequest, uid: str, body: OtherBody) -> tuple[int, dict[str, Any]]:
    """The printer `to` takes over stations, labels and waiting tickets; this one is retired."""
    source, target = _mine(request, uid), _mine(request, body.to)
    return 200, _full(fleet.replace_printer(printer=source, by_printer=target, by=request.actor.ref))


def _require_write(request: ApiRequest) -> None:
    """For addresses that are read with less. Raises NotAllowed."""
    if not RUNS.opens_to(request.actor):
        raise NotAllowed("This needs the scope printers:write")


def _mine(request: ApiRequest, uid: str) -> Printer:
    (found,) = printers_named(request.actor, [uid])
    return found


def _full(printer: Printer) -> dict[str, Any]:
    return _shown(printer, queues_of([printer]).get(printer.pk, Queue()))


def _shown(printer: Printer, queue: Queue) -> dict[str, Any]:
    plain = ("uid", "name", "labels", "transport", "host", "port", "columns", "dots", "codepage", "has_native_qr")
    seen_at = printer.device.last_seen_at
    return {
        **{name: getattr(printer, name) for name in (*plain, "answers", "cut", "buzzer", "state")},
        "restaurant": printer.restaurant.slug if printer.restaurant else None,
        "city": printer.city.slug,
        "state_at": printer.state_at.isoformat() if printer.state_at else None,
        "paused": printer.is_paused,
        "last_seen_at": seen_at.isoformat() if seen_at else None,
        "waiting": queue.tickets,
        "oldest_at": queue.oldest_at.isoformat() if queue.oldest_at else None,
    }
