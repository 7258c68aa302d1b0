"""What checkout refuses, with which code; a refusal leaves nothing behind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery.checkout import services as checkout
from delivery.checkout.basket import Basket, BasketLine, Destination, Placement
from delivery.checkout.errors import (
    AddressOutsideZones,
    BelowMinimum,
    PriceChanged,
    QuoteExpired,
    SoldOut,
    TotalTooLarge,
    TwoRestaurants,
    UnknownProduct,
    UnknownRestaurant,
)
from delivery.checkout.models import Quote
from delivery.ground.access import Actor
from delivery.ground.errors import Invalid, KeyReused, NotFound, Problem
from delivery.ground.idempotency import IdempotencyKey
from delivery.ground.outbox.models import EventRow
from delivery.orders.models import Order
from delivery.payments.errors import PaymentRefused
from delivery.payments.models import Tender
from delivery.payments.provider import REFUSED_AMOUNT
from restaurants import services as restaurants
from restaurants.errors import RestaurantClosed, RestaurantPaused
from restaurants.models import Price, Product, Restaurant
from tests import world

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria(minimum_order=500)


def product(shop: Restaurant, name: str) -> Product:
    return Product.objects.get(restaurant=shop, name=name)


def place(wants: str | Basket, *, key: str = "k", actor: Actor = world.GUEST, **more: Any) -> dict[str, Any]:
    placement = Placement(wants=wants, customer_name="Ana", **more)
    body = repr(placement).encode()
    return checkout.place(actor=actor, key=key, route="POST /orders", body=body, placement=placement).body


def quoted(shop: Restaurant, *names: str) -> Quote:
    return checkout.quote(actor=world.GUEST, basket=world.basket(shop, *(names or ["margherita"])))


def refused(problem: type[Problem], do: Callable[[], object]) -> Problem:
    """The refusal; fails when anything was written beside quotes and ended tenders."""
    before = EventRow.objects.count()
    with pytest.raises(problem) as raised:
        do()
    assert not Order.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert not Tender.objects.filter(state=Tender.State.AUTHORIZED).exists()
    assert EventRow.objects.count() == before
    return raised.value


def test_an_address_outside_all_zones(shop: Restaurant) -> None:
    far = Destination(line="far", lat=0, lon=0)
    wants = replace(world.basket(shop, "margherita"), destination=far)
    assert list(refused(AddressOutsideZones, lambda: place(wants)).fields) == ["address"]


def test_a_closed_zone_is_outside(shop: Restaurant) -> None:
    shop.city.zones.update(is_open=False)
    refused(AddressOutsideZones, lambda: quoted(shop))


def test_a_closed_restaurant_says_when_it_opens() -> None:
    shop = world.pizzeria(opening_hours="2060 Mo-Su 11:00-14:00")
    refusal = refused(RestaurantClosed, lambda: quoted(shop))
    assert refusal.detail == "opens at 2060-01-01T10:00Z"
    closed_for_good = world.pizzeria("gone", opening_hours="off", lat=44.5)
    assert refused(RestaurantClosed, lambda: quoted(closed_for_good)).detail == "no opening is planned"


def test_a_restaurant_that_closes_between_quote_and_order(shop: Restaurant) -> None:
    quote = quoted(shop)
    Restaurant.objects.filter(pk=shop.pk).update(opening_hours="off")
    refused(RestaurantClosed, lambda: place(str(quote.public_id)))


def test_a_paused_restaurant(shop: Restaurant) -> None:
    quote = quoted(shop)
    restaurants.pause_restaurant(restaurant_id=shop.pk, duration=timedelta(hours=1), reason="rush", by="tests")
    refused(RestaurantPaused, lambda: quoted(shop))
    refused(RestaurantPaused, lambda: place(str(quote.public_id)))
    restaurants.resume_restaurant(restaurant_id=shop.pk, by="tests")
    assert place(str(quote.public_id))["status"] == "placed"


def test_sold_out_names_the_line(shop: Restaurant) -> None:
    quote = quoted(shop, "margherita", "cola")
    cola = product(shop, "cola")
    restaurants.mark_sold_out(product_id=cola.pk, until=shop.created_at + timedelta(hours=5), by="tests")
    assert list(refused(SoldOut, lambda: quoted(shop, "margherita", "cola")).fields) == ["lines.1.product"]
    assert list(refused(SoldOut, lambda: place(str(quote.public_id))).fields) == ["lines.1.product"]
    restaurants.mark_sold_out(product_id=cola.pk, until=LONG_AGO, by="tests")
    assert place(str(quote.public_id))["total"] == 950 + 290 + world.FEE


def test_products_of_nobody_and_of_another_restaurant(shop: Restaurant) -> None:
    other = world.pizzeria("other", lat=44.5)
    wants = world.basket(shop, "margherita")
    foreign = replace(wants, lines=[*wants.lines, *world.basket(other, "cola").lines])
    assert list(refused(TwoRestaurants, lambda: place(foreign)).fields) == ["lines.1.product"]
    unknown = replace(wants, lines=[BasketLine(str(shop.public_id), 1)])
    assert list(refused(UnknownProduct, lambda: place(unknown)).fields) == ["lines.0.product"]
    refused(UnknownRestaurant, lambda: place(replace(wants, restaurant=str(shop.city.public_id))))
    Restaurant.objects.filter(pk=shop.pk).update(is_active=False)
    refused(UnknownRestaurant, lambda: place(wants))


def test_amounts_have_a_floor_and_a_ceiling(shop: Restaurant) -> None:
    refusal = refused(BelowMinimum, lambda: quoted(shop, "cola"))
    assert refusal.current == {"subtotal": 290, "minimum_order": 500}
    refused(TotalTooLarge, lambda: place(world.basket(shop, "margherita"), tip=10_000_000))


def test_a_quote_ends_after_ten_minutes(shop: Restaurant) -> None:
    quote = quoted(shop)
    assert (quote.expires_at - quote.created_at).total_seconds() == pytest.approx(600, abs=5)
    Quote.objects.update(expires_at=LONG_AGO)
    refused(QuoteExpired, lambda: place(str(quote.public_id)))


def test_quotes_are_forgotten_with_their_addresses_a_day_after_they_end(shop: Restaurant) -> None:
    old, young = quoted(shop), quoted(shop)
    placed = place(str(old.public_id))
    Quote.objects.filter(pk=old.pk).update(expires_at=LONG_AGO)
    assert checkout.forget_quotes() == 1
    assert list(Quote.objects.all()) == [young]
    assert Order.objects.filter(public_id=placed["id"]).exists()


def test_a_placement_keeps_to_its_statements(shop: Restaurant) -> None:
    quote = quoted(shop, "margherita", "regina", "cola")
    with CaptureQueriesContext(connection) as queries:
        place(str(quote.public_id))
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 21


def test_a_foreign_quote_does_not_exist(shop: Restaurant) -> None:
    quote = quoted(shop)
    refused(NotFound, lambda: place(str(quote.public_id), actor=Actor(ref="guest:other")))
    refused(NotFound, lambda: place(str(shop.public_id)))


def test_a_new_price_is_said_before_payment_and_a_quote_keeps_the_old_one(shop: Restaurant) -> None:
    quote = quoted(shop)
    shown = 950 + world.FEE
    restaurants.change_price(product_id=product(shop, "margherita").pk, amount=1050, by="tests")
    wants = world.basket(shop, "margherita")
    refusal = refused(PriceChanged, lambda: place(wants, expected_total=shown))
    assert refusal.current == {"total": shown + 100, "currency": "EUR"}
    assert not Tender.objects.exists()
    assert place(str(quote.public_id), key="old", expected_total=shown)["total"] == shown
    assert place(wants, key="new", expected_total=shown + 100)["total"] == shown + 100


def test_a_price_of_tomorrow_costs_nothing_today(shop: Restaurant) -> None:
    margherita = product(shop, "margherita")
    tomorrow = shop.created_at + timedelta(days=1)
    restaurants.change_price(product_id=margherita.pk, amount=1, by="tests", valid_from=tomorrow)
    assert quoted(shop).subtotal == 950
    with pytest.raises(Invalid):
        restaurants.change_price(product_id=margherita.pk, amount=1, by="tests", valid_from=LONG_AGO)
    assert Price.objects.filter(product=margherita).count() == 2


def test_a_preorder_is_for_the_coming_fortnight(shop: Restaurant) -> None:
    wants = world.basket(shop, "margherita")
    for wanted_at in (LONG_AGO, shop.created_at + timedelta(days=15)):
        assert list(refused(Invalid, partial(place, wants, wanted_at=wanted_at)).fields) == ["wanted_at"]


def test_a_refused_payment_places_nothing(shop: Restaurant) -> None:
    wants = world.basket(shop, "margherita")
    tip = REFUSED_AMOUNT - 950 - world.FEE
    for _ in range(2):
        refused(PaymentRefused, lambda: place(wants, tip=tip))
    assert [tender.state for tender in Tender.objects.all()] == ["failed"]
    assert place(wants, key="cash", tip=tip, tender=Tender.Kind.CASH)["total"] == REFUSED_AMOUNT


def test_a_key_stands_for_one_order_only(shop: Restaurant) -> None:
    wants = world.basket(shop, "margherita")
    first = place(wants)
    assert place(wants) == first
    with pytest.raises(KeyReused):
        place(wants, tip=100)
    assert Order.objects.count() == 1
    assert place(wants, actor=Actor(ref="guest:other"))["id"] != first["id"]


def test_a_spent_quote_reserves_no_more_money(shop: Restaurant) -> None:
    quote = str(quoted(shop).public_id)
    placed = place(quote, key="a")
    with pytest.raises(QuoteExpired, match="is an order already"):
        place(quote, key="b")
    assert [(tender.state, str(tender.order and tender.order.public_id)) for tender in Tender.objects.all()] == [
        ("authorized", placed["id"])
    ]
