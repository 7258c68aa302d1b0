"""The form of an address: a line for the deliverer, a point for the reckoning, and how to reach the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from delivery.accounts.models import AccessDetails
from delivery.cities import geocoding
from delivery.cities.models import Zone
from delivery.cities.selectors import served_zones, zones_at
from delivery.cities.shapes import middle_of
from delivery.ground.geo import Point, distance_m
from delivery.storefront import held

MOST_NEARBY: Final = 3


@dataclass(frozen=True, slots=True)
class Reached:
    """A part of a city that somebody delivers to, and how far its middle is from an address outside."""

    zone: Zone
    metres: float


class AddressForm(forms.Form):
    """The point: one that was chosen, else that of the street, else the middle of a chosen part of the city."""

    UNKNOWN_STREET = _("We do not know this street. Look at its spelling, or choose your part of the city below.")

    line = forms.CharField(label=_("Street and number"), max_length=200, widget=forms.TextInput)
    zone = forms.ChoiceField(label=_("Part of the city"), required=False)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    keep = forms.BooleanField(required=False)

    access_names = AccessDetails.ACCESS_FIELDS

    def __init__(self, zones: Sequence[Zone], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outside: Point | None = None
        self.zones = {str(zone.pk): zone for zone in zones}
        self.fields["zone"].choices = _choices(zones)  # type: ignore[attr-defined]  # of a ChoiceField
        self.fields["zone"].widget.attrs["class"] = "select"
        for name in self.access_names:
            self.fields[name] = _access_field(name)

    @property
    def access_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.access_names]

    @property
    def wants_kept(self) -> bool:
        return bool(self.cleaned_data.get("keep"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("lat") is not None and values.get("lon") is not None:
            self._refuse_outside(Point(values["lat"], values["lon"]))
        return values

    def found(self) -> held.HeldAddress | list[geocoding.Found]:
        """Of a valid form: the address, or those that it may be; none when nobody knows the street."""
        values = self.cleaned_data
        access = {name: values[name] for name in self.access_names}
        if values["lat"] is not None and values["lon"] is not None:
            return held.HeldAddress(values["line"], values["lat"], values["lon"], access)
        if values["zone"]:
            zone = self.zones[values["zone"]]
            middle = middle_of(zone)
            return held.HeldAddress(values["line"], middle.lat, middle.lon, access, reckoned_from=zone.name)
        found = geocoding.search(city=None, text=values["line"])
        if len(found) == 1 and found[0].is_exact and zones_at(found[0].point):
            return held.HeldAddress(found[0].line, found[0].lat, found[0].lon, access)
        return found

    def _refuse_outside(self, point: Point) -> None:
        if not zones_at(point):
            self.outside = point
            self.add_error("line", _("Nobody delivers to this address yet."))


def nearby(point: Point) -> list[Reached]:
    """The parts of cities that somebody delivers to, nearest first."""
    reached = [Reached(zone, distance_m(middle_of(zone), point)) for zone in served_zones()]
    return sorted(reached, key=lambda each: each.metres)[:MOST_NEARBY]


def _choices(zones: Sequence[Zone]) -> list[Any]:
    by_city: dict[str, list[tuple[str, str]]] = {}
    for zone in zones:
        by_city.setdefault(zone.city.name, []).append((str(zone.pk), zone.name))
    return [("", _("Choose")), *by_city.items()]


def _access_field(name: str) -> forms.CharField:
    column: Any = AccessDetails._meta.get_field(name)
    return forms.CharField(label=capfirst(column.verbose_name), required=False, max_length=column.max_length)
