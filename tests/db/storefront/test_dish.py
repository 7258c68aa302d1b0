"""A dish with choices: the page, the price of what is chosen, and its line in the basket."""

import re
from typing import Any

import pytest
from django.test import Client

from delivery.orders.models import Order
from restaurants import services as restaurants
from restaurants.models import Option, Restaurant
from restaurants.options import NewGroup, NewOption, replace_option
from tests import world
from tests.db.storefront.visit import CUSTOMER, give_address, hidden, hold, product, text

pytestmark = pytest.mark.django_db

CHOICES = [
    NewGroup("Size", [NewOption("Small"), NewOption("Large", 250)], fewest=1, most=1),
    NewGroup("Extras", [NewOption("Olives", 100), NewOption("Egg", 120), NewOption("Ham", 150)], most=2),
]


@pytest.fixture
def shop() -> Restaurant:
    shop = world.pizzeria()
    restaurants.add_choices(product_id=product(shop).pk, choices=CHOICES, by="tests")
    return shop


def page_of(shop: Restaurant) -> str:
    return f"/restaurants/{shop.slug}/dishes/{product(shop).public_id}/"


def option(name: str) -> str:
    return str(Option.objects.get(name=name, is_active=True).public_id)


def choose(client: Client, shop: Restaurant, *names: str, **more: str) -> Any:
    page = client.get(page_of(shop)).content.decode()
    key = re.findall(r'name="idempotency_key" value="([^"]+)"', page)[0]
    said = {"idempotency_key": key, "quantity": "1", "option": [option(name) for name in names], **more}
    return client.post(page_of(shop), said)


def test_the_page_shows_each_choice_and_what_it_adds(client: Client, shop: Restaurant) -> None:
    page = text(client.get(page_of(shop)))
    assert "Size Choose 1" in page
    assert "Extras Up to 2, if you like" in page
    assert "Large + €2.50" in page
    assert "from €9.50" in text(client.get(f"/restaurants/{shop.slug}/"))


def test_the_address_of_the_page_says_the_price_of_what_it_names(client: Client, shop: Restaurant) -> None:
    said = {"option": [option("Large"), option("Egg")], "quantity": "2"}
    assert "€26.40" in text(client.get(page_of(shop), said))


def test_what_is_chosen_hangs_in_the_basket_and_is_ordered(client: Client, shop: Restaurant) -> None:
    give_address(client)
    assert choose(client, shop, "Large", "Egg", quantity="2", note="well done").status_code == 302
    basket = text(client.get(f"/restaurants/{shop.slug}/"))
    assert "Large, Egg · well done" in basket
    assert "€26.40" in basket
    client.post("/checkout/", CUSTOMER | hidden(client.get("/checkout/")))
    (line,) = Order.objects.get().lines.all()
    assert (line.quantity, line.unit_amount, line.picked, line.note) == (2, 1320, ["Large", "Egg"], "well done")


def test_the_same_wish_is_one_line_and_another_wish_another(client: Client, shop: Restaurant) -> None:
    for names in (["Large"], ["Large"], ["Small"]):
        choose(client, shop, *names)
    assert sorted(line["quantity"] for line in client.session["basket"]["lines"].values()) == [1, 2]


def test_a_form_sent_twice_adds_once(client: Client, shop: Restaurant) -> None:
    for _ in range(2):
        choose(client, shop, "Large", idempotency_key="same")
    (line,) = client.session["basket"]["lines"].values()
    assert line["quantity"] == 1


@pytest.mark.parametrize("names", [[], ["Small", "Large"], ["Small", "Olives", "Egg", "Ham"]])
def test_an_unmade_choice_is_said_beside_it(client: Client, shop: Restaurant, names: list[str]) -> None:
    response = choose(client, shop, *names, note="kept words")
    assert response.status_code == 422
    page = response.content.decode()
    assert 'class="field__error"' in page
    assert "kept words" in page
    assert "basket" not in client.session


def test_a_line_is_changed_in_its_place(client: Client, shop: Restaurant) -> None:
    choose(client, shop, "Large")
    (key,) = client.session["basket"]["lines"]
    assert "Change it" in text(client.get(page_of(shop), {"line": key}))
    choose(client, shop, "Small", line=key)
    ((changed, line),) = client.session["basket"]["lines"].items()
    assert (changed != key, line["options"]) == (True, [option("Small")])


def test_an_option_that_left_the_menu_is_found_in_the_basket(client: Client, shop: Restaurant) -> None:
    give_address(client)
    choose(client, shop, "Large")
    replace_option(option_id=Option.objects.get(name="Large").pk, by="tests", replacement=NewOption("Huge", 300))
    page = client.get(f"/restaurants/{shop.slug}/")
    assert "Something that you chose is no longer offered" in text(page)
    assert 'href="/checkout/"' not in page.content.decode()
    assert client.get("/checkout/")["Location"] == f"/restaurants/{shop.slug}/"


def test_a_plain_form_cannot_skip_the_choice(client: Client, shop: Restaurant) -> None:
    assert hold(client, shop)["Location"] == page_of(shop)
    assert "basket" not in client.session


def test_choices_of_another_restaurant_ask_first_and_lose_nothing(client: Client, shop: Restaurant) -> None:
    other = world.pizzeria("other", lat=43.9)
    hold(client, other)
    asked = choose(client, shop, "Large", note="hot")
    assert asked.status_code == 409
    assert option("Large") in asked.content.decode()
    choose(client, shop, "Large", replace="1")
    assert client.session["basket"]["restaurant"] == str(shop.public_id)
