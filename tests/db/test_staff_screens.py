"""Staff screens: nobody acts on what is not theirs, and a full evening costs no more queries than a quiet one."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delivery.cities.models import Membership
from delivery.devices import actors
from delivery.devices.models import Kind
from delivery.devices.services import register_device
from delivery.ground.ids import new_token
from dispatch.models import Stop
from dispatch.services.offers import accept_offer
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def screen(restaurant: Restaurant, *kinds: Kind) -> Client:
    client = Client()
    secrets = [register_device(kind=kind, restaurant=restaurant, name="Screen")[1] for kind in kinds]
    client.cookies[actors.DEVICE_COOKIE] = ".".join(secrets)
    return client


def dispatcher(of: Restaurant, name: str) -> Client:
    account = world.account(name)
    Membership.objects.create(city=of.city, account=account, role=Membership.Role.DISPATCHER)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def press(client: Client, name: str, *ids: object, **fields: str) -> int:
    return client.post(reverse(name, args=ids), {"idempotency_key": new_token(), **fields}).status_code


ORDER_FORMS = [
    *("lobby_accept", "lobby_reject", "lobby_delay", "lobby_ready", "lobby_hand_over", "lobby_print", "lobby_rang"),
    *("kitchen_ready", "kitchen_tick", "kitchen_bump", "kitchen_recall", "kitchen_seen"),
]


@pytest.mark.parametrize("name", ORDER_FORMS)
def test_another_restaurant_answers_nothing(shop: Restaurant, name: str) -> None:
    order = world.order(shop)
    stranger = screen(world.pizzeria("kumo"), Kind.LOBBY, Kind.KITCHEN)
    assert press(stranger, name, order.public_id, minutes="10", reason="busy") == 404
    order.refresh_from_db()
    assert (order.status, order.version) == ("placed", 1)


@pytest.mark.parametrize("name", ["lobby_sold_out", "lobby_back_on_sale"])
def test_another_restaurant_sells_nothing_out(shop: Restaurant, name: str) -> None:
    product = shop.products.get(name="cola")
    assert press(screen(world.pizzeria("kumo"), Kind.LOBBY), name, product.public_id, until="today") == 404
    product.refresh_from_db()
    assert product.sold_out_until is None


def test_a_kitchen_does_not_answer(shop: Restaurant) -> None:
    order = world.order(shop)
    assert press(screen(shop, Kind.KITCHEN), "lobby_accept", order.public_id, minutes="10") == 302
    order.refresh_from_db()
    assert order.status == "placed"


@pytest.mark.parametrize("minutes", ["", "0", "241", "ten"])
def test_a_time_that_is_none_is_refused_beside_its_form(shop: Restaurant, minutes: str) -> None:
    order = world.order(shop)
    lobby = screen(shop, Kind.LOBBY)
    response = lobby.post(
        reverse("lobby_accept", args=[order.public_id]), {"idempotency_key": new_token(), "minutes": minutes}
    )
    assert response.status_code == 422
    assert "Give a number of minutes from 1 to 240" in response.content.decode()


def test_a_stop_of_another_deliverer_is_not_there(shop: Restaurant) -> None:
    max_, eve = fw.deliverer(shop.city, "max"), fw.deliverer(shop.city, "eve")
    order = fw.waiting_order(shop)
    accept_offer(offer_id=fw.offer(max_, order).public_id, deliverer_id=max_.pk, by="tests")
    stop = Stop.objects.get(order=order, kind="pickup")
    client = Client()
    client.force_login(eve.account, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("phone_arrive_stop", "phone_complete_stop", "phone_fail_stop"):
        assert press(client, name, stop.public_id, reason="no_bag") == 404
    stop.refresh_from_db()
    assert stop.status == "pending"


def test_another_city_is_not_dispatched(shop: Restaurant) -> None:
    order, max_ = fw.waiting_order(shop), fw.deliverer(shop.city, "max")
    stranger = dispatcher(world.pizzeria("kumo"), "zoe")
    assert press(stranger, "control_room_assign", order.public_id, deliverer=str(max_.public_id)) == 404
    assert press(dispatcher(shop, "ana"), "control_room_assign", order.public_id, deliverer=str(max_.public_id)) == 200


def queries_of(client: Client, name: str) -> int:
    cache.clear()  # what one dispatcher asked serves the next for a while
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(name)).status_code == 200
    return len(captured)


def test_a_full_evening_costs_no_more_queries(shop: Restaurant) -> None:
    pages = {
        "lobby": screen(shop, Kind.LOBBY),
        "kitchen": screen(shop, Kind.KITCHEN),
        "control_room": dispatcher(shop, "ana"),
        "control_room_hints": dispatcher(shop, "eva"),
    }
    fw.deliverer(shop.city, "max")
    fw.waiting_order(shop)
    for name, client in pages.items():
        client.get(reverse(name))  # the first visit notes that the device was seen
    quiet = {name: queries_of(client, name) for name, client in pages.items()}
    for each in range(4):
        fw.waiting_order(shop)
        fw.deliverer(shop.city, f"eve{each}")
    assert {name: queries_of(client, name) for name, client in pages.items()} == quiet
    assert max(quiet.values()) <= 25
