"""Orders in the office: found, filtered, told in sentences, with a place for every cent; foreign ones do not exist."""

import pytest
from django.test import Client

from delivery.cities import services as cities
from delivery.orders import services
from delivery.orders.models import Order
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def order(shop: Restaurant) -> Order:
    placed = world.order(shop, "margherita", tip=100)
    services.accept_order(order_id=placed.pk, by=f"account:{world.account('paolo').public_id}")
    return placed


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(world.account("olga", is_owner=True))
    return client


def test_an_order_is_told_in_sentences_with_names(owner: Client, order: Order) -> None:
    page = owner.get(f"/console/orders/{order.public_id}/").content.decode()
    for words in (
        "Placed and paid for",
        "Accepted, announced for",
        "Cooking starts",
        "Paolo",
        "Every cent has a place",
    ):
        assert words in page
    assert "{&#x27;" not in page
    assert "account:" not in page


def test_the_ledger_on_the_page_sums_to_zero(owner: Client, order: Order) -> None:
    response = owner.get(f"/console/orders/{order.public_id}/")
    (posting,) = response.context["postings"]
    assert sum(amount for _, amount in posting.amounts) == 0
    assert dict(posting.amounts)["The customer"] == order.total


def test_a_restaurateur_sees_own_orders_without_the_address(client: Client, order: Order) -> None:
    boss = world.account("boss")
    restaurants.give_role(restaurant=order.restaurant, account=boss, role="restaurateur")
    foreign = world.order(world.pizzeria("osteria"))
    client.force_login(boss)
    page = client.get(f"/console/orders/{order.public_id}/")
    assert page.status_code == 200
    assert order.address_line not in page.content.decode()
    assert client.get(f"/console/orders/{foreign.public_id}/").status_code == 404
    listed = client.get("/console/orders/").content.decode()
    assert "Osteria" not in listed
    assert "Osteria" not in client.get("/console/search/?q=osteria").content.decode().split("Found for")[1][40:]


def test_a_dispatcher_sees_the_own_city(client: Client, order: Order) -> None:
    dispatcher = world.account("dora")
    cities.give_role(city=order.city, account=dispatcher, role="dispatcher")
    foreign = world.order(world.pizzeria("osteria"))
    client.force_login(dispatcher)
    assert order.address_line in client.get(f"/console/orders/{order.public_id}/").content.decode()
    assert client.get(f"/console/orders/{foreign.public_id}/").status_code == 404


@pytest.mark.parametrize("path", ["/console/", "/console/now/", "/console/orders/", "/console/search/"])
def test_customers_and_strangers_are_kept_out(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(world.account("carla"))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("show", ["", "open", "placed", "late", "today", "delivered", "refused", "paper", "nonsense"])
def test_every_filter_answers(owner: Client, order: Order, show: str) -> None:
    page = owner.get("/console/orders/", {"show": show, "city": order.city.slug})
    assert page.status_code == 200
    is_there = order.number in page.content.decode()
    assert is_there == (show in ("", "open", "today", "nonsense"))


def test_an_empty_list_is_friendly(owner: Client) -> None:
    assert "No order is like this" in owner.get("/console/orders/").content.decode()


def test_search_finds_numbers_restaurants_and_people(owner: Client, order: Order) -> None:
    for wanted, found in ((order.number, order.number), ("pizz", "Pizzeria"), ("paolo@", "Paolo"), ("xyz", "Nothing")):
        assert found in owner.get("/console/search/", {"q": wanted}).content.decode()
    assert order.number in owner.get("/console/search/", {"q": str(order.public_id)}).content.decode()
