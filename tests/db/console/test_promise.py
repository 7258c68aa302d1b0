"""The page of today's promise: read in three statements, on the city's own clock, for those who watch it."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from delivery.cities import services as cities
from delivery.console.promise.counted import Cause
from delivery.console.promise.rows import compare
from delivery.ground import clock
from delivery.orders import services
from delivery.orders.models import Order
from dispatch.desk.services import Question, open_alarms
from printing.services.printers import register_printer
from printing.services.tickets import queue_tickets
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def delivered(shop: Restaurant, *, at_door: timedelta = 40 * MINUTE) -> Order:
    """Answered after 3 minutes, ready 6 late, taken 2 minutes after the counter's time, `at_door` after placing."""
    order = world.order(shop)
    services.accept_order(order_id=order.pk, by="tests")
    order.refresh_from_db()
    placed_at, rate = order.placed_at, shop.city.time_rate
    assert order.ready_eta
    ready_at = order.ready_eta + 6 * MINUTE / rate
    Order.objects.filter(pk=order.pk).update(
        status="delivered",
        accepted_at=placed_at + 3 * MINUTE / rate,
        ready_at=ready_at,
        picked_up_at=ready_at + (2 * MINUTE + shop.city.pickup_service) / rate,
        delivered_at=placed_at + at_door / rate,
        closed_at=placed_at + at_door / rate,
    )
    return order


@pytest.mark.parametrize("rate", [1.0, 6.0])
def test_lost_minutes_are_city_time_by_cause(rate: float) -> None:
    shop = world.pizzeria(time_rate=rate)
    delivered(shop)
    late = delivered(shop, at_door=3 * 60 * MINUTE)
    today = compare(shop.city, clock.now()).today
    assert late.restaurant_id == shop.pk
    assert (today.orders, today.delivered, today.in_time) == (2, 2, 1)
    lost = {cause: round(today.lost(cause) or 0, 3) for cause in (Cause.ANSWER, Cause.KITCHEN, Cause.COURIER)}
    assert lost == {Cause.ANSWER: 2, Cause.KITCHEN: 6, Cause.COURIER: 2}
    assert round(today.door_minutes or 0, 3) == 110


def test_days_before_stand_beside(shop: Restaurant, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    delivered(shop)
    in_two_days = clock.now() + timedelta(days=2)
    with django_assert_num_queries(3):
        found = compare(shop.city, in_two_days)
    assert found.today.orders == 0
    assert [day.whole.orders for day in found.before] == [0] * 12 + [1, 0]
    assert found.usual_until_now["orders"] == 1
    earlier = compare(shop.city, in_two_days - timedelta(hours=1))
    assert earlier.before[-2].whole.orders == 1
    assert compare(shop.city, clock.now() + timedelta(days=20)).has_past is False


def test_paper_and_alarms_are_counted(shop: Restaurant) -> None:
    register_printer(restaurant=shop, uid="oven", name="Oven", host="127.0.0.1", stations=["pass", "oven", "bar"])
    order = delivered(shop)
    queue_tickets(order_ids=[order.pk])
    open_alarms([Question(city_id=shop.city_id, kind="order_unheard", subject=f"order:{order.public_id}")])
    today = compare(shop.city, clock.now()).today
    assert today.tickets == order.tickets.count() > 0
    assert (today.on_paper, today.copies, today.alarms) == (0, 0, 1)


def test_who_watches_a_city_sees_its_promise_and_no_other(client: Client, shop: Restaurant) -> None:
    delivered(shop)
    other = world.pizzeria("osteria").city
    ana = world.account("ana")
    cities.give_role(city=shop.city, account=ana, role="dispatcher")
    client.force_login(ana)
    page = client.get(f"/console/promise/?city={other.public_id}").content.decode()
    assert shop.city.name in page
    assert other.name not in page
    assert page.count("data-plot-canvas") == 4
    assert "Kitchen late" in page
    assert client.get("/console/promise/now/").content.decode().count("data-plot-canvas") == 4


def test_a_restaurateur_has_no_city_to_watch(client: Client, shop: Restaurant) -> None:
    boss = world.account("boss")
    restaurants.give_role(restaurant=shop, account=boss, role="restaurateur")
    client.force_login(boss)
    assert client.get("/console/promise/").status_code == 403
