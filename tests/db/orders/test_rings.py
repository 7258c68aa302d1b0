"""A new order is heard: devices say that they rang; when none does in time, a dispatcher is asked."""

from datetime import timedelta

import pytest
from django.db import connection

from delivery.console.life import life_of
from delivery.ground import clock
from delivery.ground.errors import NotAllowed
from delivery.ground.outbox.models import Deadline
from delivery.messaging.models import Message
from delivery.orders import services
from delivery.orders.models import Order, Ring
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Deliverer
from dispatch.services import offers
from restaurants.models import Restaurant
from tests import fleet_world, world
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def alarms(order: Order) -> list[tuple[str, bool]]:
    rows = Alarm.objects.filter(subject=f"order:{order.public_id}").order_by("pk")
    return [(alarm.kind, alarm.closed_at is None) for alarm in rows]


def test_an_order_asks_for_a_bell_within_twenty_real_seconds() -> None:
    for rate in (1, 60):
        order = world.order(world.pizzeria(f"at-{rate}", time_rate=rate))
        deadline = Deadline.objects.get(aggregate_id=order.pk, kind="order.ring_by")
        assert (deadline.due_at - order.placed_at, deadline.people) == (timedelta(seconds=20), True)


def test_nobody_rang_so_a_dispatcher_is_asked_until_it_is_answered(shop: Restaurant) -> None:
    order = world.order(shop)
    services.ask_who_rang(aggregate_pk=order.pk)
    carry_all()
    assert alarms(order) == [("order_unheard", True)]
    services.accept_order(order_id=order.pk, by="tests")
    carry_all()
    assert alarms(order) == [("order_unheard", False)]


def test_one_device_that_rang_is_enough(shop: Restaurant) -> None:
    order = world.order(shop)
    services.note_ring(order=order, by="device:a")
    services.note_ring(order=order, by="device:a")
    services.note_ring(order=order, by="device:b")
    services.ask_who_rang(aggregate_pk=order.pk)
    carry_all()
    assert alarms(order) == []
    assert sorted(Ring.objects.filter(order=order).values_list("rung_by", flat=True)) == ["device:a", "device:b"]
    order.refresh_from_db()
    assert order.version == 1  # a bell does not make the tablet's answer stale
    told = [moment for moment in life_of(order)["moments"] if moment["what"] == "Rang"]
    assert sorted(moment["by"] for moment in told) == ["device:a", "device:b"]


def test_an_order_that_is_answered_need_not_ring(shop: Restaurant) -> None:
    order = world.order(shop)
    services.reject_order(order_id=order.pk, by="tests", reason="busy")
    assert not Deadline.objects.filter(aggregate_id=order.pk).exists()
    services.ask_who_rang(aggregate_pk=order.pk)
    carry_all()
    assert alarms(order) == []


def test_a_counter_that_misses_three_in_a_row_takes_a_break(shop: Restaurant) -> None:
    for missed in range(3):
        order = world.order(shop)
        services.expire_order(aggregate_pk=order.pk)
        carry_all()
        shop.refresh_from_db()
        assert (shop.paused_until is not None) is (missed == 2)
    assert (shop.pause_reason, shop.paused_by) == ("not_answered", "system")


def test_an_answer_between_them_counts(shop: Restaurant) -> None:
    for step in (services.expire_order, services.expire_order, None, services.expire_order):
        order = world.order(shop)
        if step is None:
            services.accept_order(order_id=order.pk, by="tests")
        else:
            step(aggregate_pk=order.pk)
        carry_all()
    shop.refresh_from_db()
    assert shop.paused_until is None


def test_a_new_time_is_told_to_the_customer_each_time_and_to_who_carries_it(shop: Restaurant) -> None:
    order = world.order(shop, customer_phone="+33612345678", language="fr")
    fleet_world.accept(order)
    carry_all()
    max_ = fleet_world.deliverer(shop.city)
    offers.accept_offer(offer_id=fleet_world.offer(max_, order).public_id, deliverer_id=max_.pk, by="tests")
    carry_all()
    told_before = rows_for(max_)
    for minutes in (5, 10):
        services.delay_order(order_id=order.pk, by="device:a", extra=timedelta(minutes=minutes))
        carry_all()
    texts = list(Message.objects.filter(to="+33612345678").order_by("pk").values_list("text", flat=True))
    order.refresh_from_db()
    assert order.promised_until is not None
    assert len(texts) == 2
    assert f"{clock.shown(shop.city, order.promised_until):%H:%M}" in texts[1]
    assert rows_for(max_) - told_before == 2


def rows_for(deliverer: Deliverer) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM ground_topic WHERE name = %s", [f"deliverer.{deliverer.public_id}"])
        return int(cursor.fetchone()[0])


def test_a_collection_is_handed_over_at_the_counter_and_nothing_else(shop: Restaurant) -> None:
    order, carried = world.order(shop), world.order(shop)
    Order.objects.filter(pk=order.pk).update(fulfilment="collection")
    for each in (order, carried):
        services.accept_order(order_id=each.pk, by="tests")
        services.mark_ready(order_id=each.pk, by="tests")
    with pytest.raises(NotAllowed):
        services.hand_over(order_id=carried.pk, by="device:a")
    services.hand_over(order_id=order.pk, by="device:a", version=4)
    order.refresh_from_db()
    assert (order.status, order.version) == ("delivered", 6)
