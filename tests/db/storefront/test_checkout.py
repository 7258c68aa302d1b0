"""Paying and following over HTTP: one order per press, no amount from a form, a link for who holds it."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from delivery.checkout.models import Quote
from delivery.ground import clock
from delivery.orders import services as orders
from delivery.orders.models import Order
from delivery.payments.models import Tender
from delivery.payments.provider import REFUSED_AMOUNT
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world
from tests.db.storefront.visit import CUSTOMER, give_address, hidden, hold, product, ready_to_pay, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


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


def test_food_is_wanted_at_a_time_of_the_list(client: Client, shop: Restaurant) -> None:
    said = ready_to_pay(client, shop)
    page = client.get("/checkout/").content.decode()
    times = re.findall(r'<option value="(20[^"]+)"', page)
    assert len(times) > 100
    client.post("/checkout/", said | {"wanted_at": times[40]})
    assert clock.utc_text(Order.objects.get().wanted_at or clock.now()) == times[40]


@pytest.mark.parametrize("wanted_at", ["yesterday", "2020-01-01T10:00:00Z", "2990-01-01T10:00:00Z"])
def test_another_time_is_refused_beside_its_field(client: Client, shop: Restaurant, wanted_at: str) -> None:
    response = client.post("/checkout/", ready_to_pay(client, shop) | {"wanted_at": wanted_at, "note": "kept"})
    assert response.status_code in (409, 422)
    assert 'id="id_wanted_at_error"' in response.content.decode()
    assert "kept" in response.content.decode()
    assert not Order.objects.exists()


def test_a_closed_restaurant_takes_an_order_for_when_it_is_open(client: Client) -> None:
    opens = clock.shown(world.city("clock"), clock.now()) + timedelta(hours=3)
    shop = world.pizzeria(opening_hours=f"{opens:%H}:00-{opens:%H}:59")
    give_address(client)
    page = client.get(f"/restaurants/{shop.slug}/")
    assert "You can order ahead" in text(page)
    hold(client, shop)
    page = client.get("/checkout/")
    said = CUSTOMER | hidden(page)
    refused = client.post("/checkout/", said)
    assert refused.status_code == 422
    assert "Choose when you want to eat." in text(refused)
    times = re.findall(r'<option value="(20[^"]+)"', refused.content.decode())
    assert all(clock.shown(shop.city, datetime.fromisoformat(each)).hour == opens.hour for each in times)
    client.post("/checkout/", said | hidden(refused) | {"wanted_at": times[0]})
    assert Order.objects.get().wanted_at == datetime.fromisoformat(times[0])
