"""From a basket to priced lines: all that a restaurant or a city would refuse, with a code."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from delivery.checkout.basket import Basket, BasketLine
from delivery.checkout.errors import (
    AddressOutsideZones,
    BelowMinimum,
    SoldOut,
    TotalTooLarge,
    TwoRestaurants,
    UnknownProduct,
    UnknownRestaurant,
)
from delivery.cities.models import Zone
from delivery.cities.selectors import zone_at
from delivery.ground.errors import Invalid, Problem
from delivery.orders.services import DraftLine
from restaurants import selectors as restaurants
from restaurants.models import Restaurant

LARGEST_TOTAL = 10_000_000  # minor units; far below what the columns hold
PREORDERS_UNTIL = timedelta(days=14)
CATCH_ALL = ""  # the station of lines whose product names none


def restaurant_of(basket: Basket) -> Restaurant:
    """Raises UnknownRestaurant."""
    found: Restaurant | None = (
        Restaurant.objects.select_related("city").filter(public_id=basket.restaurant, is_active=True).first()
    )
    if found is None:
        raise UnknownRestaurant(fields={"restaurant": [_named(UnknownRestaurant)]})
    return found


def zone_of(basket: Basket, restaurant: Restaurant) -> Zone:
    """Raises AddressOutsideZones."""
    zone = zone_at(restaurant.city, basket.destination.point)
    if zone is None:
        raise AddressOutsideZones(fields={"address": [_named(AddressOutsideZones)]})
    return zone


def priced_lines(basket: Basket, restaurant: Restaurant, at: datetime) -> list[DraftLine]:
    """The lines at the prices of `at`.

    Raises:
        UnknownProduct, TwoRestaurants, SoldOut: `fields` names each line.
    """
    products = restaurants.products_by_public_id({line.product for line in basket.lines}, at)
    _refuse(UnknownProduct, [line.product not in products for line in basket.lines])
    wanted = [products[line.product] for line in basket.lines]
    _refuse(TwoRestaurants, [product.restaurant_id != restaurant.pk for product in wanted])
    _refuse(SoldOut, [restaurants.is_sold_out(product, at) for product in wanted])
    return [_line(line, product) for line, product in zip(basket.lines, wanted, strict=True)]


def refuse_sold_out(product_ids: Sequence[int], at: datetime) -> None:
    """Raises SoldOut when a quoted product was sold out or taken off the menu meanwhile."""
    gone = restaurants.unavailable(product_ids, at)
    _refuse(SoldOut, [product_id in gone for product_id in product_ids])


def refuse_instant(wanted_at: datetime | None, now: datetime) -> None:
    """Raises Invalid when a preorder is wanted in the past or later than a fortnight from now."""
    if wanted_at is not None and not now <= wanted_at <= now + PREORDERS_UNTIL:
        problem = {"code": "out_of_range", "message": "An order is wanted from now to a fortnight from now"}
        raise Invalid(fields={"wanted_at": [problem]})


def refuse_amount(subtotal: int, total: int, zone: Zone) -> None:
    """Raises BelowMinimum, TotalTooLarge."""
    if subtotal < zone.minimum_order:
        raise BelowMinimum(current={"subtotal": subtotal, "minimum_order": zone.minimum_order})
    if total > LARGEST_TOTAL:
        raise TotalTooLarge(current={"total": total, "largest_total": LARGEST_TOTAL})


def _line(line: BasketLine, product: Any) -> DraftLine:
    return DraftLine(
        product_id=product.pk,
        name=product.name,
        station=product.station.name if product.station else CATCH_ALL,
        quantity=line.quantity,
        unit_amount=product.amount,
        vat_rate_bp=product.vat_rate_bp,
        allergens=product.allergens,
        note=line.note,
    )


def _refuse(problem: type[Problem], is_bad: Sequence[bool]) -> None:
    fields = {f"lines.{position}.product": [_named(problem)] for position, bad in enumerate(is_bad) if bad}
    if fields:
        raise problem(fields=fields)


def _named(problem: type[Problem]) -> Mapping[str, str]:
    return {"code": problem.code, "message": problem.title}
