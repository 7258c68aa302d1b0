"""`/restaurants/<slug>/`: the menu beside the basket; every change of the basket is a form that leads back here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from delivery.cities.selectors import zone_at
from delivery.ground import clock
from delivery.ground.errors import BadRequest, NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.geo import distance_m
from delivery.storefront import held
from delivery.storefront.bill import why_closed
from delivery.storefront.page import draw
from delivery.storefront.shop import opens_again, time_to_door
from delivery.storefront.words import when
from restaurants import selectors
from restaurants.allergens import allergen_list
from restaurants.models import Category, Restaurant
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

    @property
    def more(self) -> int:
        return self.quantity + 1


@dataclass(frozen=True, slots=True)
class Course:
    category: Category
    dishes: Sequence[Dish]


@require_safe
def menu(request: PageRequest, slug: str) -> HttpResponse:
    """The menu at the prices of now, and whether orders are taken."""
    shop, now = _restaurant(slug), clock.now()
    address, basket = held.address_in(request.session), held.basket_in(request.session)
    closed = why_closed(shop, now)
    zone = zone_at(shop.city, address.point) if address else None
    courses = _courses(shop, basket, now)
    dishes = [dish for course in courses for dish in course.dishes]
    context = {
        "shop": shop,
        "currency": shop.city.currency,
        "closed": closed,
        "again": opens_again(shop, closed, now),
        "courses": courses,
        "zone": zone,
        "takes_orders": closed is None and (address is None or zone is not None),
        "minutes": time_to_door(shop, address.point) if address else "",
        "distance_m": distance_m(shop.point, address.point) if address else None,
        "plates": list(dict.fromkeys(dish.plate for dish in dishes))[:3],
        "cloth": cloth(shop.slug),
        "is_elsewhere": bool(basket.lines) and basket.restaurant != str(shop.public_id),
    }
    return draw(request, "menu", context, now=now)


@require_POST
def basket(request: PageRequest, slug: str) -> HttpResponse:
    """Holds `quantity` of `product`: an absolute number, so that a form sent twice is one change.

    A product of another restaurant asks first (`replace`) before it begins a new basket.
    """
    shop, now = _restaurant(slug), clock.now()
    product, quantity = request.POST.get("product", ""), _quantity(request.POST.get("quantity", ""))
    kept = held.basket_in(request.session)
    if quantity and not _is_on_menu(shop, product, now):
        raise NotFound()
    if quantity and kept.lines and kept.restaurant != str(shop.public_id) and "replace" not in request.POST:
        return draw(request, "replace", {"shop": shop, "product": product, "quantity": quantity}, now=now, status=409)
    held.put(request.session, restaurant=str(shop.public_id), product=product, quantity=quantity, now=now)
    return HttpResponseRedirect(reverse("menu", args=[slug]) + _anchor(request, product))


def _restaurant(slug: str) -> Restaurant:
    found: Restaurant | None = Restaurant.objects.select_related("city").filter(slug=slug, is_active=True).first()
    if found is None:
        raise NotFound()
    return found


def _courses(shop: Restaurant, basket: held.HeldBasket, now: datetime) -> list[Course]:
    products = selectors.menu(shop, now)
    return [
        Course(category, [_dish(product, shop, basket, now) for product in of_one])
        for category, of_one in groupby(products, key=lambda product: product.category)
    ]


def _dish(product: Any, shop: Restaurant, basket: held.HeldBasket, now: datetime) -> Dish:
    is_out = selectors.is_sold_out(product, now)
    return Dish(
        product=product,
        quantity=basket.quantity(str(product.public_id)),
        allergens=allergen_list(product.allergens),
        plate=plate(product.name, product.category.name, product.description),
        sold_out=is_out,
        back=when(shop.city, product.sold_out_until, now) if is_out else "",
    )


def _is_on_menu(shop: Restaurant, product: str, now: datetime) -> bool:
    return any(str(each.public_id) == product for each in selectors.menu(shop, now))


def _quantity(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise BadRequest("the quantity is a small number")
    return min(int(text), held.LARGEST_QUANTITY)


def _anchor(request: PageRequest, product: str) -> str:
    """Back to where the finger was: the dish, or the basket."""
    return "#basket" if request.POST.get("from") == "basket" else f"#dish-{product}"
