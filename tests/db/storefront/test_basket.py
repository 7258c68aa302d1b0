"""Address and basket over HTTP, as a browser without scripts sees them."""

from datetime import timedelta

import pytest
from django.test import Client

from delivery.accounts.models import Address
from delivery.ground import clock
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world
from tests.db.storefront.visit import give_address, hold, product, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def test_the_first_page_asks_where_to_bring_it(client: Client, shop: Restaurant) -> None:
    page = text(client.get("/"))
    assert "Where shall we bring it?" in page
    assert "reckoned from the middle" in page


def test_an_address_shows_who_delivers_there_and_says_what_it_reckons_from(client: Client, shop: Restaurant) -> None:
    response = give_address(client, door_code="B12")
    assert (response.status_code, response["Location"]) == (302, "/")
    page = text(client.get("/"))
    assert "Pizzeria" in page
    assert "Delivery €2.90" in page
    assert "reckoned from the middle of all" in page
    assert client.session["address"]["access"]["door_code"] == "B12"


def test_a_position_outside_every_zone_is_refused_beside_the_field(client: Client, shop: Restaurant) -> None:
    response = give_address(client, lat="10", lon="10")
    assert response.status_code == 422
    assert "Nobody delivers to this address yet." in text(response)
    assert "What we reach near there: Pizzeria, all ·" in text(response)
    assert "address" not in client.session


@pytest.mark.parametrize("more", [{"zone": ""}, {"zone": "999999"}, {"line": ""}, {"lat": "nan", "lon": "4"}])
def test_half_an_address_is_refused(client: Client, shop: Restaurant, more: dict[str, str]) -> None:
    assert give_address(client, **more).status_code == 422


def test_a_person_takes_a_saved_address_but_never_a_foreign_one(client: Client, shop: Restaurant) -> None:
    ana, bob = world.account("ana"), world.account("bob")
    home = {"line": "5 rue Ana", "lat": shop.lat, "lon": shop.lon, "floor": "3"}
    mine, foreign = (Address.objects.create(account=each, **home) for each in (ana, bob))
    client.force_login(ana)
    assert "5 rue Ana" in text(client.get("/"))
    assert client.post("/address/saved/", {"saved": str(foreign.public_id)}).status_code == 404
    assert (
        client.post("/address/saved/", {"saved": str(mine.public_id), "next": "checkout"})["Location"] == "/checkout/"
    )
    assert client.session["address"]["access"]["floor"] == "3"


def test_the_basket_holds_ids_and_quantities_and_never_a_price(client: Client, shop: Restaurant) -> None:
    hold(client, shop, quantity=2, price="1", amount="1")
    hold(client, shop, quantity=2)
    kept = client.session["basket"]
    assert kept["restaurant"] == str(shop.public_id)
    (line,) = kept["lines"].values()
    assert (line["quantity"], set(line)) == (2, {"product", "options", "note", "quantity", "added_at"})
    assert "€19.00" in text(client.get(f"/restaurants/{shop.slug}/"))
    hold(client, shop, quantity=0)
    assert client.session["basket"] == {}


@pytest.mark.parametrize("quantity", ["-1", "1.5", "x", "", "100"])
def test_a_quantity_is_a_small_number(client: Client, shop: Restaurant, quantity: str) -> None:
    said = {"product": str(product(shop).public_id), "quantity": quantity}
    assert client.post(f"/restaurants/{shop.slug}/basket/", said).status_code == 400


def test_a_product_of_elsewhere_does_not_enter_by_this_door(client: Client, shop: Restaurant) -> None:
    other = world.pizzeria("other", lat=43.9)
    said = {"product": str(product(other).public_id), "quantity": "1"}
    assert client.post(f"/restaurants/{shop.slug}/basket/", said).status_code == 404
    assert client.post(f"/restaurants/{shop.slug}/basket/", said | {"product": "no id"}).status_code == 404


def test_another_restaurant_asks_before_it_begins_a_new_basket(client: Client, shop: Restaurant) -> None:
    other = world.pizzeria("other", lat=43.9)
    hold(client, shop)
    asked = hold(client, other)
    assert asked.status_code == 409
    assert "Your basket holds 1 item from Pizzeria" in text(asked)
    assert client.session["basket"]["restaurant"] == str(shop.public_id)
    hold(client, other, replace="1")
    assert client.session["basket"]["restaurant"] == str(other.public_id)


def test_a_changed_price_is_said_in_the_basket(client: Client, shop: Restaurant) -> None:
    hold(client, shop)
    restaurants.change_price(product_id=product(shop).pk, amount=1000, by="tests")
    page = text(client.get(f"/restaurants/{shop.slug}/"))
    assert "Price changed since you added it: one was €9.50." in page
    assert "€10.00" in page


def test_what_is_sold_out_stands_in_the_way_until_it_is_taken_out(client: Client, shop: Restaurant) -> None:
    give_address(client)
    hold(client, shop)
    hold(client, shop, "cola")
    until = clock.now() + timedelta(hours=1)
    restaurants.mark_sold_out(product_id=product(shop).pk, until=until, by="tests")
    page = client.get(f"/restaurants/{shop.slug}/")
    assert "Something in your basket is sold out" in text(page)
    assert 'href="/checkout/"' not in page.content.decode()
    refused = client.get("/checkout/")
    assert refused["Location"] == f"/restaurants/{shop.slug}/"
    hold(client, shop, quantity=0)
    assert client.get("/checkout/").status_code == 200


def test_a_closed_restaurant_shows_its_menu_and_takes_nothing(client: Client) -> None:
    shop = world.pizzeria(opening_hours="off")
    give_address(client)
    page = client.get(f"/restaurants/{shop.slug}/")
    assert "Closed" in text(page)
    assert "margherita" in text(page)
    assert 'name="quantity"' not in page.content.decode()
    hold(client, shop)
    assert client.get("/checkout/")["Location"] == f"/restaurants/{shop.slug}/"
    assert "The restaurant is closed now" in text(client.get(f"/restaurants/{shop.slug}/"))


def test_a_basket_below_the_minimum_is_told_before_checkout(client: Client) -> None:
    shop = world.pizzeria(minimum_order=2000)
    give_address(client)
    hold(client, shop)
    assert "below the restaurant's minimum" in text(client.get(f"/restaurants/{shop.slug}/")).replace("&#x27;", "'")
