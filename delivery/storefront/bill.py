"""The basket with the prices of now, as every page shows it, and what stands in the way of checking out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delivery.checkout.errors import AddressOutsideZones, BelowMinimum, SoldOut, UnknownProduct
from delivery.cities.levers import refuse_by_lever
from delivery.cities.models import Zone
from delivery.cities.selectors import zone_at
from delivery.ground.errors import Problem
from delivery.ground.forms import PageRequest
from delivery.ground.geo import Point, distance_m
from delivery.orders import pricing
from delivery.storefront import held
from delivery.storefront.words import items, refusal, when
from restaurants import selectors
from restaurants.errors import RestaurantClosed
from restaurants.models import OptionGroup, Restaurant
from restaurants.options import Picked, groups_of, pick


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the basket; `product` is None when it left the menu, `was` the price its customer has seen."""

    wish: held.Wish
    quantity: int
    product: Any
    amount: int
    was: int | None
    is_sold_out: bool
    picked: Sequence[str] = ()
    refused: Problem | None = None  # why its choices no longer hold

    @property
    def key(self) -> str:
        return self.wish.key

    @property
    def why(self) -> str:
        """Why its choices no longer hold, in words."""
        return refusal(self.refused) if self.refused else ""

    @property
    def has_choices(self) -> bool:
        return bool(self.picked or self.refused or self.wish.note)

    @property
    def more(self) -> int:
        return self.quantity + 1

    @property
    def less(self) -> int:
        return self.quantity - 1


@dataclass(frozen=True, slots=True)
class Bill:
    """A basket at the prices of now. `obstacles`: in words, why it cannot be checked out.

    `ahead`: when a closed restaurant opens, for which it can be ordered already. `is_collection`: its customer comes
    for it. `can_collect`: only bringing it stands in the way.
    """

    restaurant: Restaurant
    lines: Sequence[BillLine]
    zone: Zone | None
    subtotal: int
    obstacles: Sequence[str]
    ahead: str = ""
    is_collection: bool = False
    can_collect: bool = False

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
        return self.subtotal + (self.zone.delivery_fee if self.zone else 0)


def bill_of(request: PageRequest, now: datetime) -> Bill | None:
    """The bill of this browser's basket; None when it is empty or its restaurant has left."""
    basket, address = held.basket_of(request), held.address_of(request)
    shops = Restaurant.objects.select_related("city").filter(is_active=True)
    shop = shops.filter(public_id=basket.restaurant).first() if basket.lines else None
    if shop is None:
        return None
    lines = _lines(basket.lines, now)
    subtotal = sum(line.amount for line in lines)
    is_collection = held.collects(request)
    zone = zone_at(shop.city, address.point) if address and not is_collection else None
    closed = why_closed(shop, now)
    ahead = opens_again(shop, closed, now) if isinstance(closed, RestaurantClosed) else ""
    pulled = refused_by_lever(zone, shop, address.point) if zone and address else None
    anyway = [each for each in (None if ahead else closed, *_refusals(lines)) if each]
    is_outside = address is not None and zone is None and not is_collection
    by_courier = [each for each in (pulled, *_refusals_of_delivery(subtotal, zone, is_outside=is_outside)) if each]
    obstacles = [refusal(each) for each in anyway + by_courier]
    can_collect = bool(by_courier) and not anyway
    return Bill(shop, lines, zone, subtotal, obstacles, ahead, is_collection, can_collect)


def why_closed(restaurant: Restaurant, now: datetime) -> Problem | None:
    """The refusal of an order placed now, if there is one."""
    try:
        selectors.refuse_when_closed(restaurant, now)
    except Problem as problem:
        return problem
    return None


def refused_by_lever(zone: Zone, restaurant: Restaurant, door: Point) -> Problem | None:
    """The refusal by an emergency switch of the city, if one is pulled."""
    try:
        refuse_by_lever(zone, distance_m(restaurant.point, door))
    except Problem as problem:
        return problem
    return None


def opens_again(shop: Restaurant, closed: Problem | None, now: datetime) -> str:
    """When a refused restaurant takes orders again, on its city's clocks; empty when nobody knows."""
    current = closed.current if closed and closed.current else {}
    again_at = current.get("opens_at") or current.get("paused_until")
    return when(shop.city, again_at, now) if again_at else ""


def _lines(wanted: Sequence[held.HeldLine], now: datetime) -> list[BillLine]:
    products = selectors.products_by_public_id([line.product for line in wanted], now)
    seen = selectors.amounts_as_of({line.wish.key: (line.product, line.added_at) for line in wanted})
    choices = groups_of(product.pk for product in products.values())
    lines = []
    for line in wanted:
        product = products.get(line.product)
        groups = choices.get(product.pk, []) if product else []
        lines.append(_line(line, product, groups, seen.get(line.wish.key), now))
    return lines


def _line(
    line: held.HeldLine, product: Any, groups: Sequence[OptionGroup], seen: int | None, now: datetime
) -> BillLine:
    if product is None:
        return BillLine(line.wish, line.quantity, None, 0, None, is_sold_out=False)
    refused, picked = None, list[Picked]()
    try:
        picked = pick(groups, line.wish.options)
    except Problem as problem:
        refused = problem
    extra = [option.amount for option in picked]
    return BillLine(
        line.wish,
        line.quantity,
        product,
        pricing.with_options(product.amount, extra) * line.quantity,
        None if seen is None or seen == product.amount else pricing.with_options(seen, extra),
        is_sold_out=selectors.is_sold_out(product, now),
        picked=[option.name for option in picked],
        refused=refused,
    )


def _refusals(lines: Sequence[BillLine]) -> list[Problem | None]:
    """What checkout would refuse, told before its customer gets there; checkout itself decides."""
    return [
        UnknownProduct() if any(line.product is None for line in lines) else None,
        SoldOut() if any(line.is_sold_out for line in lines) else None,
        next((line.refused for line in lines if line.refused), None),
    ]


def _refusals_of_delivery(subtotal: int, zone: Zone | None, *, is_outside: bool) -> list[Problem | None]:
    """What checkout would refuse to bring, and a counter would give."""
    return [
        AddressOutsideZones() if is_outside else None,
        BelowMinimum() if zone and subtotal < zone.minimum_order else None,
    ]
