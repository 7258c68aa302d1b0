"""No page says an English sentence to somebody who reads French or Spanish: every page of every role, walked.

The texts of a page in one language are compared with the same page in English. What is the same in both must be a
name, a number, or a word that the languages share.
"""

from collections.abc import Iterator

import pytest
from django.test import Client

from delivery.cities import services as cities
from delivery.devices import actors
from delivery.devices import services as devices
from delivery.devices.models import Kind
from delivery.orders import services as orders
from delivery.orders.models import Order
from dispatch.fleet import services as fleet
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world
from tests.speech import english_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def order(shop: Restaurant) -> Order:
    world.order(shop, "cola")
    placed = world.order(shop, "margherita", tip=100)
    orders.accept_order(order_id=placed.pk, by="tests")
    return placed


def console(order: Order) -> list[str]:
    shop, city = order.restaurant, order.city
    return [
        "/console/",
        "/console/now/",
        "/console/orders/",
        "/console/orders/?show=late",
        f"/console/orders/{order.public_id}/",
        "/console/search/?q=zzz",
        f"/console/menus/{shop.public_id}/",
        f"/console/menus/{shop.public_id}/new/",
        "/console/money/",
        "/console/devices/",
        "/console/pairing-code/",
        "/console/cities/",
        "/console/menus/",
        "/console/restaurants/restaurant/",
        "/console/accounts/account/",
        f"/console/city/{city.slug}/",
    ]


def pages(role: str, order: Order) -> list[str]:
    """The pages of a role."""
    return {
        "guest": ["/", "/accounts/login/", "/accounts/signup/", "/phone/sign-in/", "/lobby/pair/", "/nowhere/",
                  f"/restaurants/{order.restaurant.slug}/", f"/track/{order.tracking_token}/"],
        "owner": console(order),
        "boss": ["/console/", *console(order)[2:6], f"/console/menus/{order.restaurant.public_id}/"],
        "dispatcher": ["/console/", "/control-room/", "/control-room/quality/", f"/console/city/{order.city.slug}/"],
        "deliverer": ["/phone/"],
        "lobby": ["/lobby/"],
        "kitchen": ["/kitchen/"],
    }[role]  # fmt: skip


def visitor(role: str, order: Order, language: str) -> Client:
    client = Client(headers={"Accept-Language": language})
    if role in ("lobby", "kitchen"):
        device, secret = devices.register_device(kind=Kind(role), restaurant=order.restaurant, name=f"{role} 1")
        devices.set_language(device=device, language=language)
        client.cookies[actors.DEVICE_COOKIE] = secret
    elif role != "guest":
        account = world.account(f"{role}-{language}", language=language, is_owner=role == "owner")
        if role == "boss":
            restaurants.give_role(restaurant=order.restaurant, account=account, role="restaurateur")
        elif role == "dispatcher":
            cities.give_role(city=order.city, account=account, role="dispatcher")
        elif role == "deliverer":
            fleet.join_deliverer(account=account, city=order.city, vehicle="bicycle", by="tests")
        client.force_login(account)
    return client


def leaks(client: Client, paths: list[str], language: str) -> Iterator[str]:
    """Texts of the pages that stand in English though a translation exists."""
    for path in paths:
        answer = client.get(path, follow=True)
        page = answer.content.decode()
        assert answer.status_code in (200, 404), path
        if "<html" in page:
            assert f'<html lang="{language}"' in page, path
        yield from (f"{path}: {text}" for text in english_in(page, language))


@pytest.mark.parametrize("role", ["guest", "owner", "boss", "dispatcher", "deliverer", "lobby", "kitchen"])
@pytest.mark.parametrize("language", ["fr", "es"])
def test_no_page_of_a_role_says_english(order: Order, role: str, language: str) -> None:
    assert list(leaks(visitor(role, order, language), pages(role, order), language)) == []


def test_a_leak_would_be_found(order: Order) -> None:
    page = visitor("owner", order, "en").get("/console/money/").content.decode()
    assert len(english_in(page, "fr")) > 10
