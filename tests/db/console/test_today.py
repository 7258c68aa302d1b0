"""Today: the numbers of a place, beside those of a week ago, and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client

from delivery.cities import services as cities
from delivery.console.numbers import numbers_of, start_of_day
from delivery.ground import clock
from delivery.orders import services
from delivery.orders.models import Order
from dispatch.desk.services import Question, open_alarms
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def test_a_day_is_counted_by_its_orders_and_its_ledger(shop: Restaurant) -> None:
    first, second = world.order(shop, "margherita", tip=100), world.order(shop, "cola")
    services.accept_order(order_id=first.pk, by="tests")
    services.reject_order(order_id=second.pk, by="tests", reason="busy")
    numbers = numbers_of("city", [shop.city], clock.now())[shop.city_id]
    assert (numbers.today.orders, numbers.today.refused, numbers.waiting) == (2, 1, 0)
    assert numbers.today.takings == first.total  # what was refused is undone in the ledger
    assert sum(numbers.today.hours) == 2
    assert (numbers.before.orders, numbers.before.takings, numbers.today.in_time_share) == (0, 0, None)
    assert numbers_of("restaurant", [shop], clock.now())[shop.pk].today.orders == 2


def test_the_day_is_that_of_the_city_and_runs_as_its_clock() -> None:
    shop = world.pizzeria(time_rate=60.0)
    now = clock.now()
    shown = clock.shown(shop.city, start_of_day(shop.city, now) + timedelta(milliseconds=1))
    assert (shown.hour, shown.minute) == (0, 0)
    assert timedelta() <= clock.between(shop.city, start_of_day(shop.city, now), now) < timedelta(days=1, hours=1)


def test_orders_of_a_week_ago_stand_beside_until_this_hour(shop: Restaurant) -> None:
    order = world.order(shop)
    in_a_week = clock.now() + timedelta(days=7)
    numbers = numbers_of("city", [shop.city], in_a_week)[shop.city_id]
    assert (numbers.today.orders, numbers.before.orders, numbers.before.takings) == (0, 1, order.total)
    too_early = order.placed_at + timedelta(days=7) - timedelta(seconds=1)
    assert numbers_of("city", [shop.city], too_early)[shop.city_id].before.orders == 0


def test_the_numbers_of_many_places_cost_as_much_as_those_of_one(
    shop: Restaurant, django_assert_num_queries: object
) -> None:
    more = [shop, *(world.pizzeria(f"shop{n}") for n in range(3))]
    for each in more:
        world.order(each)
    for places in ([shop.city], [each.city for each in more]):
        with django_assert_num_queries(10):  # type: ignore[operator]  # a fixture of pytest-django
            numbers_of("city", places, clock.now())


def test_each_role_sees_its_own_day(client: Client, shop: Restaurant) -> None:
    other = world.pizzeria("osteria")
    world.order(other)
    open_alarms([Question(city_id=other.city_id, kind="tickets_unrouted", subject="restaurant:x")])
    owner, boss, dispatcher = (world.account(name, is_owner=name == "olga") for name in ("olga", "boss", "dora"))
    restaurants.give_role(restaurant=shop, account=boss, role="restaurateur")
    cities.give_role(city=other.city, account=dispatcher, role="dispatcher")
    seen = {}
    for account in (owner, boss, dispatcher):
        client.force_login(account)
        assert client.get("/console/").status_code == 200
        seen[account.name] = client.get("/console/now/").content.decode()
    assert "Pizzeria" in seen["Olga"]
    assert "Osteria" in seen["Olga"]
    assert "A kitchen has no printer" in seen["Olga"]
    assert "Osteria" not in seen["Boss"]
    assert "alarm" not in seen["Boss"]
    assert "Pizzeria" not in seen["Dora"]
    assert "Osteria" in seen["Dora"]


def test_each_number_leads_to_a_list_that_opens(client: Client, shop: Restaurant) -> None:
    client.force_login(world.account("olga", is_owner=True))
    world.order(shop)
    links = {link for link in _links(client.get("/console/now/").content.decode()) if "/console/orders/" in link}
    assert len(links) == 6
    for link in links:
        assert client.get(link).status_code == 200, link
    waiting = client.get(next(link for link in links if "show=placed" in link))
    assert Order.objects.get().number in waiting.content.decode()


def _links(page: str) -> list[str]:
    return [part.partition('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
