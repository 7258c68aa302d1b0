"""`/console/`: how the day goes, live, beside the same weekday a week ago. Each number leads to what is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from delivery.cities.models import City
from delivery.console.numbers import Numbers, numbers_of
from delivery.console.page import draw
from delivery.console.scope import cities_of, restaurants_of
from delivery.console.words import question
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.forms import PageRequest
from dispatch.desk.models import Alarm
from restaurants.models import Restaurant

MOST_PLACES = 24
MOST_ALARMS = 5


@dataclass(frozen=True, slots=True)
class Panel:
    """A city or a restaurant on the page. `bars`: orders per hour as (x, height of today, height a week ago)."""

    place: City | Restaurant
    city: City
    numbers: Numbers
    query: str
    bars: Sequence[tuple[int, int, int]]

    @property
    def alarms(self) -> list[tuple[Alarm, str]]:
        """The first open questions, as sentences."""
        return [(alarm, question(alarm)) for alarm in self.numbers.alarms[:MOST_ALARMS]]

    @property
    def is_city(self) -> bool:
        return isinstance(self.place, City)


@require_safe
def today(request: PageRequest) -> HttpResponse:
    return draw(request, "today", _context(request), here="console")


@require_safe
def today_now(request: PageRequest) -> HttpResponse:
    """The numbers alone, asked for every few seconds by static/console.js."""
    response = render(request, "console/today_now.html", _context(request))
    response["Cache-Control"] = "private, no-store"
    return response


def _context(request: PageRequest) -> dict[str, Any]:
    now = clock.now()
    return {"panels": panels_of(request.actor, now), "now": now}


def panels_of(actor: Actor, now: datetime) -> list[Panel]:
    """The actor's cities, then the restaurants that are theirs."""
    cities = list(cities_of(actor)[:MOST_PLACES])
    shops = [] if cities else list(restaurants_of(actor)[:MOST_PLACES])
    by_city, by_shop = numbers_of("city", cities, now), numbers_of("restaurant", shops, now)
    return [
        *(_panel(city, city, by_city[city.pk], "city", city.slug) for city in cities),
        *(_panel(shop, shop.city, by_shop[shop.pk], "restaurant", str(shop.public_id)) for shop in shops),
    ]


def _panel(place: City | Restaurant, city: City, numbers: Numbers, key: str, value: str) -> Panel:
    return Panel(place, city, numbers, f"{reverse('console_orders')}?{urlencode({key: value})}", _bars(numbers))


def _bars(numbers: Numbers) -> list[tuple[int, int, int]]:
    highest = max(*numbers.today.hours, *numbers.before.hours, 1)
    pairs = zip(numbers.today.hours, numbers.before.hours, strict=True)
    return [(hour, round(30 * now / highest), round(30 * then / highest)) for hour, (now, then) in enumerate(pairs)]
