"""`/console/printers/`: every printer, its paper, its queue and the last ticket that left for it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.console.page import draw
from delivery.console.scope import restaurants_of
from delivery.console.words import PRINTER, Shown
from delivery.ground.errors import BadRequest, NotFound, Problem
from delivery.ground.forms import PageRequest, act
from printing.models import Printer, PrintJob
from printing.rendering.picture import draw_ticket, png_of
from printing.selectors import Queue, newest_jobs, queues_of
from printing.services import fleet
from printing.services.previews import bytes_of
from printing.services.printers import pause_printer, resume_printer
from printing.services.profiles import profile_of

MOST = 120


@dataclass(frozen=True, slots=True)
class Row:
    """A printer as the office sees it; `others`: those that could take its tickets."""

    printer: Printer
    state: Shown
    queue: Queue
    last: PrintJob | None
    others: list[Printer]


@require_safe
def printers(request: PageRequest) -> HttpResponse:
    return _page(request)


@require_safe
def last_ticket(request: PageRequest, job_id: UUID) -> HttpResponse:
    """A ticket as a picture, from the bytes that left."""
    mine = PrintJob.objects.filter(public_id=job_id, printer__restaurant__in=restaurants_of(request.actor))
    job = mine.select_related("printer__restaurant", "city", "ticket").first()
    if job is None:
        raise NotFound()
    response = HttpResponse(png_of(draw_ticket(bytes_of(job), profile_of(job.printer).dots)), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
def change(request: PageRequest, uid: str) -> HttpResponse:
    """`do`: test, pause, resume, and with `to` (another printer's uid) move or replace."""
    printer, by = _one(request, uid), request.actor.ref
    said = request.POST.get("do", "")
    deeds: dict[str, Callable[[], object]] = {
        "test": lambda: fleet.print_test_page(printer=printer, by=by),
        "pause": lambda: pause_printer(printer=printer, by=by),
        "resume": lambda: resume_printer(printer=printer, by=by),
        "move": lambda: fleet.move_jobs(printer=printer, to=_one(request, request.POST.get("to", "")), by=by),
        "replace": lambda: fleet.replace_printer(
            printer=printer, by_printer=_one(request, request.POST.get("to", "")), by=by
        ),
    }
    if said not in deeds:
        raise BadRequest()

    def deed() -> None:
        deeds[said]()

    return act(request, deed, to=reverse("console_printers"), refused=lambda problem: _page(request, problem))


def _one(request: PageRequest, uid: str) -> Printer:
    mine = Printer.objects.filter(uid=uid, restaurant__in=restaurants_of(request.actor))
    printer: Printer | None = mine.select_related("restaurant", "city", "device").first()
    if printer is None:
        raise NotFound()
    return printer


def _page(request: PageRequest, problem: Problem | None = None) -> HttpResponse:
    mine = Printer.objects.filter(restaurant__in=restaurants_of(request.actor), device__revoked_at__isnull=True)
    found = list(mine.select_related("restaurant", "city", "device").order_by("restaurant__name", "pk")[:MOST])
    queues, newest = queues_of(found), newest_jobs(found)
    shops: dict[str, list[Row]] = {}
    for printer in found:
        others = [other for other in found if other.restaurant_id == printer.restaurant_id and other != printer]
        row = Row(printer, _state(printer), queues.get(printer.pk, Queue()), newest.get(printer.pk), others)
        shops.setdefault(printer.restaurant.name if printer.restaurant else "", []).append(row)
    context = {"shops": shops.items(), "refusal": problem}
    return draw(request, "printers", context, here="console_printers", status=problem.status if problem else 200)


def _state(printer: Printer) -> Shown:
    if printer.is_paused:
        return Shown("plum", "pause", _("Paused"))
    return PRINTER.get(printer.state, PRINTER["unknown"])
