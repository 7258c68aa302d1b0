"""Menus, prices and opening, as of an instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Lower

from delivery.cities.models import Zone
from delivery.cities.selectors import zones_at
from delivery.ground.geo import Point, distance_m
from restaurants import hours
from restaurants.errors import RestaurantClosed, RestaurantPaused
from restaurants.models import FOR_GOOD, Category, Price, Product, Restaurant

_ACCENTED, _BARE = "áàâäãåéèêëíìîïóòôöõúùûüñç", "aaaaaaeeeeiiiiooooouuuunc"
_PLAIN = str.maketrans(_ACCENTED, _BARE)


@dataclass(frozen=True, slots=True)
class Nearby:
    """A restaurant that delivers to a point: the way there, the fee of now and whether it takes orders now.

    `zone`: where the point lies, with the levers that are pulled there.
    """

    restaurant: Restaurant
    distance_m: float
    delivery_fee: int
    minimum_order: int
    is_open: bool
    opens_at: datetime | None
    zone: Zone


def priced(products: QuerySet[Product], at: datetime) -> QuerySet[Product, Any]:
    """`products` with `amount`, the price valid at `at`; products without a price are left out."""
    newest = Price.objects.filter(product=OuterRef("pk"), valid_from__lte=at).order_by("-valid_from", "-id")
    return products.annotate(amount=Subquery(newest.values("amount")[:1])).filter(amount__isnull=False)


def menu(restaurant: Restaurant, at: datetime) -> Sequence[Any]:
    """The products on the menu in its order, each with `amount`, category and station; one query."""
    products = Product.objects.filter(restaurant=restaurant, is_active=True).select_related("category", "station")
    return list(priced(products, at).order_by("category__position", "category_id", "position", "id"))


def headings(restaurant_ids: Iterable[int]) -> dict[int, list[str]]:
    """All headings of each menu in their order; one query."""
    names: dict[int, list[str]] = {}
    rows = Category.objects.filter(restaurant__in=list(restaurant_ids)).values_list("restaurant_id", "name")
    for restaurant_id, name in rows.order_by("position", "id"):
        names.setdefault(restaurant_id, []).append(name)
    return names


def dishes_named(restaurant_ids: Iterable[int], text: str) -> dict[int, list[str]]:
    """The dishes on the menus whose name or description holds `text`, whatever its accents and case; one query."""
    products = Product.objects.filter(restaurant__in=list(restaurant_ids), is_active=True)
    found = products.annotate(said=_plain("name"), told=_plain("description")).filter(
        Q(said__contains=plain(text)) | Q(told__contains=plain(text))
    )
    names: dict[int, list[str]] = {}
    for restaurant_id, name in found.order_by("position", "id").values_list("restaurant_id", "name"):
        names.setdefault(restaurant_id, []).append(name)
    return names


def plain(text: str) -> str:
    """Small letters without accents, as people type when they search."""
    return text.casefold().translate(_PLAIN)


def _plain(column: str) -> Func:
    return Func(Lower(column), Value(_ACCENTED), Value(_BARE), function="translate", output_field=TextField())


def products_by_public_id(public_ids: Iterable[Any], at: datetime) -> dict[str, Any]:
    """Active products with `amount`, by public id as text; one query."""
    products = Product.objects.filter(public_id__in=list(public_ids), is_active=True).select_related(
        "station", "category"
    )
    return {str(product.public_id): product for product in priced(products, at)}


def amounts_as_of(asked: Mapping[str, tuple[str, datetime]]) -> dict[str, int]:
    """What a product, by public id as text, cost at an instant, under the key of each question; one query."""
    wanted = {product for product, _ in asked.values()}
    prices = Price.objects.filter(product__public_id__in=wanted).order_by("valid_from", "id")
    rows = list(prices.values_list("product__public_id", "valid_from", "amount"))
    return {
        key: amount
        for key, (product, at) in asked.items()
        for priced_product, valid_from, amount in rows
        if str(priced_product) == product and valid_from <= at
    }


def unavailable(product_ids: Iterable[int], at: datetime) -> set[int]:
    """Which of the products are sold out at `at` or off the menu."""
    wanted = Product.objects.filter(pk__in=product_ids)
    return set(wanted.filter(Q(is_active=False) | Q(sold_out_until__gt=at)).values_list("pk", flat=True))


def is_sold_out(product: Product, at: datetime) -> bool:
    return product.sold_out_until is not None and product.sold_out_until > at


def sold_out(restaurant: Restaurant, at: datetime) -> list[Product]:
    """What is on the menu and cannot be ordered at `at`, by name."""
    out = Product.objects.filter(restaurant=restaurant, is_active=True, sold_out_until__gt=at)
    return list(out.order_by("name", "pk"))


def comes_back_at(product: Product, at: datetime) -> datetime | None:
    """When a product that is sold out at `at` is on sale again by itself; None: when somebody puts it back."""
    is_for_good = product.sold_out_until is None or product.sold_out_until >= FOR_GOOD
    return product.sold_out_until if is_sold_out(product, at) and not is_for_good else None


def is_busy(restaurant: Restaurant, at: datetime) -> bool:
    return restaurant.busy_until is not None and restaurant.busy_until > at


def prep_time(restaurant: Restaurant, at: datetime) -> timedelta:
    """How long dishes take at `at`: the usual time, and what a busy kitchen adds."""
    return restaurant.prep_time + (restaurant.busy_extra if is_busy(restaurant, at) else timedelta())


def is_paused(restaurant: Restaurant, at: datetime) -> bool:
    return restaurant.paused_until is not None and restaurant.paused_until > at


def is_open(restaurant: Restaurant, at: datetime) -> bool:
    """Whether the restaurant takes orders for the instant `at`."""
    in_hours = hours.is_open(restaurant.opening_hours, restaurant.city, at)
    return restaurant.is_active and in_hours and not is_paused(restaurant, at)


def refuse_when_closed(restaurant: Restaurant, at: datetime) -> None:
    """The one rule of menu, basket and placement.

    Raises:
        RestaurantPaused: until an instant. RestaurantClosed: `current` tells when it opens.
    """
    if is_paused(restaurant, at):
        until = restaurant.paused_until
        raise RestaurantPaused(current={"id": str(restaurant.public_id), "paused_until": until})
    if not is_open(restaurant, at):
        opens_at = hours.opens_at(restaurant.opening_hours, restaurant.city, at) if restaurant.is_active else None
        detail = f"opens at {opens_at:%Y-%m-%dT%H:%MZ}" if opens_at else "no opening is planned"
        raise RestaurantClosed(detail, current={"id": str(restaurant.public_id), "opens_at": opens_at})


def restaurants_delivering_to(point: Point, at: datetime) -> list[Nearby]:
    """Every active restaurant whose city delivers to the point, open ones first, then the nearest; two queries."""
    zones = {zone.city_id: zone for zone in reversed(zones_at(point))}
    shops = Restaurant.objects.filter(city__in=zones, is_active=True).select_related("city").order_by(F("id"))
    found = []
    for shop in shops:
        zone, opened = zones[shop.city_id], is_open(shop, at)
        opens_at = None if opened else hours.opens_at(shop.opening_hours, shop.city, at)
        way_m = distance_m(shop.point, point)
        found.append(Nearby(shop, way_m, zone.delivery_fee, zone.minimum_order, opened, opens_at, zone))
    return sorted(found, key=lambda near: (not near.is_open, near.distance_m))
