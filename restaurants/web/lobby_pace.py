"""What a counter does beside its orders: sold out, busy, pause; and what the tablet says about itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from delivery.devices.models import DeviceState
from delivery.devices.services import report_state
from delivery.ground import clock
from delivery.ground.errors import Invalid
from delivery.ground.forms import PageRequest, Refusal, Result, Undo, act, seen_version
from delivery.orders.services import note_ring
from restaurants import services
from restaurants.models import Product, Restaurant
from restaurants.web.dishes import until
from restaurants.web.here import address_of, order_of, product_of, restaurant_of
from restaurants.web.lobby import BUSY_MINUTES, PAUSE_MINUTES, draw
from restaurants.web.lobby_answers import minutes_in

BUSY_FOR = timedelta(hours=1)  # city time
HOW_LONG = [("today", ""), ("hours", ""), ("good", "")]


class HowLong(forms.Form):
    until = forms.ChoiceField(choices=HOW_LONG)


class Report(forms.Form):
    """What a tablet knows about itself; battery is empty where the browser does not tell."""

    sound = forms.ChoiceField(choices=DeviceState.Sound.choices)
    battery = forms.IntegerField(min_value=0, max_value=100, required=False)
    charging = forms.NullBooleanField(required=False)
    version = forms.CharField(max_length=20, required=False)


@require_POST
def sold_out(request: PageRequest, product_id: UUID) -> HttpResponse:
    product = product_of(request, "lobby", product_id)

    def work() -> Product:
        form = HowLong(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Say until when it is sold out"))
        ends_at = until(product.restaurant.city, clock.now(), form.cleaned_data["until"])
        return services.mark_sold_out(product_id=product.pk, until=ends_at, by=request.actor.ref)

    return _act(request, product.restaurant, work, undo=_back)


def _back(product: Product) -> Undo:
    said = gettext("%(dish)s is sold out. Customers see it now.") % {"dish": product.name}
    return Undo(text=said, url=reverse("lobby_back_on_sale", args=[product.public_id]))


@require_POST
def back_on_sale(request: PageRequest, product_id: UUID) -> HttpResponse:
    product = product_of(request, "lobby", product_id)
    return _act(
        request,
        product.restaurant,
        lambda: services.mark_sold_out(product_id=product.pk, until=None, by=request.actor.ref),
    )


@require_POST
def busy(request: PageRequest) -> HttpResponse:
    """`minutes` more for every new order, for an hour; 0 ends it."""
    return _switch(request, _busy)


@require_POST
def pause(request: PageRequest) -> HttpResponse:
    """No new orders for `minutes`; 0 ends it."""
    return _switch(request, _pause)


def _busy(request: PageRequest, **common: Any) -> None:
    if request.POST.get("minutes") == "0":
        services.be_calm(**common)
    else:
        services.be_busy(**common, extra=_one_of(request, BUSY_MINUTES), duration=BUSY_FOR)


def _pause(request: PageRequest, **common: Any) -> None:
    if request.POST.get("minutes") == "0":
        services.resume_restaurant(**common)
    else:
        services.pause_restaurant(**common, duration=_one_of(request, PAUSE_MINUTES), reason="counter")


def _one_of(request: PageRequest, choices: tuple[int, ...]) -> timedelta:
    chosen = minutes_in(request)
    if chosen not in [timedelta(minutes=minutes) for minutes in choices]:
        raise Invalid(gettext("Choose one of the times"))
    return chosen


def _switch(request: PageRequest, work: Callable[..., None]) -> HttpResponse:
    restaurant = restaurant_of(request, "lobby")
    return _act(
        request,
        restaurant,
        lambda: work(request, restaurant_id=restaurant.pk, by=request.actor.ref, version=seen_version(request)),
    )


def _act(
    request: PageRequest,
    restaurant: Restaurant,
    work: Callable[[], Result],
    undo: Callable[[Result], Undo | None] | None = None,
) -> HttpResponse:
    return act(
        request,
        work,
        undo=undo,
        to=address_of(request, "lobby", restaurant),
        refused=lambda problem: draw(request, _fresh(restaurant), Refusal(problem, str(restaurant.public_id))),
    )


def _fresh(restaurant: Restaurant) -> Restaurant:
    """As it is in the database: a refused form may have met a newer state."""
    found: Restaurant = Restaurant.objects.select_related("city").get(pk=restaurant.pk)
    return found


@require_POST
def rang(request: PageRequest, order_id: UUID) -> HttpResponse:
    """This device has made itself heard for the order. Said twice, it is one receipt."""
    note_ring(order=order_of(request, "lobby", order_id), by=request.actor.ref)
    return HttpResponse(status=204)


@require_POST
def device(request: PageRequest) -> HttpResponse:
    """What the tablet says about itself; the newest word counts, so it needs no key."""
    form = Report(request.POST)
    if not form.is_valid():
        raise Invalid("not a report")
    said = form.cleaned_data
    report_state(
        device_ids=request.actor.device_ids,
        sound=said["sound"],
        battery_percent=said["battery"],
        is_charging=said["charging"],
        app_version=said["version"],
    )
    return HttpResponse(status=204)
