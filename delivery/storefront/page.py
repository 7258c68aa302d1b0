"""What every page of the storefront shows at its top: the address, and the basket."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from delivery.ground.forms import PageRequest
from delivery.storefront import held
from delivery.storefront.bill import bill_of


def draw(
    request: PageRequest, template: str, context: Mapping[str, Any], *, now: datetime, status: int = 200
) -> HttpResponse:
    """The page with address and basket. It is this browser's own: nobody may keep a copy."""
    top = {"address": held.address_of(request), "bill": bill_of(request, now)}
    response = render(request, f"storefront/{template}.html", {**top, **context}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
