"""`/lobby/`: the counter's tablet, where orders are answered."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypedDict
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.ground import clock
from delivery.ground.errors import Invalid
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.orders import services
from delivery.orders.transitions import Status
from restaurants.models import Restaurant
from restaurants.web.cards import Card, cards_of, health_of
from restaurants.web.here import address_of, order_of, restaurant_of, restaurants_of

MINUTES: Final = (10, 15, 20, 30)
MORE_MINUTES: Final = (5, 10)
REASONS: Final = (
    ("busy", _("Too busy")),
    ("sold_out", _("Something is sold out")),
    ("closing", _("We are closing")),
    ("other", _("Another reason")),
)


class Step(TypedDict):
    """What every service of an order is told."""

    order_id: int
    by: str
    version: int | None


class Minutes(forms.Form):
    minutes = forms.IntegerField(min_value=1, max_value=240)


class Reason(forms.Form):
    reason = forms.ChoiceField(choices=REASONS)


@require_safe
def lobby(request: PageRequest) -> HttpResponse:
    return _page(request, restaurant_of(request, "lobby"))


@require_POST
def accept(request: PageRequest, order_id: UUID) -> HttpResponse:
    def answer(step: Step) -> None:
        services.accept_order(**step, prep_time=_minutes(request))

    return _act(request, order_id, answer)


@require_POST
def delay(request: PageRequest, order_id: UUID) -> HttpResponse:
    def answer(step: Step) -> None:
        services.delay_order(**step, extra=_minutes(request))

    return _act(request, order_id, answer)


@require_POST
def reject(request: PageRequest, order_id: UUID) -> HttpResponse:
    def answer(step: Step) -> None:
        form = Reason(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Say why the order cannot be taken"))
        services.reject_order(**step, reason=form.cleaned_data["reason"])

    return _act(request, order_id, answer)


@require_POST
def ready(request: PageRequest, order_id: UUID) -> HttpResponse:
    def answer(step: Step) -> None:
        services.mark_ready(**step)

    return _act(request, order_id, answer)


def _minutes(request: PageRequest) -> timedelta:
    form = Minutes(request.POST)
    if not form.is_valid():
        raise Invalid(gettext("Give a number of minutes from 1 to 240"))
    return timedelta(minutes=form.cleaned_data["minutes"])


def _act(request: PageRequest, order_id: UUID, answer: Callable[[Step], None]) -> HttpResponse:
    order = order_of(request, "lobby", order_id)
    restaurant = order.restaurant
    return act(
        request,
        lambda: answer({"order_id": order.pk, "by": request.actor.ref, "version": seen_version(request)}),
        to=address_of(request, "lobby", restaurant),
        refused=lambda problem: _page(request, restaurant, Refusal(problem, str(order_id))),
    )


def _page(request: PageRequest, restaurant: Restaurant, refusal: Refusal | None = None) -> HttpResponse:
    now = clock.now()
    cards = cards_of(restaurant, now)
    context = {
        "now": now,
        "city": restaurant.city,
        "topics": f"kitchen.{restaurant.public_id}",
        "restaurant": restaurant,
        "restaurants": restaurants_of(request, "lobby"),
        "lanes": _lanes(cards),
        "printers": health_of(restaurant),
        "minutes": MINUTES,
        "more_minutes": MORE_MINUTES,
        "usual_minutes": int(restaurant.prep_time.total_seconds() // 60),
        "reasons": REASONS,
        "refusal": refusal,
        "refused_card": refusal is not None and refusal.about in {card.id for card in cards},
    }
    return render(request, "restaurants/lobby.html", context, status=refusal.problem.status if refusal else 200)


def _lanes(cards: Sequence[Card]) -> dict[str, list[Card]]:
    """The four places of the wall; what the kitchen has, in the order in which it is due."""
    at_work = [card for card in cards if card.order.status in (Status.ACCEPTED, Status.PREPARING)]
    return {
        "new": [card for card in cards if card.order.status == Status.PLACED],
        "work": sorted(at_work, key=lambda card: card.left or timedelta()),
        "ready": [card for card in cards if card.order.status == Status.READY],
        "away": [card for card in cards if card.order.status == Status.PICKED_UP],
    }
