"""From a basket to priced lines: all that a restaurant or a city would refuse, with a code."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from delivery.checkout.basket import Basket, BasketLine, Destination
from delivery.checkout.errors import (
    AddressOutsideZones,
    BelowMinimum,
    SoldOut,
    TotalTooLarge,
    TwoRestaurants,
    UnknownProduct,
    UnknownRestaurant,
)
from delivery.checkout.models import Quote
from delivery.cities.errors import ZoneFull
from delivery.cities.levers import CAP_WITHIN, cap_of, refuse_by_lever
from delivery.cities.models import Zone
from delivery.cities.selectors import with_levers, zone_at
from delivery.ground.errors import Invalid, Problem
from delivery.ground.geo import Point, distance_m
from delivery.orders.models import Fulfilment
from delivery.orders.pricing import with_options
from delivery.orders.services import DraftLine
from restaurants import selectors as restaurants
from restaurants.models import OptionGroup, Restaurant
from restaurants.options import Picked, groups_of, pick

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


def zone_of(basket: Basket, restaurant: Restaurant, now: datetime) -> Zone | None:
    """None for a collection. Raises AddressOutsideZones; ZonePaused, OutOfReach, ZoneFull when a lever is pulled."""
    if basket.destination is None:
        return None
    zone = zone_at(restaurant.city, basket.destination.point)
    if zone is None:
        raise AddressOutsideZones(fields={"address": [_named(AddressOutsideZones)]})
    refuse_levers(zone, restaurant, basket.destination.point, now)
    return zone


def destination_of(basket: Basket, restaurant: Restaurant) -> Destination:
    """Where the bag changes hands: the customer's door, else the restaurant's own counter."""
    counter = Destination(line=restaurant.address_line, lat=restaurant.lat, lon=restaurant.lon)
    return basket.destination or counter


def refuse_tip(tip: int, fulfilment: str) -> None:
    """Raises Invalid: nobody carries a collection, so nobody could be given it."""
    if tip and fulfilment == Fulfilment.COLLECTION:
        said = gettext("A collection has no courier to give it to")
        raise Invalid(fields={"tip": [{"code": "out_of_range", "message": said}]})


def refuse_levers(zone: Zone, restaurant: Restaurant, door: Point, now: datetime) -> None:
    """Raises ZonePaused, OutOfReach, ZoneFull. Those who pay at the same moment may exceed a cap by one another."""
    [zone] = with_levers([zone])
    refuse_by_lever(zone, distance_m(restaurant.point, door))
    cap = cap_of(zone)
    if cap is None:
        return
    lately = Quote.objects.filter(zone__city=zone.city_id, order__placed_at__gt=now - CAP_WITHIN)
    if (lately if cap.zone_id is None else lately.filter(zone=zone)).count() >= (cap.amount or 0):
        raise ZoneFull(current={"cap": cap.amount, "paused_until": cap.until})


def priced_lines(basket: Basket, restaurant: Restaurant, at: datetime) -> list[DraftLine]:
    """The lines at the prices of `at`.

    Raises:
        UnknownProduct, TwoRestaurants, SoldOut, UnknownOption, ChoiceIncomplete: `fields` names each line.
    """
    products = restaurants.products_by_public_id({line.product for line in basket.lines}, at)
    _refuse(UnknownProduct, [line.product not in products for line in basket.lines])
    wanted = [products[line.product] for line in basket.lines]
    _refuse(TwoRestaurants, [product.restaurant_id != restaurant.pk for product in wanted])
    _refuse(SoldOut, [restaurants.is_sold_out(product, at) for product in wanted])
    groups = groups_of({product.pk for product in wanted})
    picked = _picked([(line.options, groups.get(product.pk, [])) for line, product in _pairs(basket, wanted)])
    return [
        _line(line, product, answers) for (line, product), answers in zip(_pairs(basket, wanted), picked, strict=True)
    ]


def refuse_sold_out(product_ids: Sequence[int], at: datetime) -> None:
    """Raises SoldOut when a quoted product was sold out or taken off the menu meanwhile."""
    gone = restaurants.unavailable(product_ids, at)
    _refuse(SoldOut, [product_id in gone for product_id in product_ids])


def refuse_instant(wanted_at: datetime | None, now: datetime) -> None:
    """Raises Invalid when a preorder is wanted in the past or later than a fortnight from now."""
    if wanted_at is not None and not now <= wanted_at <= now + PREORDERS_UNTIL:
        said = gettext("An order is wanted from now to a fortnight from now")
        raise Invalid(fields={"wanted_at": [{"code": "out_of_range", "message": said}]})


def refuse_amount(subtotal: int, total: int, zone: Zone | None) -> None:
    """Raises BelowMinimum, TotalTooLarge."""
    if zone and subtotal < zone.minimum_order:
        raise BelowMinimum(current={"subtotal": subtotal, "minimum_order": zone.minimum_order})
    if total > LARGEST_TOTAL:
        raise TotalTooLarge(current={"total": total, "largest_total": LARGEST_TOTAL})


def _pairs(basket: Basket, products: Sequence[Any]) -> list[tuple[BasketLine, Any]]:
    return list(zip(basket.lines, products, strict=True))


def _picked(lines: Sequence[tuple[Sequence[str], Sequence[OptionGroup]]]) -> list[list[Picked]]:
    """The answers of each line; the first kind of refusal names every line that has it."""
    picked: list[list[Picked]] = []
    refused: dict[type[Problem], dict[int, Problem]] = {}
    for position, (options, groups) in enumerate(lines):
        try:
            picked.append(pick(groups, options))
        except Problem as problem:
            refused.setdefault(type(problem), {})[position] = problem
    for kind, at in refused.items():
        raise kind(fields={f"lines.{position}.options": [_named(kind)] for position in at})
    return picked


def _line(line: BasketLine, product: Any, picked: Sequence[Picked]) -> DraftLine:
    return DraftLine(
        product_id=product.pk,
        name=product.name,
        station=product.station.name if product.station else CATCH_ALL,
        quantity=line.quantity,
        unit_amount=with_options(product.amount, [option.amount for option in picked]),
        vat_rate_bp=product.vat_rate_bp,
        allergens=product.allergens,
        options=[asdict(option) for option in picked],
        note=line.note,
    )


def _refuse(problem: type[Problem], is_bad: Sequence[bool]) -> None:
    fields = {f"lines.{position}.product": [_named(problem)] for position, bad in enumerate(is_bad) if bad}
    if fields:
        raise problem(fields=fields)


def _named(problem: type[Problem]) -> Mapping[str, str]:
    return {"code": problem.code, "message": problem.title}
