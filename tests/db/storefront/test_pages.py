"""The storefront over HTTP, as a browser without scripts sees it: from an address to the tracking link."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from delivery.accounts.models import Address
from delivery.checkout.models import Quote
from delivery.cities.models import Zone
from delivery.ground import clock
from delivery.orders import services as orders
from delivery.orders.models import Order
from delivery.payments.models import Tender
from delivery.payments.provider import REFUSED_AMOUNT
from restaurants import services as restaurants
from restaurants.models import Product, Restaurant
from tests import world

pytestmark = pytest.mark.django_db

CUSTOMER = {"name": "Ana", "phone": "+33 6 12 34 56 78", "tender": "card", "tip": "0"}


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def product(shop: Restaurant, name: str = "margherita") -> Product:
    return Product.objects.get(restaurant=shop, name=name)


def give_address(client: Client, **more: str) -> Any:
    zone = Zone.objects.get()
    return client.post("/address/", {"line": "2 rue du Nord", "zone": str(zone.pk), **more})


def hold(client: Client, shop: Restaurant, name: str = "margherita", quantity: int = 1, **more: str) -> Any:
    said = {"product": str(product(shop, name).public_id), "quantity": str(quantity), **more}
    return client.post(f"/restaurants/{shop.slug}/basket/", said)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def hidden(response: Any) -> dict[str, str]:
    """The hidden fields of the checkout's form."""
    names = ("idempotency_key", "quote")
    page = response.content.decode()
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in names}


def ready_to_pay(client: Client, shop: Restaurant) -> dict[str, str]:
    give_address(client)
    hold(client, shop)
    return CUSTOMER | hidden(client.get("/checkout/"))


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
    assert "Nobody delivers to this address yet. The nearest place that we reach: Pizzeria, all." in text(response)
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
    ((quantity, _),) = kept["lines"].values()
    assert quantity == 2
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


def test_paying_places_one_order_however_often_it_is_sent(client: Client, shop: Restaurant) -> None:
    said = ready_to_pay(client, shop)
    first, again = client.post("/checkout/", said), client.post("/checkout/", said)
    order = Order.objects.get()
    assert first["Location"] == again["Location"] == f"/track/{order.tracking_token}/"
    assert (order.total, order.channel, order.customer_phone) == (1240, "web", "+33612345678")
    assert Tender.objects.count() == 1
    assert "basket" not in client.session


def test_a_shown_quote_is_placed_once_even_from_two_tabs(client: Client, shop: Restaurant) -> None:
    said = ready_to_pay(client, shop)
    client.post("/checkout/", said)
    other_tab = client.post("/checkout/", said | {"idempotency_key": "another", "name": "Eve"})
    assert other_tab["Location"] == f"/track/{Order.objects.get().tracking_token}/"


def test_no_amount_comes_from_the_form(client: Client, shop: Restaurant) -> None:
    said = ready_to_pay(client, shop) | {"total": "1", "subtotal": "1", "expected_total": "1", "delivery_fee": "0"}
    client.post("/checkout/", said)
    assert Order.objects.get().total == 1240


@pytest.mark.parametrize("tip", ["-500", "7", "99999", "x", ""])
def test_a_tip_is_one_of_the_choices(client: Client, shop: Restaurant, tip: str) -> None:
    response = client.post("/checkout/", ready_to_pay(client, shop) | {"tip": tip})
    assert response.status_code == 422
    assert not Order.objects.exists()


def test_a_tip_is_a_share_of_the_dishes(client: Client, shop: Restaurant) -> None:
    client.post("/checkout/", ready_to_pay(client, shop) | {"tip": "1000"})
    assert (Order.objects.get().tip, Order.objects.get().total) == (95, 1335)


def test_the_quote_of_somebody_else_is_not_payable(client: Client, shop: Restaurant) -> None:
    foreign = ready_to_pay(Client(), shop)
    response = client.post("/checkout/", ready_to_pay(client, shop) | {"quote": foreign["quote"]})
    assert response.status_code == 409
    assert not Order.objects.exists()


