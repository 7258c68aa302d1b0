"""A restaurant as the list shows it: what it cooks, when it would be at the door, and whether it takes orders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from delivery.cities import ways
from delivery.ground.errors import Problem
from delivery.ground.geo import Point
from delivery.ground.templatetags.measures import minutes
from delivery.orders.promise import WINDOW, way
from delivery.storefront import held
from delivery.storefront.bill import opens_again, refused_by_lever, why_closed
from delivery.storefront.words import minutes_range, rush, step_up
from restaurants.errors import RestaurantClosed
from restaurants.models import Restaurant
from restaurants.plates import cloth, drawing, pair
from restaurants.selectors import Nearby, headings, is_busy, prep_time, restaurants_delivering_to

MOST_COURSES = 3
OF_PIZZA = "pizza-"  # four drawings, one kind


@dataclass(frozen=True, slots=True)
class Card:
    """`again`: when a closed or paused one takes orders again. `busy`: minutes that a busy kitchen adds. `road_m`:
    along the streets.
    """

    near: Nearby
    courses: str
    said: str
    kinds: frozenset[str]
    soonest: timedelta
    closed: Problem | None
    again: str
    plates: tuple[str, str]
    cloth: str
    busy: int = 0
    rush: str = ""
    dishes: Sequence[str] = ()
    road_m: float = 0.0

    @property
    def time(self) -> str:
        return minutes_range(self.soonest, self.soonest + WINDOW)

    @property
    def latest_minutes(self) -> int:
        return step_up(self.soonest + WINDOW)

    @property
    def takes_preorders(self) -> bool:
        """Closed now, but the day of its opening is known."""
        return isinstance(self.closed, RestaurantClosed) and bool(self.again)

    def with_dishes(self, names: Sequence[str]) -> "Card":
        return replace(self, dishes=tuple(names[:MOST_COURSES]))


def cards_for(address: held.HeldAddress, now: datetime) -> list[Card]:
    """Every restaurant that delivers there, open or not."""
    found = restaurants_delivering_to(address.point, now)
    courses = headings([near.restaurant.pk for near in found])
    return [_card(near, courses.get(near.restaurant.pk, []), address, now) for near in found]


def soonest(shop: Restaurant, door: Point | None, now: datetime) -> timedelta:
    """City time from ordering to the door, or to the counter without one, at the pace of now; the promise comes with
    the restaurant's answer.
    """
    return prep_time(shop, now) + (way(shop.city, shop.point, door) if door else timedelta())


def time_to_door(shop: Restaurant, door: Point | None, now: datetime, rush: timedelta) -> str:
    """As people read it: 25–35 min; without a door until it can be collected."""
    first = soonest(shop, door, now) + rush
    return minutes_range(first, first + WINDOW)


def _card(near: Nearby, courses: list[str], address: held.HeldAddress, now: datetime) -> Card:
    shop = near.restaurant
    closed = why_closed(shop, now) or refused_by_lever(near.zone, shop, address.point)
    drawn = [drawing(each) for each in [*courses, shop.name]]
    return Card(
        near=near,
        courses=", ".join(courses[:MOST_COURSES]),
        said=" ".join([shop.name, *courses]),
        kinds=frozenset("pizza" if each.startswith(OF_PIZZA) else each for each in drawn if each),
        soonest=soonest(shop, address.point, now) + near.zone.rush,
        closed=closed,
        again=opens_again(shop, closed, now),
        plates=pair(courses, shop.name),
        cloth=cloth(shop.slug),
        rush=rush(near.zone, now),
        busy=minutes(shop.busy_extra) if is_busy(shop, now) else 0,
        road_m=ways.way(shop.city, shop.point, address.point).metres,
    )
