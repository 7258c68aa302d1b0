"""Levers of a city from the control room: pulled until a time, ended by hand; the logbook keeps who did it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from delivery.cities import levers
from delivery.cities.models import Lever, Zone
from delivery.cities.selectors import watches
from delivery.ground import clock
from delivery.ground.errors import Invalid, NotFound
from delivery.ground.forms import PageRequest, seen_version
from dispatch.desk.logbook import note_act
from dispatch.web.control_room import city_of
from dispatch.web.control_room_acts import answer


class Pulling(forms.Form):
    kind = forms.ChoiceField(choices=Lever.Kind.choices)
    zone = forms.IntegerField(required=False, min_value=1)
    amount = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
    minutes = forms.IntegerField(min_value=1, max_value=24 * 60)


@require_POST
def pull_lever(request: PageRequest) -> HttpResponse:
    """`kind`, `amount`, `minutes` of ?city='s time, `zone` by its number in the form; no zone: the whole city."""
    city = city_of(request)

    def work() -> Mapping[str, Any]:
        form = Pulling(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Give a number and how many minutes it lasts"))
        wants = form.cleaned_data
        zone = Zone.objects.filter(city=city, pk=wants["zone"]).first() if wants["zone"] else None
        if wants["zone"] and zone is None:
            raise NotFound()
        lever = levers.pull_lever(
            city=city,
            kind=wants["kind"],
            until=clock.after(city, timedelta(minutes=wants["minutes"])),
            by=request.actor.ref,
            zone=zone,
            amount=None if wants["kind"] == Lever.Kind.PAUSE else wants["amount"],
        )
        _note("lever_pulled", lever, request)
        return {"undo": {"url": reverse("control_room_end_lever", args=[lever.public_id]), "fields": {}}}

    return answer(request, work)


@require_POST
def end_lever(request: PageRequest, lever_id: UUID) -> HttpResponse:
    """Everything is as usual again."""
    lever: Lever | None = Lever.objects.filter(public_id=lever_id).select_related("zone").first()
    if lever is None or not watches(request.actor, lever.city_id):
        raise NotFound()
    version = seen_version(request)

    def work() -> None:
        levers.end_lever(lever_id=lever.pk, by=request.actor.ref, version=version)
        _note("lever_ended", lever, request)

    return answer(request, work)


def _note(kind: str, lever: Lever, request: PageRequest) -> None:
    detail = {"lever": lever.kind, "zone": lever.zone.name if lever.zone else None, "amount": lever.amount}
    note_act(city_id=lever.city_id, kind=kind, by=request.actor.ref, about=f"lever:{lever.public_id}", detail=detail)
