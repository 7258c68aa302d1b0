"""What every page of the console is drawn with: its side, and nobody keeps a copy."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from delivery.console.nav import places_of
from delivery.ground import clock
from delivery.ground.forms import PageRequest


def draw(
    request: PageRequest, template: str, context: Mapping[str, Any], *, here: str, status: int = 200
) -> HttpResponse:
    """The page `console/<template>.html`. `here`: the URL name of its entry in the side."""
    top = {"places": places_of(request.actor), "here": here, "now": clock.now()}
    response = render(request, f"console/{template}.html", {**top, **context}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
