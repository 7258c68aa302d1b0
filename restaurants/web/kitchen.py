"""`/kitchen/`: what to cook, by station, oldest first; the food is told to be ready here too."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from delivery.ground import clock
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.orders import services
from delivery.orders.models import Line
from delivery.orders.transitions import Status
from restaurants.models import Restaurant, Station
from restaurants.web.cards import Card, cards_of, health_of
from restaurants.web.here import address_of, order_of, restaurant_of, restaurants_of

COOKED = (Status.ACCEPTED, Status.PREPARING)


@dataclass(frozen=True, slots=True)
class Place:
    """An order on the rail: the dishes of the station shown here, and where the others are made."""

    card: Card
    dishes: Sequence[Line]
    elsewhere: Sequence[str]


@require_safe
def kitchen(request: PageRequest) -> HttpResponse:
    return _page(request, restaurant_of(request, "kitchen"))


@require_POST
def ready(request: PageRequest, order_id: UUID) -> HttpResponse:
    order = order_of(request, "kitchen", order_id)
    return act(
        request,
        lambda: services.mark_ready(order_id=order.pk, by=request.actor.ref, version=seen_version(request)),
        to=_address(request, order.restaurant),
        refused=lambda problem: _page(request, order.restaurant, Refusal(problem, str(order_id))),
    )


def _page(request: PageRequest, restaurant: Restaurant, refusal: Refusal | None = None) -> HttpResponse:
    now = clock.now()
    stations = list(Station.objects.filter(restaurant=restaurant))
    station = request.GET.get("station", "")
    places = [place for card in cards_of(restaurant, now) for place in _places(card, station, stations)]
    context = {
        "now": now,
        "city": restaurant.city,
        "topics": f"kitchen.{restaurant.public_id}",
        "restaurant": restaurant,
        "restaurants": restaurants_of(request, "kitchen"),
        "stations": stations,
        "station": station,
        "places": places,
        "to_make": _to_make(places),
        "printers": health_of(restaurant),
        "refusal": refusal,
        "refused_card": refusal is not None and refusal.about in {place.card.id for place in places},
    }
    return render(request, "restaurants/kitchen.html", context, status=refusal.problem.status if refusal else 200)


def _places(card: Card, station: str, stations: Sequence[Station]) -> Iterable[Place]:
    """The order as one station sees it; nothing when none of its dishes are made there."""
    if card.order.status not in COOKED:
        return
    catch_all = next((place.name for place in stations if place.is_catch_all), "")
    made = [(line, line.station or catch_all) for line in card.order.lines.all()]
    dishes = [line for line, place in made if station in ("", place)]
    if dishes:
        elsewhere = sorted({place for _, place in made if station and place != station})
        yield Place(card, dishes, elsewhere)


def _to_make(places: Sequence[Place]) -> list[tuple[str, int]]:
    """How many of each dish are cooked now, most first."""
    wanted: Counter[str] = Counter()
    for place in places:
        if place.card.order.status == Status.PREPARING:
            for line in place.dishes:
                wanted[line.name] += line.quantity
    return wanted.most_common()


def _address(request: PageRequest, restaurant: Restaurant) -> str:
    """This kitchen, at the station that the cook looks at."""
    address, station = address_of(request, "kitchen", restaurant), request.GET.get("station")
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'station': station})}" if station else address
