"""Choices of a product: what may be picked, what it costs, and that an order keeps it."""

import pytest
from django.db import IntegrityError, transaction

from delivery.checkout import services as checkout
from delivery.checkout.basket import Basket, BasketLine
from delivery.ground.errors import Invalid
from delivery.orders.rows import for_customer, for_kitchen
from restaurants import services
from restaurants.errors import ChoiceIncomplete, UnknownOption
from restaurants.models import Option, Product, Restaurant
from restaurants.options import NewGroup, NewOption, replace_option
from tests import world

pytestmark = pytest.mark.django_db

SIZE = NewGroup("Size", [NewOption("Small"), NewOption("Large", 250)], fewest=1, most=1)
EXTRAS = NewGroup("Extras", [NewOption("Olives", 100), NewOption("Egg", 120), NewOption("Ham", 150)], most=2)


@pytest.fixture
def shop() -> Restaurant:
    shop = world.pizzeria()
    pizza = Product.objects.get(restaurant=shop, name="margherita")
    services.add_choices(product_id=pizza.pk, choices=[SIZE, EXTRAS], by="tests")
    return shop


def wants(shop: Restaurant, *options: str, quantity: int = 1) -> Basket:
    plain = world.basket(shop, "margherita")
    ids = dict(Option.objects.values_list("name", "public_id"))
    line = BasketLine(plain.lines[0].product, quantity, options=[str(ids[name]) for name in options])
    return Basket(restaurant=plain.restaurant, lines=[line], destination=plain.destination)


def test_options_count_in_the_price_of_each_piece(shop: Restaurant) -> None:
    quote = checkout.quote(actor=world.GUEST, basket=wants(shop, "Large", "Olives", quantity=2))
    (line,) = quote.lines
    assert (line["unit_amount"], line["amount"], quote.subtotal) == (1300, 2600, 2600)
    assert line["options"] == [
        {"group": "Size", "name": "Large", "amount": 250},
        {"group": "Extras", "name": "Olives", "amount": 100},
    ]


@pytest.mark.parametrize(
    "picked", [[], ["Small", "Large"], ["Olives"], ["Small", "Olives", "Egg", "Ham"], ["Small", "Small"]]
)
def test_too_few_too_many_or_the_same_twice_is_refused(shop: Restaurant, picked: list[str]) -> None:
    with pytest.raises((ChoiceIncomplete, UnknownOption)) as refusal:
        checkout.quote(actor=world.GUEST, basket=wants(shop, *picked))
    assert list(refusal.value.fields or {}) == ["lines.0.options"]


def test_an_option_of_another_product_is_unknown(shop: Restaurant) -> None:
    cola = Product.objects.get(restaurant=shop, name="cola")
    services.add_choices(product_id=cola.pk, choices=[NewGroup("Ice", [NewOption("Much")])], by="tests")
    with pytest.raises(UnknownOption):
        checkout.quote(actor=world.GUEST, basket=wants(shop, "Small", "Much"))


def test_an_order_keeps_what_was_picked_whatever_the_menu_does(shop: Restaurant) -> None:
    order = world.order(shop, wants=wants(shop, "Large"))
    large = Option.objects.get(name="Large")
    replace_option(option_id=large.pk, by="tests", replacement=NewOption("Very large", 400))
    (line,) = order.lines.all()
    assert (line.unit_amount, line.picked) == (1200, ["Large"])
    for row in (for_customer(order), for_kitchen(order)):
        assert row["lines"][0]["options"] == [{"group": "Size", "name": "Large", "amount": 250}]
    with pytest.raises(UnknownOption):
        checkout.quote(actor=world.GUEST, basket=wants(shop, "Large"))
    version = shop.menu_version
    shop.refresh_from_db()
    assert shop.menu_version == version + 2


def test_the_amount_of_an_option_never_changes(shop: Restaurant) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Option.objects.filter(name="Large").update(amount=1)


def test_a_choice_that_nobody_could_make_is_refused(shop: Restaurant) -> None:
    cola = Product.objects.get(restaurant=shop, name="cola")
    with pytest.raises(Invalid):
        services.add_choices(product_id=cola.pk, choices=[NewGroup("Ice", [NewOption("Much")], most=2)], by="tests")
    with pytest.raises(Invalid):
        services.add_choices(product_id=cola.pk, choices=[NewGroup("Ice", [NewOption("Free", -1)])], by="tests")
    replace_option(option_id=Option.objects.get(name="Small").pk, by="tests", replacement=None)
    with pytest.raises(Invalid):
        replace_option(option_id=Option.objects.get(name="Large").pk, by="tests", replacement=None)
