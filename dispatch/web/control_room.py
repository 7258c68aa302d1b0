"""`/control-room/`: all of a city for who is on call: what is due, who carries it, what asks for a person."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.cities.models import City
from delivery.cities.selectors import watches
from delivery.ground import clock
from delivery.ground.errors import Invalid, NotAllowed, NotFound
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.ground.ids import public_id_in
from delivery.orders.models import Order
from dispatch.desk import services as desk
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Deliverer
from dispatch.services import assign
from dispatch.web.desk_rows import Due, open_alarms_of, orders_by_promise, people_on_shift
from dispatch.web.desk_words import CLOSE_REASONS

SHOW: Final = (
    ("", _("All")),
    ("unassigned", _("Unassigned")),
    ("late", _("Late or soon")),
    ("placed", _("To answer")),
)
FILTERS: Final = ("city", "show", "find")
MOST_ROWS: Final = 200


class Assignment(forms.Form):
    deliverer = forms.UUIDField()


class Closing(forms.Form):
    reason = forms.ChoiceField(choices=CLOSE_REASONS)


@require_safe
def control_room(request: PageRequest) -> HttpResponse:
    return _page(request, _city(request))


@require_POST
def assign_order(request: PageRequest, order_id: UUID) -> HttpResponse:
    order: Order | None = Order.objects.filter(public_id=order_id).select_related("city").first()
    if order is None or not watches(request.actor, order.city_id):
        raise NotFound()

    def work() -> None:
        form = Assignment(request.POST)
        chosen = (
            Deliverer.objects.filter(city=order.city_id, public_id=form.cleaned_data["deliverer"])
            if (form.is_valid())
            else Deliverer.objects.none()
        )
        deliverer = chosen.first()
        if deliverer is None:
            raise Invalid(gettext("Choose who carries it"))
        assign.assign_order(order_id=order.pk, deliverer_id=deliverer.pk, by=request.actor.ref)

    return act(
        request,
        work,
        to=_address(request),
        refused=lambda problem: _page(request, order.city, Refusal(problem, str(order_id))),
    )


@require_POST
def take_alarm(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    alarm, account_id = _alarm(request, alarm_id), request.actor.account_id
    if account_id is None:
        raise NotAllowed()
    return act(
        request,
        lambda: desk.take_alarm(
            alarm_id=alarm_id, account_id=account_id, by=request.actor.ref, version=seen_version(request)
        ),
        to=_address(request),
        refused=lambda problem: _page(request, alarm.city, Refusal(problem, str(alarm_id))),
    )


@require_POST
def close_alarm(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    alarm = _alarm(request, alarm_id)

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

    return act(
        request,
        work,
        to=_address(request),
        refused=lambda problem: _page(request, alarm.city, Refusal(problem, str(alarm_id))),
    )


def _cities(request: PageRequest) -> Sequence[City]:
    """The cities that the actor looks after, by name."""
    actor, cities = request.actor, City.objects.order_by("name", "pk")
    if actor.has("owner") or actor.has("support"):
        return list(cities)
    return list(cities.filter(pk__in=actor.bound("dispatcher", "city")))


def _city(request: PageRequest) -> City:
    """The city that ?city=<id> names, else the first. Raises NotFound."""
    named = request.GET.get("city")
    found = [city for city in _cities(request) if not named or city.public_id == public_id_in(named)]
    if not found:
        raise NotFound()
    return found[0]


def _alarm(request: PageRequest, alarm_id: UUID) -> Alarm:
    alarm: Alarm | None = Alarm.objects.filter(public_id=alarm_id).select_related("city").first()
    if alarm is None or not watches(request.actor, alarm.city_id):
        raise NotFound()
    return alarm


def _address(request: PageRequest) -> str:
    """This page, with the filters that it was opened with."""
    return f"{reverse('control_room')}{_query(request)}"


def _query(request: PageRequest) -> str:
    given = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return f"?{urlencode(given)}" if given else ""


def _page(request: PageRequest, city: City, refusal: Refusal | None = None) -> HttpResponse:
    now = clock.now()
    everything = orders_by_promise(city, now)
    chosen = _filtered(everything, request.GET.get("show", ""), request.GET.get("find", ""))
    people, alarms = people_on_shift(city, now), open_alarms_of(city)
    shown = {due.id for due in chosen[:MOST_ROWS]} | {str(asked.alarm.public_id) for asked in alarms}
    context = {
        "now": now,
        "city": city,
        "cities": _cities(request),
        "topics": f"city.{city.public_id}",
        "orders": chosen[:MOST_ROWS],
        "hidden": len(chosen) - len(chosen[:MOST_ROWS]),
        "open": len(everything),
        "unassigned": sum(due.is_unassigned for due in everything),
        "late": sum(due.tone == "tomato" for due in everything),
        "people": people,
        "free": sum(not person.bags and not person.has_offer for person in people),
        "alarms": alarms,
        "close_reasons": CLOSE_REASONS,
        "filters": SHOW,
        "show": request.GET.get("show", ""),
        "find": request.GET.get("find", ""),
        "query": _query(request),
        "refusal": refusal,
        "refused_card": refusal is not None and refusal.about in shown,
    }
    return render(request, "dispatch/control_room.html", context, status=refusal.problem.status if refusal else 200)


def _filtered(orders: Sequence[Due], show: str, find: str) -> list[Due]:
    """The orders that the filters of the address leave; an unknown filter leaves all."""
    tests: dict[str, Callable[[Due], bool]] = {
        "unassigned": lambda due: due.is_unassigned,
        "late": lambda due: bool(due.tone),
        "placed": lambda due: due.order.status == "placed",
    }
    chosen = [due for due in orders if show not in tests or tests[show](due)]
    wanted = find.strip().casefold()
    return [due for due in chosen if wanted in _searched(due)] if wanted else chosen


def _searched(due: Due) -> str:
    order = due.order
    words = (
        order.number,
        order.restaurant.name,
        order.address_line,
        due.deliverer.account.name if due.deliverer else "",
    )
    return " ".join(words).casefold()
