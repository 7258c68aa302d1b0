"""What the control room asks for: the first screenful, who else looks, whom one may dial, the way of a courier."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from delivery.ground import clock, connections
from delivery.orders.models import Order
from delivery.wiring import city_snapshot
from dispatch.fleet.models import Position
from dispatch.web.control_room_first import first_screenful
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Restaurant:
    shop = world.pizzeria()
    Restaurant.objects.filter(pk=shop.pk).update(phone="+33490000001")
    return shop


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def dispatcher(shop: Restaurant, name: str = "ana") -> Account:
    account = world.account(name)
    Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    return account


def here(client: Client, **query: Any) -> Any:
    return client.get(reverse("control_room_positions"), query).json()["here"]


def test_the_page_brings_what_is_most_urgent_and_says_it_as_the_topic_does(shop: Restaurant) -> None:
    calm, urgent, carried = (fw.waiting_order(shop) for _ in range(3))
    Order.objects.filter(pk=urgent.pk).update(promised_until=urgent.placed_at)
    fw.carried_by(carried, "max")
    fw.deliverer(shop.city, "eve")
    first = first_screenful(shop.city)
    whole = {row.entity: row for row in city_snapshot(str(shop.city.public_id))}
    assert {row["entity"] for row in first["rows"]} <= set(whole)
    for row in first["rows"]:
        assert row == {**(whole[row["entity"]].payload or {}), "entity": row["entity"], "version": row["version"]}
    orders = [row["number"] for row in first["rows"] if row["entity"].startswith("order:")]
    assert set(orders) == {calm.number, urgent.number, carried.number}
    assert {row["name"] for row in first["rows"] if row["entity"].startswith("deliverer:")} == {"Max", "Eve"}
    assert (first["open"], first["on"], len(first["places"])) == (3, 2, 2)


def test_colleagues_see_each_other_and_which_order_somebody_has_before_them(shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    ana, eva = signed_in(dispatcher(shop)), signed_in(dispatcher(shop, "eva"))
    assert here(ana, order=str(order.public_id)) == []
    [[_, name, looks_at]] = here(eva)
    assert (name, looks_at) == ("Ana", str(order.public_id))
    here(ana, order="nonsense")
    assert [row[1:] for row in here(eva)] == [["Ana", ""]]
    assert [row[1:] for row in here(ana)] == [["Eva", ""]]


def test_who_left_is_not_there_any_more(shop: Restaurant, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, eva = signed_in(dispatcher(shop)), signed_in(dispatcher(shop, "eva"))
    here(ana)
    assert len(here(eva)) == 1
    later = clock.now() + timedelta(seconds=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert here(eva) == []


def test_without_valkey_nobody_is_seen_and_places_go_on(shop: Restaurant) -> None:
    fw.deliverer(shop.city, "max")
    client = signed_in(dispatcher(shop))
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        answer = client.get(reverse("control_room_positions")).json()
    assert (answer["here"], len(answer["places"])) == ([], 1)


def test_numbers_are_for_who_answers_for_the_city_and_the_customers_only_for_a_day(shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    Order.objects.filter(pk=order.pk).update(customer_phone="+33612345678")
    pane = reverse("control_room_order", args=[order.public_id])
    owner = signed_in(world.account("olga", is_owner=True))
    desk = signed_in(dispatcher(shop))
    assert "tel:+33612345678" in desk.get(pane).content.decode()
    assert "tel:+33490000001" in desk.get(pane).content.decode()
    assert "tel:" not in owner.get(pane).content.decode()
    fw.cancel(order)
    long_ago = clock.now() - timedelta(hours=25) / shop.city.time_rate
    Order.objects.filter(pk=order.pk).update(closed_at=long_ago)
    said = desk.get(pane).content.decode()
    assert "tel:+33612345678" not in said
    assert "tel:+33490000001" in said


def test_the_way_of_a_courier_goes_from_the_phone_through_the_open_stops(shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    carrier = fw.carried_by(order, "max")
    client = signed_in(dispatcher(shop))
    way = client.get(reverse("control_room_way", args=[carrier.public_id])).json()["path"]
    place = Position.objects.get(deliverer=carrier)
    assert way[0] == [round(place.lat, 5), round(place.lon, 5)]
    assert way[-1] == [round(order.lat, 5), round(order.lon, 5)]
    idle = fw.deliverer(shop.city, "eve")
    assert client.get(reverse("control_room_way", args=[idle.public_id])).json()["path"] == []
    stranger = signed_in(world.account("guy"))
    assert stranger.get(reverse("control_room_way", args=[carrier.public_id])).status_code in {403, 404}


def test_presence_is_kept_for_a_minute_at_most(shop: Restaurant) -> None:
    here(signed_in(dispatcher(shop)))
    with connections.open_valkey() as valkey:
        assert 0 < valkey.ttl(f"{settings.KEY_PREFIX}:desk.here.{shop.city_id}") <= 60
