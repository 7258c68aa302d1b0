"""No page says an English sentence to somebody who reads French or Spanish: every page of every role, walked.

The texts of a page in one language are compared with the same page in English. What is the same in both must be a
name, a number, or a word that the languages share.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

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
from tests.catalogues import all_messages, catalogue

pytestmark = pytest.mark.django_db

# A language in itself, a drawing of unfold's font, and what the restaurant of these tests calls its courses.
NAMES = {"English", "search", *(new.category for new in world.PIZZAS)}
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-hold-text")


class Texts(HTMLParser):
    """What a page says, text by text, its own scripts and what is in another language left out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        self.said |= {value for name, value in attrs if name in SPOKEN and value}

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._silent:
            self.said.add(text)


def said_by(page: str) -> set[str]:
    texts = Texts()
    texts.feed(page)
    return texts.said


@pytest.fixture(scope="module")
def translated() -> dict[str, set[str]]:
    """English texts without values whose translation is another text, by language."""
    sources = {message.id for message in all_messages() if isinstance(message.id, str) and message.id}
    return {
        language: {
            str(message.id)
            for message in catalogue(language)
            if message.id in sources and message.string != message.id and re.search(r"[A-Za-z]{2}", str(message.id))
        }
        for language in ("fr", "es")
    }


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
        "dispatcher": ["/console/", "/control-room/", f"/console/city/{order.city.slug}/"],
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


def leaks(client: Client, paths: list[str], english: set[str], language: str) -> Iterator[str]:
    """Texts of the pages that stand in English though a translation exists."""
    for path in paths:
        answer = client.get(path, follow=True)
        page = answer.content.decode()
        assert answer.status_code in (200, 404), path
        if "<html" in page:
            assert f'<html lang="{language}"' in page, path
        yield from (f"{path}: {text}" for text in sorted(said_by(page) & english))


@pytest.mark.parametrize("role", ["guest", "owner", "boss", "dispatcher", "deliverer", "lobby", "kitchen"])
@pytest.mark.parametrize("language", ["fr", "es"])
def test_no_page_of_a_role_says_english(
    order: Order, translated: dict[str, set[str]], role: str, language: str
) -> None:
    english = translated[language] - NAMES
    assert list(leaks(visitor(role, order, language), pages(role, order), english, language)) == []


def test_a_leak_would_be_found(order: Order, translated: dict[str, set[str]]) -> None:
    page = visitor("owner", order, "en").get("/console/money/").content.decode()
    assert len(said_by(page) & translated["fr"]) > 10
