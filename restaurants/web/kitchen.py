"""`/kitchen/`: what to cook, by station, oldest first; the pass sees all stations and closes the bag."""

from collections.abc import Callable
from typing import TypedDict
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from delivery.ground import clock
from delivery.ground.errors import Invalid, NotFound
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.orders import services
from delivery.orders.models import Order
from delivery.orders.selectors import open_orders
from delivery.orders.transitions import Status
from restaurants.models import Restaurant, Station
from restaurants.web.health import health_of
from restaurants.web.here import address_of, order_of, query_of, restaurant_of, restaurants_of
from restaurants.web.rail import PASS, bumped_of, places_of, to_make


class Press(TypedDict):
    """What every service of a station is told."""

    order_id: int
    station: str
    by: str
    version: int | None


class Line(forms.Form):
    """A line of an order, and whether it is cooked now. `station` is where it is made."""

    position = forms.IntegerField(min_value=0)
    done = forms.BooleanField(required=False)


@require_safe
def kitchen(request: PageRequest) -> HttpResponse:
    return _page(request, restaurant_of(request, "kitchen"))


@require_POST
def ready(request: PageRequest, order_id: UUID) -> HttpResponse:
    """The bag is closed: everything is cooked, whatever the stations have pressed."""

    def work(press: Press) -> None:
        services.mark_ready(order_id=press["order_id"], by=press["by"], version=press["version"])

    return _act(request, order_id, work)


@require_POST
def tick(request: PageRequest, order_id: UUID) -> HttpResponse:
    def work(press: Press) -> None:
        form = Line(request.POST)
        if not form.is_valid():
            raise Invalid("no line of an order")
        services.tick_line(**press, position=form.cleaned_data["position"], is_done=form.cleaned_data["done"])

    return _act(request, order_id, work)


@require_POST
def bump(request: PageRequest, order_id: UUID) -> HttpResponse:
    def work(press: Press) -> None:
        order = Order.objects.select_related("restaurant").get(pk=press["order_id"])
        services.bump(**press, positions=_made_at(order, press["station"]))

    return _act(request, order_id, work)


@require_POST
def recall(request: PageRequest, order_id: UUID) -> HttpResponse:
    return _act(request, order_id, lambda press: services.recall(**press))


@require_POST
def see_cancelled(request: PageRequest, order_id: UUID) -> HttpResponse:
    def work(press: Press) -> None:
        services.see_cancelled(order_id=press["order_id"], station=press["station"], by=press["by"])

    return _act(request, order_id, work)


def _made_at(order: Order, station: str) -> list[int]:
    """The positions of the lines that a station of the kitchen makes. Raises NotFound: none."""
    catch_all = Station.objects.filter(restaurant=order.restaurant, is_catch_all=True).values_list("name", flat=True)
    default = next(iter(catch_all), "")
    positions = [line.position for line in order.lines.all() if (line.station or default) == station]
    if not positions:
        raise NotFound()
    return positions


def _act(request: PageRequest, order_id: UUID, work: Callable[[Press], object]) -> HttpResponse:
    order = order_of(request, "kitchen", order_id)
    station = request.POST.get("station", PASS)[:40]

    def pressed() -> None:
        work({"order_id": order.pk, "station": station, "by": request.actor.ref, "version": seen_version(request)})

    return act(
        request,
        pressed,
        to=address_of(request, "kitchen", order.restaurant),
        refused=lambda problem: _page(request, order.restaurant, Refusal(problem, str(order_id))),
    )


def _page(request: PageRequest, restaurant: Restaurant, refusal: Refusal | None = None) -> HttpResponse:
    now = clock.now()
    stations = list(Station.objects.filter(restaurant=restaurant))
    station = request.GET.get("station", PASS)
    if station not in {each.name for each in stations}:
        station = PASS
    places = places_of(restaurant, stations, station, now)
    later = open_orders(restaurant=restaurant, status=Status.ACCEPTED)
    is_recalling = "recall" in request.GET
    context = {
        "now": now,
        "city": restaurant.city,
        "topics": f"kitchen.{restaurant.public_id}",
        "restaurant": restaurant,
        "restaurants": restaurants_of(request, "kitchen"),
        "query": query_of(request),
        "stations": stations,
        "station": station,
        "places": places,
        "to_make": to_make(places),
        "later": sorted(later, key=lambda order: order.cook_at or now),
        "is_recalling": is_recalling,
        "bumped": bumped_of(restaurant, station) if is_recalling else (),
        "printers": health_of(restaurant),
        "refusal": refusal,
        "refused_card": refusal is not None and refusal.about in {place.card.id for place in places},
    }
    return render(request, "restaurants/kitchen.html", context, status=refusal.problem.status if refusal else 200)
