"""What each screen is sent of an order, and who may listen."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery.accounts.models import Account
from delivery.cities import topics as city_topics
from delivery.cities.models import Membership as CityMembership
from delivery.devices.models import Kind
from delivery.devices.services import register_device
from delivery.ground.access import Actor
from delivery.ground.outbox.models import TopicEntry
from delivery.ground.outbox.selectors import history
from delivery.orders import services, topics
from delivery.orders.models import Order
from restaurants.models import Restaurant
from tests import world
from tests.ground_relay import carry_all

KITCHEN = "device:kitchen"


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def newest(topic: str) -> dict[str, Any]:
    rows = TopicEntry.objects.filter(topic=topic).order_by("seq")
    return {row.entity: row.payload for row in rows}


@pytest.mark.django_db(transaction=True)
def test_the_relay_tells_customer_kitchen_and_city(shop: Restaurant) -> None:
    order = world.order(shop, "margherita", note="no basil", customer_phone="+33612345678")
    relay = carry_all()
    entity = f"order:{order.public_id}"
    mine, kitchen, city = f"order.{order.public_id}", f"kitchen.{shop.public_id}", f"city.{shop.city.public_id}"
    assert newest(mine)["order"]["status"] == "placed"
    assert newest(kitchen)[entity]["actions"] == ["accept", "reject", "expire", "cancel"]
    assert newest(kitchen)[entity]["note"] == "no basil"
    assert newest(city)[entity]["restaurant"] == str(shop.public_id)
    services.accept_order(order_id=order.pk, by=KITCHEN)
    services.pick_up_order(order_id=order.pk, by=KITCHEN)
    services.deliver_order(order_id=order.pk, by=KITCHEN)
    carry_all(relay)
    assert newest(mine)["order"]["status"] == "delivered"
    assert (newest(kitchen)[entity], newest(city)[entity]) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_snapshots_say_what_the_rows_said(shop: Restaurant) -> None:
    first, second = world.order(shop), world.order(shop, "cola", "regina")
    services.accept_order(order_id=second.pk, by=KITCHEN)
    services.reject_order(order_id=world.order(shop).pk, by=KITCHEN, reason="busy")
    carry_all()
    snapshots = {
        f"order.{first.public_id}": topics.order_snapshot(str(first.public_id)),
        f"kitchen.{shop.public_id}": topics.kitchen_snapshot(str(shop.public_id)),
        f"city.{shop.city.public_id}": topics.city_orders(str(shop.city.public_id)),
    }
    for topic, snapshot in snapshots.items():
        rows = newest(topic).items()
        sent = {entity: row for entity, row in rows if row is not None and entity.startswith("order")}
        assert {row.entity: row.payload for row in snapshot} == sent
        assert {row.topic for row in snapshot} == {topic}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 12])
def test_a_chunk_costs_the_same_whatever_its_size(shop: Restaurant, count: int) -> None:
    orders = [world.order(shop, "margherita", "cola") for _ in range(count)]
    facts = history("orders.order", [order.pk for order in orders])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = list(topics.project(facts))
    assert (len(facts), len(rows), len(queries)) == (count, 3 * count, 2)


@pytest.mark.django_db
def test_no_audience_reads_what_is_not_named_for_it(shop: Restaurant) -> None:
    order = world.order(shop, customer_phone="+33612345678", allergies="nuts")
    sent = {
        row.topic.split(".")[0]: json.dumps(row.payload) for row in topics.project(history("orders.order", [order.pk]))
    }
    secret = {"order": [order.tracking_token], "kitchen": ["+33612345678", "rue du Nord", order.tracking_token]}
    secret["city"] = [*secret["kitchen"], "Ana", "nuts"]
    for audience, words in secret.items():
        assert [word for word in words if word in sent[audience]] == []
    assert "nuts" in sent["kitchen"]


@pytest.mark.django_db
def test_who_may_join(shop: Restaurant) -> None:
    order = world.order(shop)
    other = world.pizzeria("other", lat=44.5)

    def device(of: Restaurant) -> Actor:
        made, _ = register_device(kind=Kind.KITCHEN, restaurant=of, name="k")
        return Actor(ref=f"device:{made.public_id}", device_ids=(made.pk,))

    def person(name: str, **more: bool) -> tuple[Account, Actor]:
        account = world.account(name, **more)
        return account, Actor(ref=f"account:{account.public_id}", account_id=account.pk)

    dispatcher, dora = person("dora")
    CityMembership.objects.create(city=shop.city, account=dispatcher, role=CityMembership.Role.DISPATCHER)
    _, bob = person("bob")
    _, olga = person("olga", is_owner=True)
    may = {
        "guest": world.GUEST,
        "kitchen": device(shop),
        "foreign kitchen": device(other),
        "dispatcher": dora,
        "stranger": bob,
        "owner": olga,
        "nobody": Actor(),
    }
    mine, kitchen, city = str(order.public_id), str(shop.public_id), str(shop.city.public_id)
    assert {name for name, actor in may.items() if topics.may_join_order(actor, mine)} == {
        "guest",
        "kitchen",
        "dispatcher",
        "owner",
    }
    assert {name for name, actor in may.items() if topics.may_join_kitchen(actor, kitchen)} == {"kitchen"}
    assert {name for name, actor in may.items() if city_topics.may_join(actor, city)} == {"dispatcher", "owner"}
    for no_id in ("", "1", "x" * 40, str(shop.city.public_id)):
        assert not topics.may_join_order(olga, no_id)
        assert not topics.may_join_kitchen(device(shop), no_id)


@pytest.mark.django_db
def test_nobody_is_the_one_who_ordered_nothing(shop: Restaurant) -> None:
    order = world.order(shop)
    Order.objects.filter(pk=order.pk).update(placed_by=Actor().ref)
    assert not topics.may_join_order(Actor(), str(order.public_id))