def test_prices_hold_ten_minutes_and_then_are_shown_anew(client: Client, shop: Restaurant) -> None:
    said = ready_to_pay(client, shop)
    restaurants.change_price(product_id=product(shop).pk, amount=1000, by="tests")
    Quote.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    response = client.post("/checkout/", said)
    assert response.status_code == 409
    assert "The total was €12.40, now it is €12.90." in text(response)
    assert not Order.objects.exists()
    client.post("/checkout/", said | hidden(response))
    assert Order.objects.get().total == 1290


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"phone": "0612"}, "not a phone number"), ({"name": ""}, "required"), ({"tender": "credit"}, "valid choice")],
)
def test_a_wrong_field_says_so_beside_itself(
    client: Client, shop: Restaurant, wrong: dict[str, str], words: str
) -> None:
    response = client.post("/checkout/", ready_to_pay(client, shop) | wrong)
    assert response.status_code == 422
    assert words in text(response)
    assert not Order.objects.exists()


def test_a_refused_payment_is_said_where_the_way_to_pay_is_chosen(client: Client, shop: Restaurant) -> None:
    restaurants.change_price(product_id=product(shop).pk, amount=REFUSED_AMOUNT - world.FEE, by="tests")
    said = ready_to_pay(client, shop)
    response = client.post("/checkout/", said)
    assert response.status_code == 422
    assert "The payment was refused and nothing was charged." in text(response)
    assert client.post("/checkout/", said | hidden(response) | {"tender": "cash"}).status_code == 302


def test_signing_in_keeps_the_basket(client: Client, shop: Restaurant) -> None:
    give_address(client)
    hold(client, shop)
    world.account("ana")
    client.post("/accounts/login/", {"login": "ana@example.org", "password": world.PASSWORD})
    page = client.get("/checkout/")
    assert 'value="Ana"' in page.content.decode()
    client.post("/checkout/", CUSTOMER | hidden(page))
    assert Order.objects.get().account is not None


def test_the_link_shows_the_order_to_who_holds_it(client: Client, shop: Restaurant) -> None:
    order = world.order(shop)
    page = text(client.get(f"/track/{order.tracking_token}/"))
    assert "The restaurant is reading your order" in page
    assert client.get("/track/no-such-link/").status_code == 404
    orders.accept_order(order_id=order.pk, by="tests")
    moved = client.get(f"/track/{order.tracking_token}/now/?version={order.version}")
    assert "At your door between" in text(moved)
    order.refresh_from_db()
    assert client.get(f"/track/{order.tracking_token}/now/?version={order.version}").status_code == 204


def test_only_who_ordered_may_follow_the_socket_from_the_page(client: Client, shop: Restaurant) -> None:
    client.post("/checkout/", ready_to_pay(client, shop))
    path = f"/track/{Order.objects.get().tracking_token}/"
    assert "data-topic" in client.get(path).content.decode()
    assert "data-topic" not in Client().get(path).content.decode()


def test_an_order_is_called_off_while_nothing_is_cooked(client: Client, shop: Restaurant) -> None:
    order = world.order(shop)
    said = {"idempotency_key": "k", "version": str(order.version)}
    assert client.post(f"/track/{order.tracking_token}/cancel/", said).status_code == 302
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert "You pay nothing" in text(client.get(f"/track/{order.tracking_token}/"))


def test_once_the_kitchen_has_begun_it_is_too_late(client: Client, shop: Restaurant) -> None:
    order = world.order(shop)
    orders.accept_order(order_id=order.pk, by="tests")
    order.refresh_from_db()
    said = {"idempotency_key": "k", "version": str(order.version)}
    response = client.post(f"/track/{order.tracking_token}/cancel/", said)
    assert response.status_code == 409
    assert "The kitchen has begun" in text(response)


@pytest.mark.parametrize("path", ["/", "/address/", "/checkout/"])
def test_pages_of_one_browser_are_never_kept_by_a_cache(client: Client, shop: Restaurant, path: str) -> None:
    ready_to_pay(client, shop)
    assert client.get(path)["Cache-Control"] == "private, no-store"
