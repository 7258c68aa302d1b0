"""`/address/`: where to bring it. There is no street directory yet, so the page says what it reckons from."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from delivery.accounts.models import AccessDetails, Address
from delivery.cities.models import Zone
from delivery.cities.selectors import served_zones, zones_at
from delivery.cities.shapes import middle_of
from delivery.ground import clock
from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.geo import Point, distance_m
from delivery.ground.ids import public_id_in
from delivery.storefront import held
from delivery.storefront.page import draw

OUTSIDE = _("Nobody delivers to this address yet. The nearest place that we reach: %(place)s.")
ONWARD = ("shop", "checkout")


class AddressForm(forms.Form):
    """A line for the deliverer and a point for the reckoning: a real position, else the middle of a zone."""

    line = forms.CharField(
        label=_("Street and number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    zone = forms.ChoiceField(label=_("Part of the city"), required=False)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)

    def __init__(self, zones: Sequence[Zone], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zones = {str(zone.pk): zone for zone in zones}
        self.fields["zone"].choices = _choices(zones)  # type: ignore[attr-defined]  # of a ChoiceField
        self.fields["zone"].widget.attrs["class"] = "select"
        for name in AccessDetails.ACCESS_FIELDS:
            self.fields[name] = _access_field(name)

    @property
    def access_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in AccessDetails.ACCESS_FIELDS]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        has_point = values.get("lat") is not None and values.get("lon") is not None
        if not has_point and not values.get("zone"):
            self.add_error("zone", _("Choose a part of the city, or use your position."))
        elif has_point and not zones_at(Point(values["lat"], values["lon"])):
            self.add_error("line", OUTSIDE % {"place": self._nearest(Point(values["lat"], values["lon"]))})
        return values

    def held_address(self) -> held.HeldAddress:
        """Of a valid form."""
        values = self.cleaned_data
        access = {name: values[name] for name in AccessDetails.ACCESS_FIELDS}
        if values["lat"] is not None and values["lon"] is not None:
            return held.HeldAddress(values["line"], values["lat"], values["lon"], access)
        zone = self.zones[values["zone"]]
        middle = middle_of(zone)
        return held.HeldAddress(values["line"], middle.lat, middle.lon, access, reckoned_from=zone.name)

    def _nearest(self, point: Point) -> str | Promise:
        zone = min(self.zones.values(), key=lambda zone: distance_m(middle_of(zone), point), default=None)
        return f"{zone.city.name}, {zone.name}" if zone else _("none")


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: PageRequest) -> HttpResponse:
    """Keeps the address in the session and leads on to `next`."""
    form = AddressForm(served_zones(), request.POST or None, initial=_initial(request))
    if form.is_valid():
        held.keep_address(request.session, form.held_address())
        return HttpResponseRedirect(reverse(_onward(request)))
    status = 422 if form.is_bound else 200
    return draw(request, "address", address_context(request, form), now=clock.now(), status=status)


@require_POST
def saved_address(request: PageRequest) -> HttpResponse:
    """Takes a saved address of the person who is signed in."""
    saved = _saved(request).filter(public_id=public_id_in(request.POST.get("saved", ""))).first()
    if saved is None:
        raise NotFound()
    held.keep_address(request.session, held.of_saved(saved))
    return HttpResponseRedirect(reverse(_onward(request)))


def address_context(request: PageRequest, form: AddressForm | None = None) -> dict[str, Any]:
    """What the address form needs, wherever it is drawn."""
    return {
        "form": form or AddressForm(served_zones(), initial=_initial(request)),
        "saved": _saved(request),
        "next": _onward(request),
    }


def _saved(request: PageRequest) -> QuerySet[Address]:
    account_id = request.actor.account_id
    return Address.objects.filter(account_id=account_id).order_by("pk") if account_id else Address.objects.none()


def _initial(request: PageRequest) -> dict[str, Any]:
    """The address as it is held; a position is not offered again, its door may be another one now."""
    kept = held.address_of(request)
    return {"line": kept.line, **kept.access} if kept else {}


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if wanted in ONWARD else ONWARD[0]


def _choices(zones: Sequence[Zone]) -> list[Any]:
    by_city: dict[str, list[tuple[str, str]]] = {}
    for zone in zones:
        by_city.setdefault(zone.city.name, []).append((str(zone.pk), zone.name))
    return [("", _("Choose")), *by_city.items()]


def _access_field(name: str) -> forms.CharField:
    column: Any = AccessDetails._meta.get_field(name)
    return forms.CharField(label=capfirst(column.verbose_name), required=False, max_length=column.max_length)
