"""`/console/tickets/`: how a restaurant's tickets look, written in a small language, seen while it is typed."""

from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from delivery.console.page import draw
from delivery.console.scope import restaurant_named, restaurants_of
from delivery.ground.errors import Problem
from delivery.ground.forms import PageRequest, act, seen_version
from delivery.ground.http import problem_response
from printing.rendering.content import Language
from printing.rendering.layout import REPEATED, REQUIRED, SIZES, USUAL_SOURCE, WORDS
from printing.rendering.picture import draw_ticket, png_of
from printing.rendering.profile import PAPER_58, PAPER_80
from printing.services.templates import preview_template, template_of, write_template
from restaurants.models import Restaurant

PAPERS = (("80", "80 mm"), ("58", "58 mm"))


@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: PageRequest, shop_id: UUID) -> HttpResponse:
    shop = restaurant_named(restaurants_of(request.actor), str(shop_id))
    if request.method != "POST":
        return _page(request, shop)
    typed = request.POST.get("layout", "")
    return act(
        request,
        lambda: _written(request, shop, typed),
        to=reverse("console_layout", args=[shop.public_id]),
        refused=lambda problem: _page(request, shop, typed=typed, problem=problem),
    )


def _written(request: PageRequest, shop: Restaurant, typed: str) -> None:
    write_template(restaurant=shop, source=typed, seen_version=seen_version(request) or 0, by=request.actor.ref)


@require_POST
def layout_preview(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """The picture of an example ticket, or problem+json that says the line; nothing is stored."""
    shop = restaurant_named(restaurants_of(request.actor), str(shop_id))
    profile = PAPER_58 if request.POST.get("paper") == "58" else PAPER_80
    language = cast(Language, shop.language)
    try:
        data = preview_template(source=request.POST.get("layout", ""), profile=profile, language=language)
    except Problem as problem:
        return problem_response(request, problem)
    response = HttpResponse(png_of(draw_ticket(data, profile.dots)), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


def _options(word: str) -> list[str]:
    """What may stand behind a block, as it is typed."""
    return ['"…"', "bold", "centre"] * (word == "text") + ["size=1…4"] * (word in SIZES)


def _page(request: PageRequest, shop: Restaurant, *, typed: str = "", problem: Problem | None = None) -> HttpResponse:
    version, source = template_of(shop)
    context = {
        "shop": shop,
        "version": version,
        "source": typed or source,
        "usual": USUAL_SOURCE,
        "words": [(word, word in REQUIRED, word in REPEATED, _options(word)) for word in WORDS],
        "papers": PAPERS,
        "refusal": problem,
    }
    return draw(request, "layout", context, here="console_printers", status=problem.status if problem else 200)
