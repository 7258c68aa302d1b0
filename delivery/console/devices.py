"""`/console/devices/`: screens and printers of a restaurant, when they were last seen, and codes for new ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.cities.models import City
from delivery.console.page import draw
from delivery.console.scope import restaurants_of
from delivery.console.words import PRINTER, Shown
from delivery.devices import services
from delivery.devices.models import Device, Kind
from delivery.ground import clock
from delivery.ground.errors import BadRequest, Invalid, NotFound, Problem
from delivery.ground.forms import PageRequest, act
from printing.models import Printer
from printing.services.printers import pause_printer, resume_printer
from printing.services.requests import request_print
from restaurants.models import Restaurant

SILENT_AFTER: Final = timedelta(minutes=2)
MOST: Final = 300
SCREENS: Final = ((Kind.LOBBY.value, Kind.LOBBY.label), (Kind.KITCHEN.value, Kind.KITCHEN.label))


@dataclass(frozen=True, slots=True)
class Row:
    """A device as the office sees it; `printer` for those that print."""

    device: Device
    place: City
    state: Shown
    printer: Printer | None


class CodeForm(forms.Form):
    restaurant = forms.ModelChoiceField(
        queryset=Restaurant.objects.none(),
        label=_("Restaurant"),
        to_field_name="public_id",
        widget=forms.Select(attrs={"class": "select"}),
    )
    kind = forms.ChoiceField(choices=SCREENS, label=_("Screen"), widget=forms.Select(attrs={"class": "select"}))


@require_safe
def devices(request: PageRequest) -> HttpResponse:
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def pairing_code(request: PageRequest) -> HttpResponse:
    """A code is made by POST only, shown this once, and nowhere written down."""
    form = _code_form(request)
    code = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        code = services.create_pairing_code(
            kind=Kind(said["kind"]), restaurant=said["restaurant"], by=request.actor.ref
        )
    context = {"form": form, "code": f"{code[:4]}-{code[4:]}" if code else "", "made": form.data.get("kind", "")}
    return draw(request, "pairing_code", context, here="console_devices")


@require_POST
def change(request: PageRequest, device_id: UUID) -> HttpResponse:
    """`do`: revoke, language (with `language`), and for printers test, pause, resume."""
    device = _mine(request).filter(public_id=device_id).first()
    if device is None:
        raise NotFound()
    by = request.actor.ref
    printer = Printer.objects.filter(device=device).select_related("restaurant", "city").first()
    deeds: dict[str, Callable[[], object]] = {
        "revoke": lambda: services.revoke_device(device=device),
        "language": lambda: _set_language(device, request.POST.get("language", "")),
    }
    if printer is not None:
        deeds |= {
            "test": lambda: _print_test(printer, by),
            "pause": lambda: pause_printer(printer=printer, by=by),
            "resume": lambda: resume_printer(printer=printer, by=by),
        }
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        raise BadRequest()
    return act(request, deed, to=reverse("console_devices"), refused=lambda problem: _page(request, problem))


def _page(request: PageRequest, problem: Problem | None = None) -> HttpResponse:
    now = clock.now()
    found = list(_mine(request).select_related("city", "restaurant").order_by("restaurant__name", "kind", "pk")[:MOST])
    printers = {printer.device_id: printer for printer in Printer.objects.filter(device__in=found)}
    rows = [
        Row(device, device.city, _state(device, printers.get(device.pk), now), printers.get(device.pk))
        for device in found
    ]
    shops: dict[str, list[Row]] = {}
    for row in rows:
        shops.setdefault(row.device.restaurant.name if row.device.restaurant else row.place.name, []).append(row)
    context = {"shops": shops.items(), "languages": settings.LANGUAGES, "refusal": problem}
    return draw(request, "devices", context, here="console_devices", status=problem.status if problem else 200)


def _mine(request: PageRequest) -> QuerySet[Device]:
    """Devices that work, of the actor's restaurants."""
    return Device.objects.filter(restaurant__in=restaurants_of(request.actor), revoked_at__isnull=True)


def _code_form(request: PageRequest) -> CodeForm:
    form = CodeForm(request.POST or None)
    shops = restaurants_of(request.actor).filter(is_active=True)
    form.fields["restaurant"].queryset = shops  # type: ignore[attr-defined]  # a ModelChoiceField
    return form


def _state(device: Device, printer: Printer | None, now: datetime) -> Shown:
    if printer is not None and printer.is_paused:
        return Shown("plum", "pause", _("Paused"))
    if printer is not None:
        return PRINTER.get(printer.state, PRINTER["unknown"])
    if device.last_seen_at is None:
        return PRINTER["unknown"]
    if now - device.last_seen_at > SILENT_AFTER:
        return Shown("ash", "cloud-off", _("Silent"))
    return Shown("basil", "wifi", _("Here"))


def _set_language(device: Device, language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Invalid(gettext("Choose one of the languages"))
    services.set_language(device=device, language=language)


def _print_test(printer: Printer, by: str) -> None:
    """A page that says TEST in every language, with the printer's name and the time there."""
    time = f"{clock.shown(printer.city, clock.now()):%Y-%m-%d %H:%M}"
    place = printer.restaurant.name if printer.restaurant else printer.city.name
    request_print(
        printers=[printer],
        content=f"TEST\n{printer.name}\n{place}\n{time}",
        copies=1,
        priority=1,
        not_after=None,
        by=by,
    )
