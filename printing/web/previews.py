"""Tickets to look at: PNG, HTML and text from the very bytes, printed or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from ninja import Router
from pydantic import Field

from delivery.accounts import limits
from delivery.ground.api import ApiRequest, Body
from delivery.ground.errors import NotFound
from printing.rendering.page import html_of, text_of
from printing.rendering.picture import draw_ticket, png_of
from printing.rendering.profile import PAPER_58, PAPER_80, Profile
from printing.selectors import job_of, printers_named
from printing.services.previews import bytes_of, paper_of, preview_content
from printing.services.profiles import profile_of

router = Router(tags=["print"])
PREVIEWS = limits.Limit("print previews", most=300, per=timedelta(minutes=1))


class PreviewBody(Body):
    """`printer`: whose paper it is, by uid; without it `paper_mm`. `format`: what to answer with."""

    content: Any
    printer: str | None = Field(None, max_length=80)
    paper_mm: Literal[58, 80] = 80
    format: Literal["png", "html", "txt"] = "png"


@router.get("/print/jobs/{uuid:job_id}/preview.{kind}", url_name="print_job_preview", response={200: bytes})
def job_preview(request: ApiRequest, job_id: UUID, kind: str) -> HttpResponse:
    """The ticket as it left, or would leave now; `kind`: png, html or txt."""
    if kind not in SHOWN:
        raise NotFound()
    job = job_of(request.actor, job_id)
    return SHOWN[kind](request, bytes_of(job), profile_of(job.printer))


@router.post("/print/preview", url_name="print_preview", response={200: bytes})
def content_preview(request: ApiRequest, body: PreviewBody) -> HttpResponse:
    """What `POST /print` would put on paper; nothing is printed or stored."""
    limits.count_try(PREVIEWS, request.actor.ref)
    profile, language = {58: PAPER_58, 80: PAPER_80}[body.paper_mm], "en"
    if body.printer is not None:
        (printer,) = printers_named(request.actor, [body.printer])
        profile, language = paper_of(printer)
    data = preview_content(content=body.content, profile=profile, language=language)
    return SHOWN[body.format](request, data, profile)


def _png(request: HttpRequest, data: bytes, profile: Profile) -> HttpResponse:
    return _private(HttpResponse(png_of(draw_ticket(data, profile.dots)), content_type="image/png"))


def _html(request: HttpRequest, data: bytes, profile: Profile) -> HttpResponse:
    # html_of escapes every word of the ticket.
    paper = mark_safe(html_of(data, columns=profile.columns))
    return _private(render(request, "printing/preview.html", {"paper": paper}))


def _txt(request: HttpRequest, data: bytes, profile: Profile) -> HttpResponse:
    return _private(HttpResponse(text_of(data), content_type="text/plain; charset=utf-8"))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


SHOWN: Final[dict[str, Callable[[HttpRequest, bytes, Profile], HttpResponse]]] = {
    "png": _png,
    "html": _html,
    "txt": _txt,
}
