"""What a dispatcher does, as small JSON answers. `undo` in an answer is the act that takes it back.

A refusal is problem+json with its title in the reader's language; a conflict's `current` says how it stands now.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from delivery.accounts.models import Account
from delivery.cities.selectors import watches
from delivery.ground.errors import Invalid, NotAllowed, NotFound, Problem
from delivery.ground.forms import PageRequest, seen_version, write_once
from delivery.orders.models import Order
from dispatch.desk import hand_dispatch, logbook
from dispatch.desk import services as desk
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Deliverer
from dispatch.models import Route, Stop
from dispatch.services import assign
from dispatch.services.assign import Seen
from dispatch.web.control_room import city_of
from dispatch.web.desk_words import CLOSE_REASONS

Work = Callable[[], Mapping[str, Any] | None]
NOBODY = "nobody"


class Closing(forms.Form):
    reason = forms.ChoiceField(choices=CLOSE_REASONS)


class Minutes(forms.Form):
    minutes = forms.IntegerField(min_value=0, max_value=24 * 60)


@require_POST
def assign_order(request: PageRequest, order_id: UUID) -> HttpResponse:
    """`deliverer`: who carries it. `seen`: who carried it on the screen, or "nobody"; without it nothing is checked."""
    order = _order(request, order_id)

    def work() -> Mapping[str, Any]:
        deliverer = _deliverer(order, request.POST.get("deliverer", ""))
        before = _carrier(order)
        seen = _seen(order, request.POST.get("seen", ""))
        assign.assign_order(order_id=order.pk, deliverer_id=deliverer.pk, by=request.actor.ref, seen=seen)
        return {"undo": _inverse(order, before, now=deliverer)}

    return answer(request, work)


@require_POST
def unassign_order(request: PageRequest, order_id: UUID) -> HttpResponse:
    """The order waits again. `seen` as for `assign_order`."""
    order = _order(request, order_id)

    def work() -> Mapping[str, Any]:
        before = _carrier(order)
        seen = _seen(order, request.POST.get("seen", ""))
        assign.unassign_order(order_id=order.pk, by=request.actor.ref, seen=seen)
        return {"undo": _inverse(order, before, now=None) if before else None}

    return answer(request, work)


@require_POST
def take_alarm(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    alarm = _alarm(request, alarm_id)

    def work() -> Mapping[str, Any]:
        desk.take_alarm(alarm_id=alarm_id, account_id=_me(request), by=request.actor.ref, version=seen_version(request))
        return _alarm_undo(alarm)

    return answer(request, work)


@require_POST
def give_back_alarm(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    _alarm(request, alarm_id)
    version = seen_version(request)
    return answer(
        request, lambda: _done(desk.give_back_alarm(alarm_id=alarm_id, by=request.actor.ref, version=version))
    )


@require_POST
def hand_over_alarm(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    """`to`: the public id of another dispatcher of the city."""
    alarm = _alarm(request, alarm_id)

    def work() -> Mapping[str, Any]:
        heir = forms.UUIDField(required=True)
        try:
            account = Account.objects.filter(public_id=heir.clean(request.POST.get("to", ""))).first()
        except forms.ValidationError:
            account = None
        if account is None:
            raise Invalid(gettext("Choose who takes it over"))
        desk.hand_over_alarm(
            alarm_id=alarm_id, account_id=account.pk, by=request.actor.ref, version=seen_version(request)
        )
        return _alarm_undo(alarm)

    return answer(request, work)


@require_POST
def snooze_alarm(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    """`minutes` of city time; then it asks again."""
    alarm = _alarm(request, alarm_id)

    def work() -> Mapping[str, Any]:
        desk.snooze_alarm(
            alarm_id=alarm_id,
            account_id=_me(request),
            duration=_minutes(request),
            by=request.actor.ref,
            version=seen_version(request),
        )
        return _alarm_undo(alarm)

    return answer(request, work)


@require_POST
def close_alarm(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    _alarm(request, alarm_id)

    def work() -> None:
        form = Closing(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Say how it ended"))
        desk.close_alarm(
            alarm_id=alarm_id,
            reason=form.cleaned_data["reason"],
            by=request.actor.ref,
            version=seen_version(request),
        )

    return answer(request, work)


@require_POST
def write_note(request: PageRequest) -> HttpResponse:
    """`text` into the logbook of ?city=; `about`: the order it is about."""
    city = city_of(request)

    def work() -> None:
        text = request.POST.get("text", "").strip()
        if not 0 < len(text) <= logbook.LONGEST_NOTE:
            raise Invalid(gettext("Write something, up to 500 characters"))
        about = Order.objects.filter(city=city, number=request.POST.get("about", "")).order_by("-placed_at").first()
        subject = f"order:{about.public_id}" if about else ""
        logbook.write_note(city_id=city.pk, text=text, by=request.actor.ref, about=subject)

    return answer(request, work)


@require_POST
def set_hand_dispatch(request: PageRequest) -> HttpResponse:
    """`minutes` for which dispatchers of ?city= assign by hand; 0: the planner proposes again."""
    city = city_of(request)

    def work() -> None:
        duration, me = _minutes(request), _me(request)
        if duration:
            hand_dispatch.dispatch_by_hand(city=city, author_id=me, duration=duration, by=request.actor.ref)
        else:
            hand_dispatch.dispatch_by_planner(city=city, author_id=me, by=request.actor.ref)

    return answer(request, work)


def answer(request: PageRequest, work: Work) -> HttpResponse:
    """What the act did, or why not."""
    try:
        return JsonResponse(write_once(request, work))
    except Problem as problem:
        body = problem.as_dict() | {"title": gettext(problem.title)}
        return JsonResponse(body, status=problem.status, content_type="application/problem+json")


def _done(_: object) -> None:
    """An act without an answer of its own."""


def _order(request: PageRequest, order_id: UUID) -> Order:
    order: Order | None = Order.objects.filter(public_id=order_id).first()
    if order is None or not watches(request.actor, order.city_id):
        raise NotFound()
    return order


def _alarm(request: PageRequest, alarm_id: UUID) -> Alarm:
    alarm: Alarm | None = Alarm.objects.filter(public_id=alarm_id).first()
    if alarm is None or not watches(request.actor, alarm.city_id):
        raise NotFound()
    return alarm


def _me(request: PageRequest) -> int:
    if request.actor.account_id is None:
        raise NotAllowed()
    return request.actor.account_id


def _minutes(request: PageRequest) -> timedelta:
    form = Minutes(request.POST)
    if not form.is_valid():
        raise Invalid(gettext("Give a number of minutes"))
    return timedelta(minutes=form.cleaned_data["minutes"])


def _deliverer(order: Order, public_id: str) -> Deliverer:
    field = forms.UUIDField()
    try:
        named = field.clean(public_id)
    except forms.ValidationError:
        raise Invalid(gettext("Choose who carries it")) from None
    found: Deliverer | None = Deliverer.objects.filter(city=order.city_id, public_id=named).first()
    if found is None:
        raise Invalid(gettext("Choose who carries it"))
    return found


def _carrier(order: Order) -> Deliverer | None:
    stop = (
        Stop.objects.filter(order=order, kind=Stop.Kind.DROPOFF, route__status=Route.Status.ASSIGNED)
        .select_related("route__deliverer")
        .first()
    )
    return stop.route.deliverer if stop and stop.route else None


def _seen(order: Order, said: str) -> Seen | None:
    if not said:
        return None
    return Seen(None if said == NOBODY else _deliverer(order, said).pk)


def _inverse(order: Order, before: Deliverer | None, *, now: Deliverer | None) -> Mapping[str, Any]:
    """The act that gives the order back to who had it."""
    seen = str(now.public_id) if now else NOBODY
    if before is None:
        return {"url": reverse("control_room_unassign", args=[order.public_id]), "fields": {"seen": seen}}
    fields = {"deliverer": str(before.public_id), "seen": seen}
    return {"url": reverse("control_room_assign", args=[order.public_id]), "fields": fields}


def _alarm_undo(before: Alarm) -> Mapping[str, Any]:
    """Back to nobody. What somebody else owned before is handed back by a person, not by a key."""
    if before.owner_id is not None:
        return {"undo": None}
    return {"undo": {"url": reverse("control_room_give_back", args=[before.public_id]), "fields": {}}}
