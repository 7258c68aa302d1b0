"""The stops of `/phone/`: arrived, handed over with a proof, nobody there, a text to the customer.

A phone without a link keeps these forms and sends them later, each with the instant of its tap in `happened_at`.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from delivery.ground.errors import Invalid, NotFound, Problem
from delivery.ground.forms import PageRequest, seen_version, sent_once
from delivery.messaging.services import queue_message
from dispatch.fleet.models import Deliverer
from dispatch.models import Stop
from dispatch.services import stops
from dispatch.services.handover import CleanJpeg, Handover, count_wrong_pin, require_waited
from dispatch.transitions import OPEN_STOPS
from dispatch.web.phone import act_as, me_of
from dispatch.web.phone_page import AT_COUNTER, AT_DOOR, MESSAGES, NOBODY
from dispatch.web.photos import clean_photo


class Instant(forms.CharField):
    """An instant with its offset, as scripts write it."""

    def clean(self, value: object) -> object:
        text = super().clean(value)
        if not text:
            return None
        try:
            instant = parse_datetime(text)
        except ValueError:
            instant = None
        if instant is None or not is_aware(instant):
            raise ValidationError("an instant with its offset")
        return instant


class Visit(forms.Form):
    happened_at = Instant(required=False, max_length=40)


class Completion(Visit):
    pin = forms.CharField(required=False, max_length=12)
    left = forms.BooleanField(required=False)


class Failure(Visit):
    reason = forms.ChoiceField(choices=[*AT_COUNTER, *AT_DOOR, NOBODY])


class Text(forms.Form):
    text = forms.ChoiceField(choices=MESSAGES)


@require_POST
def arrive_stop(request: PageRequest, stop_id: UUID) -> HttpResponse:
    def arrive(me: Deliverer) -> None:
        happened_at = _valid(Visit(request.POST))["happened_at"]
        for each, version in [(stop_id, seen_version(request)), *((pk, None) for pk in _same_counter(me, stop_id))]:
            stops.arrive_stop(
                stop_id=each, deliverer_id=me.pk, by=request.actor.ref, version=version, happened_at=happened_at
            )

    return act_as(request, str(stop_id), arrive)


@require_POST
def complete_stop(request: PageRequest, stop_id: UUID) -> HttpResponse:
    wrong = _wrong_pin(request, me_of(request), stop_id)

    def complete(me: Deliverer) -> None:
        if wrong is not None:
            raise wrong
        form = _valid(Completion(request.POST))
        stops.complete_stop(
            stop_id=stop_id,
            deliverer_id=me.pk,
            by=request.actor.ref,
            version=seen_version(request),
            happened_at=form["happened_at"],
            handover=Handover(pin=form["pin"], photo=_photo(request), is_left=form["left"]),
        )

    return act_as(request, str(stop_id), complete)


@require_POST
def wait_for_customer(request: PageRequest, stop_id: UUID) -> HttpResponse:
    """Nobody answers: the time begins, and the customer is told that somebody stands at the door."""

    def wait(me: Deliverer) -> None:
        stop = stops.wait_for_customer(
            stop_id=stop_id,
            deliverer_id=me.pk,
            by=request.actor.ref,
            version=seen_version(request),
            happened_at=_valid(Visit(request.POST))["happened_at"],
        )
        _write_to_customer(stop, "at_door")

    return act_as(request, str(stop_id), wait)


@require_POST
def fail_stop(request: PageRequest, stop_id: UUID) -> HttpResponse:
    def fail(me: Deliverer) -> None:
        form = Failure(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Say what went wrong"))
        if form.cleaned_data["reason"] == NOBODY[0]:
            require_waited(_mine(me, stop_id))
        stops.fail_stop(
            stop_id=stop_id,
            deliverer_id=me.pk,
            reason=form.cleaned_data["reason"],
            by=request.actor.ref,
            version=seen_version(request),
        )

    return act_as(request, str(stop_id), fail)


@require_POST
def write_to_customer(request: PageRequest, stop_id: UUID) -> HttpResponse:
    """Send one of three texts in the customer's language; neither sees the other's number."""

    def write(me: Deliverer) -> None:
        _write_to_customer(_mine(me, stop_id), _valid(Text(request.POST))["text"])

    return act_as(request, str(stop_id), write)


def _wrong_pin(request: PageRequest, me: Deliverer, stop_id: UUID) -> Problem | None:
    """Counts a wrong code before the transaction that refuses it."""
    try:
        pin, key = request.POST.get("pin", "")[:12], sent_once(request)["key"]
        return count_wrong_pin(stop_id=stop_id, deliverer_id=me.pk, pin=pin, key=key)
    except Problem as problem:
        return problem


def _same_counter(me: Deliverer, stop_id: UUID) -> list[UUID]:
    """Other pickups of the route at the counter of this one: who stands there has arrived for all of them."""
    here = Stop.objects.filter(public_id=stop_id, kind=Stop.Kind.PICKUP, route__deliverer=me.pk)
    waiting = Stop.objects.filter(kind=Stop.Kind.PICKUP, status=Stop.Status.PENDING).exclude(public_id=stop_id)
    same = waiting.filter(route__in=here.values("route"), order__restaurant__in=here.values("order__restaurant"))
    return list(same.values_list("public_id", flat=True))


def _mine(me: Deliverer, stop_id: UUID) -> Stop:
    """An open stop of the deliverer. Raises NotFound."""
    open_stops = Stop.objects.filter(public_id=stop_id, route__deliverer=me.pk, status__in=OPEN_STOPS)
    stop: Stop | None = open_stops.select_related("order", "city").first()
    if stop is None:
        raise NotFound()
    return stop


def _write_to_customer(stop: Stop, code: str) -> None:
    """The same text is sent once per stop."""
    order = stop.order
    if not order.customer_phone or stop.kind != Stop.Kind.DROPOFF:
        return
    with translation.override(order.language):
        said = dict(MESSAGES)[code]
        text = gettext("Your courier with order %(number)s: %(text)s") % {"number": order.number, "text": said}
    queue_message(medium="sms", to=order.customer_phone, text=text, intent_key=f"courier:{stop.public_id}:{code}")


def _photo(request: PageRequest) -> CleanJpeg | None:
    upload = request.FILES.get("photo")
    if upload is None or not upload.size:
        return None
    return clean_photo(upload.read())


def _valid(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        wrong = {name: "; ".join(map(str, said)) for name, said in form.errors.items()}
        raise Invalid(fields={name: [{"code": "invalid", "message": said}] for name, said in wrong.items()})
    return form.cleaned_data
