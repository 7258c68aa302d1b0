"""The basket with the prices of now, as every page shows it, and what stands in the way of checking out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from delivery.checkout.errors import AddressOutsideZones, BelowMinimum, SoldOut, UnknownProduct
from delivery.cities.models import Zone
from delivery.cities.selectors import zone_at
from delivery.ground.errors import Problem
from delivery.orders import pricing
from delivery.orders.pricing import PricedLine
from delivery.storefront import held
from delivery.storefront.words import items, refusal
from restaurants import selectors
from restaurants.models import Restaurant


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the basket; `product` is None when it left the menu, `was` the price its customer has seen."""

    public_id: str
    quantity: int
    product: Any
    amount: int
    was: int | None
    is_sold_out: bool

    @property
    def more(self) -> int:
        return self.quantity + 1

    @property
    def less(self) -> int:
        return self.quantity - 1


@dataclass(frozen=True, slots=True)
class Bill:
    """A basket at the prices of now. `obstacles`: in words, why it cannot be checked out."""

    restaurant: Restaurant
    lines: Sequence[BillLine]
    zone: Zone | None
    subtotal: int
    obstacles: Sequence[str]

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def items(self) -> str:
        return items(self.count)

    @property
    def currency(self) -> str:
        return self.restaurant.city.currency

    @property
    def total(self) -> int:
        return self.subtotal + (self.zone.fee if self.zone else 0)


def bill_of(request: HttpRequest, now: datetime) -> Bill | None:
    """The bill of this browser's basket; None when it is empty or its restaurant has left."""
    basket, address = held.basket_in(request.session), held.address_in(request.session)
    shops = Restaurant.objects.select_related("city").filter(is_active=True)
    shop = shops.filter(public_id=basket.restaurant).first() if basket.lines else None
    if shop is None:
        return None
    lines = _lines(basket.lines, now)
    subtotal = pricing.subtotal([PricedLine(line.quantity, line.product.amount, 0) for line in lines if line.product])
    zone = zone_at(shop.city, address.point) if address else None
    refusals = [why_closed(shop, now), *_refusals(lines, subtotal, zone, has_address=address is not None)]
    return Bill(shop, lines, zone, subtotal, [refusal(each) for each in refusals if each])


def why_closed(restaurant: Restaurant, now: datetime) -> Problem | None:
    """The refusal of an order placed now, if there is one."""
    try:
        selectors.refuse_when_closed(restaurant, now)
    except Problem as problem:
        return problem
    return None


def _lines(wanted: Sequence[held.HeldLine], now: datetime) -> list[BillLine]:
    products = selectors.products_by_public_id([line.product for line in wanted], now)
    seen = selectors.amounts_as_of({line.product: line.added_at for line in wanted})
    return [_line(line, products.get(line.product), seen.get(line.product), now) for line in wanted]


def _line(line: held.HeldLine, product: Any, seen: int | None, now: datetime) -> BillLine:
    if product is None:
        return BillLine(line.product, line.quantity, None, 0, None, is_sold_out=False)
    return BillLine(
        line.product,
        line.quantity,
        product,
        product.amount * line.quantity,
        seen if seen != product.amount else None,
        is_sold_out=selectors.is_sold_out(product, now),
    )


def _refusals(
    lines: Sequence[BillLine], subtotal: int, zone: Zone | None, *, has_address: bool
) -> list[Problem | None]:
    """What checkout would refuse, told before its customer gets there; checkout itself decides."""
    return [
        UnknownProduct() if any(line.product is None for line in lines) else None,
        SoldOut() if any(line.is_sold_out for line in lines) else None,
        AddressOutsideZones() if has_address and zone is None else None,
        BelowMinimum() if zone and subtotal < zone.minimum_order else None,
    ]
