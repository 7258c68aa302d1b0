"""`/`: first the address, then the restaurants that deliver there."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from delivery.ground import clock
from delivery.ground.errors import Problem
from delivery.ground.forms import PageRequest
from delivery.ground.geo import Point
from delivery.orders.promise import WINDOW, way
from delivery.storefront import held
from delivery.storefront.address import address_context
from delivery.storefront.bill import why_closed
from delivery.storefront.page import draw
from delivery.storefront.words import minutes_range, when
from restaurants.models import Restaurant
from restaurants.plates import cloth, pair
from restaurants.selectors import Nearby, first_categories, prep_time, restaurants_delivering_to


@dataclass(frozen=True, slots=True)
class Card:
    """A restaurant in the list; `again` says when a closed or paused one takes orders again."""

    near: Nearby
    courses: str
    minutes: str
    closed: Problem | None
    again: str
    plates: tuple[str, str]
    cloth: str


@require_safe
def shop(request: PageRequest) -> HttpResponse:
    """Without an address: the form that asks for it."""
    now = clock.now()
    address = held.address_in(request.session)
    if address is None:
        return draw(request, "welcome", address_context(request), now=now)
    found = restaurants_delivering_to(address.point, now)
    courses = first_categories([near.restaurant.pk for near in found])
    cards = [_card(near, courses.get(near.restaurant.pk, []), address, now) for near in found]
    return draw(request, "shop", {"cards": cards, **address_context(request)}, now=now)


def _card(near: Nearby, courses: list[str], address: held.HeldAddress, now: datetime) -> Card:
    shop = near.restaurant
    closed = why_closed(shop, now)
    return Card(
        near=near,
        courses=", ".join(courses),
        minutes=time_to_door(shop, address.point),
        closed=closed,
        again=opens_again(shop, closed, now),
        plates=pair(courses, shop.name),
        cloth=cloth(shop.slug),
    )


def time_to_door(shop: Restaurant, door: Point) -> str:
    """City minutes from ordering to the door, at the kitchen's pace of now; the promise comes with its answer."""
    soonest = prep_time(shop, clock.now()) + way(shop.city, shop.point, door)
    return minutes_range(soonest, soonest + WINDOW)


def opens_again(shop: Restaurant, closed: Problem | None, now: datetime) -> str:
    """When a refused restaurant takes orders again, on its city's clocks; empty when nobody knows."""
    current = closed.current if closed and closed.current else {}
    again_at = current.get("opens_at") or current.get("paused_until")
    return when(shop.city, again_at, now) if again_at else ""
