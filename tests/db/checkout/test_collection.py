"""Who comes for the food: no zone, no fee, no courier, no tip; the counter hands it over and the money adds up."""

from datetime import timedelta

import pytest

from delivery.checkout import services as checkout
from delivery.checkout.basket import Basket, BasketLine, Placement
from delivery.ground.errors import Invalid, NotAllowed
from delivery.ground.ids import new_token
from delivery.orders import services as orders
from delivery.orders.models import LedgerEntry, Order
from dispatch.models import Stop
from restaurants.models import Product, Restaurant
from tests import world
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db


def basket(shop: Restaurant) -> Basket:
    product = Product.objects.get(restaurant=shop, name="cola")
    return Basket(restaurant=str(shop.public_id), lines=[BasketLine(str(product.public_id), 1)], destination=None)


def placed(shop: Restaurant, tip: int = 0) -> Order:
    placement = Placement(wants=basket(shop), customer_name="Ana", tip=tip)
    reply = checkout.place(actor=world.GUEST, key=new_token(), route="tests", body=b"", placement=placement)
    found: Order = Order.objects.get(public_id=reply.body["id"])
    return found


def test_it_costs_what_it_costs_and_no_zone_asks_for_more() -> None:
    shop = world.pizzeria(minimum_order=5_000)
    quote = checkout.quote(actor=world.GUEST, basket=basket(shop))
    assert (quote.total, quote.delivery_fee, quote.zone, quote.address_line) == (290, 0, None, shop.address_line)


def test_nobody_is_tipped() -> None:
    with pytest.raises(Invalid) as refused:
        placed(world.pizzeria(), tip=100)
    assert list(refused.value.fields) == ["tip"]
    assert not Order.objects.exists()


def test_it_is_promised_for_when_it_is_cooked_and_handed_over_at_the_counter() -> None:
    shop = world.pizzeria()
    order = placed(shop)
    accepted = orders.accept_order(order_id=order.pk, by="tests", prep_time=timedelta(minutes=20))
    assert accepted.promised_from == accepted.ready_eta
    orders.mark_ready(order_id=order.pk, by="tests")
    carry_all()
    assert not Stop.objects.exists()
    handed = orders.hand_over(order_id=order.pk, by="tests")
    assert (handed.status, sum(LedgerEntry.objects.filter(order=order).values_list("amount", flat=True))) == (
        "delivered",
        0,
    )


def test_what_a_courier_brings_is_not_handed_over_to_anybody() -> None:
    order = world.order(world.pizzeria())
    with pytest.raises(NotAllowed):
        orders.hand_over(order_id=order.pk, by="tests")
