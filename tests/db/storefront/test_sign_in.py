"""Signing in takes the basket along; the account's is the same in every browser."""

import pytest
from django.test import Client

from delivery.storefront.models import KeptBasket
from restaurants.models import Restaurant
from tests import world
from tests.db.storefront.visit import give_address, hold, product, ready_to_pay, text

pytestmark = pytest.mark.django_db

LOGIN = {"login": "ana@example.org", "password": world.PASSWORD}


@pytest.fixture
def shop() -> Restaurant:
    world.account("ana")
    return world.pizzeria()


def quantities(shop: Restaurant) -> dict[str, int]:
    lines = KeptBasket.objects.get().content["lines"].values()
    names = {str(product(shop, name).public_id): name for name in ("margherita", "regina", "cola")}
    return {names[line["product"]]: line["quantity"] for line in lines}


def test_what_was_chosen_before_joins_what_the_account_holds(shop: Restaurant) -> None:
    at_home, on_the_way = Client(), Client()
    at_home.post("/accounts/login/", LOGIN)
    hold(at_home, shop, "cola", 2)
    hold(at_home, shop, "margherita", 1)
    hold(on_the_way, shop, "margherita", 3)
    hold(on_the_way, shop, "regina", 1)
    on_the_way.post("/accounts/login/", LOGIN)
    on_the_way.get("/")
    assert quantities(shop) == {"cola": 2, "margherita": 3, "regina": 1}
    assert "6 items" in text(at_home.get(f"/restaurants/{shop.slug}/"))


def test_another_restaurant_chosen_just_now_comes_first(shop: Restaurant) -> None:
    other = world.pizzeria("other", lat=43.9)
    before, now = Client(), Client()
    before.post("/accounts/login/", LOGIN)
    hold(before, other, "cola")
    hold(now, shop, "regina")
    now.post("/accounts/login/", LOGIN)
    now.get("/")
    assert quantities(shop) == {"regina": 1}


def test_signing_out_leaves_nothing_in_the_browser_and_all_with_the_account(shop: Restaurant) -> None:
    client = Client()
    client.post("/accounts/login/", LOGIN)
    give_address(client)
    hold(client, shop, "cola")
    client.post("/accounts/logout/")
    assert "item" not in text(client.get(f"/restaurants/{shop.slug}/"))
    client.post("/accounts/login/", LOGIN)
    assert "1 item" in text(client.get(f"/restaurants/{shop.slug}/"))


def test_an_order_empties_the_basket_everywhere(shop: Restaurant) -> None:
    client = Client()
    client.post("/accounts/login/", LOGIN)
    client.post("/checkout/", ready_to_pay(client, shop))
    assert not KeptBasket.objects.exists()
