"""What a counter does with an order: accept, refuse, take longer, ready, handed over, on paper again."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypedDict
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from delivery.ground.errors import Conflict, Invalid, Problem
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.orders import services
from delivery.orders.models import Order
from delivery.orders.transitions import Status
from printing.services.again import print_again
from restaurants.errors import AlreadyCancelled, AnsweredElsewhere, AnsweredTooLate
from restaurants.web.here import address_of, order_of
from restaurants.web.lobby import REASONS, draw


class Step(TypedDict):
    """What every service of an order is told."""

    order_id: int
    by: str
    version: int | None


class Minutes(forms.Form):
    minutes = forms.IntegerField(min_value=1, max_value=240)


class Reason(forms.Form):
    reason = forms.ChoiceField(choices=REASONS)


@require_POST
def accept(request: PageRequest, order_id: UUID) -> HttpResponse:
    return _act(request, order_id, lambda step: services.accept_order(**step, prep_time=minutes_in(request)))


@require_POST
def delay(request: PageRequest, order_id: UUID) -> HttpResponse:
    return _act(request, order_id, lambda step: services.delay_order(**step, extra=minutes_in(request)))


@require_POST
def reject(request: PageRequest, order_id: UUID) -> HttpResponse:
    return _act(request, order_id, lambda step: services.reject_order(**step, reason=_reason(request)))


@require_POST
def ready(request: PageRequest, order_id: UUID) -> HttpResponse:
    return _act(request, order_id, lambda step: services.mark_ready(**step))


@require_POST
def hand_over(request: PageRequest, order_id: UUID) -> HttpResponse:
    return _act(request, order_id, lambda step: services.hand_over(**step))


@require_POST
def print_ticket(request: PageRequest, order_id: UUID) -> HttpResponse:
    return _act(request, order_id, lambda step: print_again(order_id=step["order_id"], by=step["by"]))


def minutes_in(request: PageRequest) -> timedelta:
    """The minutes of a form. Raises Invalid."""
    form = Minutes(request.POST)
    if not form.is_valid():
        raise Invalid(gettext("Give a number of minutes from 1 to 240"))
    return timedelta(minutes=form.cleaned_data["minutes"])


def _reason(request: PageRequest) -> str:
    form = Reason(request.POST)
    if not form.is_valid():
        raise Invalid(gettext("Say why the order cannot be taken"))
    return str(form.cleaned_data["reason"])


def _act(request: PageRequest, order_id: UUID, answer: Callable[[Step], object]) -> HttpResponse:
    order = order_of(request, "lobby", order_id)
    return act(
        request,
        lambda: answer({"order_id": order.pk, "by": request.actor.ref, "version": seen_version(request)}),
        to=address_of(request, "lobby", order.restaurant),
        refused=lambda problem: draw(request, order.restaurant, Refusal(_told(problem, order), str(order_id))),
    )


def _told(problem: Problem, order: Order) -> Problem:
    """A conflict in the words of a counter: a tap that was kept for a while may come after the end of its order."""
    if not isinstance(problem, Conflict):
        return problem
    order.refresh_from_db(fields=["status"])
    if order.status == Status.CANCELLED:
        return AlreadyCancelled(order.number)
    if order.status == Status.EXPIRED:
        return AnsweredTooLate(order.number)
    if order.status in (Status.PLACED, Status.READY, Status.PICKED_UP, Status.DELIVERED):
        return problem
    return AnsweredElsewhere(order.number)
