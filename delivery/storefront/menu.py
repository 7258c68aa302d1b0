"""`/restaurants/<slug>/`: the menu beside the basket; every change of the basket is a form that leads back here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from delivery.cities import ways
from delivery.cities.selectors import zone_at
from delivery.ground import clock
from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.templatetags.measures import minutes
from delivery.storefront import held
from delivery.storefront.bill import opens_again, refused_by_lever, why_closed
from delivery.storefront.cards import time_to_door
from delivery.storefront.page import draw
from delivery.storefront.words import rush, when
from restaurants import hours, selectors
from restaurants.allergens import allergen_list
from restaurants.errors import RestaurantClosed
from restaurants.models import Category, OptionGroup, Restaurant
from restaurants.options import groups_of
from restaurants.plates import cloth, plate


@dataclass(frozen=True, slots=True)
class Dish:
    """A product on the page: how many are in the basket, and until when it is sold out."""

    product: Any
    quantity: int
    allergens: str
    plate: str
    sold_out: bool
    back: str
    choices: Sequence[OptionGroup] = ()

    @property
    def more(self) -> int:
        return self.quantity + 1

    @property
    def has_choices(self) -> bool:
        """Whether the way into the basket leads over the page of the dish."""
        return bool(self.choices) and not self.sold_out

    @property
    def from_price(self) -> bool:
        """Whether an answer that has to be given may cost more."""
        return any(group.fewest and any(option.amount for option in group.options.all()) for group in self.choices)


@dataclass(frozen=True, slots=True)
class Course:
    category: Category
    dishes: Sequence[Dish]


@require_safe
def menu(request: PageRequest, slug: str) -> HttpResponse:
    """The menu at the prices of now, and whether orders are taken."""
    shop, now = restaurant(slug), clock.now()
    address, basket = held.address_of(request), held.basket_of(request)
    zone = zone_at(shop.city, address.point) if address else None
    pulled = refused_by_lever(zone, shop, address.point) if zone and address else None
    closed = why_closed(shop, now) or pulled
    again = opens_again(shop, closed, now)
    is_ahead = isinstance(closed, RestaurantClosed) and bool(again)
    courses = _courses(shop, basket, now)
    dishes = [dish for course in courses for dish in course.dishes]
    context = {
        "shop": shop,
        "currency": shop.city.currency,
        "closed": closed,
        "again": again,
        "courses": courses,
        "zone": zone,
        "takes_orders": closed is None or is_ahead,
        "is_ahead": is_ahead,
        "closes": closes_at(shop, now) if closed is None else "",
        "busy": minutes(shop.busy_extra) if selectors.is_busy(shop, now) and closed is None else 0,
        "minutes": time_to_door(shop, address.point, now, zone.rush if zone else timedelta()) if address else "",
        "rush": rush(zone, now) if zone else "",
        "distance_m": ways.way(shop.city, shop.point, address.point).metres if address else None,
        "plates": list(dict.fromkeys(dish.plate for dish in dishes))[:3],
        "cloth": cloth(shop.slug),
        "is_elsewhere": bool(basket.lines) and basket.restaurant != str(shop.public_id),
    }
    return draw(request, "menu", context, now=now)


def closes_at(shop: Restaurant, now: datetime) -> str:
    """When an open restaurant closes, on its city's clocks; empty when it never does."""
    at = hours.closes_at(shop.opening_hours, shop.city, now)
    return when(shop.city, at, now) if at else ""


def restaurant(slug: str) -> Restaurant:
    """An active restaurant with its city. Raises NotFound."""
    found: Restaurant | None = Restaurant.objects.select_related("city").filter(slug=slug, is_active=True).first()
    if found is None:
        raise NotFound()
    return found


def _courses(shop: Restaurant, basket: held.HeldBasket, now: datetime) -> list[Course]:
    products = selectors.menu(shop, now)
    choices = groups_of(product.pk for product in products)
    return [
        Course(category, [_dish(product, choices.get(product.pk, []), shop, basket, now) for product in of_one])
        for category, of_one in groupby(products, key=lambda product: product.category)
    ]


def _dish(
    product: Any, choices: Sequence[OptionGroup], shop: Restaurant, basket: held.HeldBasket, now: datetime
) -> Dish:
    back_at = selectors.comes_back_at(product, now)
    return Dish(
        product=product,
        quantity=basket.quantity(str(product.public_id)),
        allergens=allergen_list(product.allergens),
        plate=plate(product.name, product.category.name, product.description),
        sold_out=selectors.is_sold_out(product, now),
        back=when(shop.city, back_at, now) if back_at else "",
        choices=choices,
    )
