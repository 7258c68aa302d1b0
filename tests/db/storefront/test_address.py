"""An address by its street: suggested, asked back, refused with what is near, kept with an account."""

import re
from typing import Any

import pytest
from django.test import Client

from delivery.accounts.models import Address
from delivery.cities.addresses import load_streets
from restaurants.models import Restaurant
from tests import grid_town, world
from tests.db.storefront.visit import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    """In the middle of the grid, whose streets are known."""
    shop = world.pizzeria()
    load_streets(network=grid_town.grid(), cities=[shop.city])
    return shop


def give(client: Client, line: str, **more: str) -> Any:
    return client.post("/address/", {"line": line, "zone": "", **more})


def test_a_house_that_is_known_gives_its_door(client: Client, shop: Restaurant) -> None:
    assert give(client, "gregorio cordovez 250", floor="2").status_code == 302
    kept = client.session["address"]
    assert (kept["line"], kept["reckoned_from"], kept["access"]["floor"]) == ("Gregorio Cordovez 250", "", "2")
    assert "reckoned" not in text(client.get("/"))


def test_a_street_that_may_be_several_is_asked_back_and_loses_nothing(client: Client, shop: Restaurant) -> None:
    asked = give(client, "del mar 310", door_code="B12")
    assert asked.status_code == 200
    page = asked.content.decode()
    assert "Viña del Mar 310" in page
    (form,) = [each for each in page.split("<form")[1:] if 'value="Viña del Mar 310"' in each]
    said = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert said["door_code"] == "B12"
    assert client.post("/address/", said).status_code == 302
    assert client.session["address"]["line"] == "Viña del Mar 310"


def test_an_unknown_street_is_said_and_the_part_of_the_city_offered(client: Client, shop: Restaurant) -> None:
    refused = give(client, "Xyzzy 12")
    assert refused.status_code == 422
    assert "We do not know this street." in text(refused)
    assert 'name="zone"' in refused.content.decode()


def test_suggestions_are_options_that_carry_their_place(client: Client, shop: Restaurant) -> None:
    page = client.get("/address/suggest", {"q": "gregorio cordovez 250"}).content.decode()
    assert 'role="option"' in page
    assert 'data-line="Gregorio Cordovez 250"' in page
    assert re.search(r'data-lat="43\.6\d+"', page)
    here = client.get("/address/suggest", {"lat": str(shop.lat), "lon": str(shop.lon)}).content.decode()
    assert here.count('role="option"') == 1


@pytest.mark.parametrize("query", [{"lat": "x", "lon": "1"}, {"lat": "91", "lon": "1"}, {"lat": "nan", "lon": "1"}])
def test_a_position_lies_on_earth(client: Client, shop: Restaurant, query: dict[str, str]) -> None:
    assert client.get("/address/suggest", query).status_code == 400


@pytest.mark.parametrize("query", ["", "a", "%00", "'; drop", "x" * 3000, "<script>"])
def test_a_hostile_query_finds_nothing_and_breaks_nothing(client: Client, shop: Restaurant, query: str) -> None:
    response = client.get("/address/suggest", {"q": query})
    assert response.status_code == 200
    assert "<script" not in response.content.decode()


def test_an_account_keeps_a_given_address_once_and_forgets_it_when_told(client: Client, shop: Restaurant) -> None:
    ana, bob = world.account("ana"), world.account("bob")
    client.force_login(ana)
    for _ in range(2):
        give(client, "gregorio cordovez 250", keep="on", floor="2")
    kept = Address.objects.get(account=ana)
    assert (kept.line, kept.floor) == ("Gregorio Cordovez 250", "2")
    other = Client()
    other.force_login(bob)
    assert other.post("/address/forget/", {"saved": str(kept.public_id)}).status_code == 404
    assert client.post("/address/forget/", {"saved": str(kept.public_id)}).status_code == 302
    assert not Address.objects.exists()


def test_without_the_wish_nothing_is_kept(client: Client, shop: Restaurant) -> None:
    client.force_login(world.account("ana"))
    give(client, "gregorio cordovez 250")
    assert not Address.objects.exists()
