"""The statement: from the ledger, to the cent, of the own restaurant, and harmless in a spreadsheet."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from delivery.cities import services as cities
from delivery.console import statement
from delivery.ground import clock
from delivery.orders import services
from delivery.orders.models import LedgerEntry
from delivery.orders.pricing import Party
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def week_of(shop: Restaurant) -> list[statement.Day]:
    today = clock.shown(shop.city, clock.now()).date()
    return statement.days_of(shop, today - timedelta(days=6), 7)


def test_each_day_explains_what_the_restaurant_receives(shop: Restaurant) -> None:
    sold, refused = world.order(shop, "margherita", "cola", tip=150), world.order(shop, "regina")
    services.accept_order(order_id=sold.pk, by="tests")
    services.reject_order(order_id=refused.pk, by="tests", reason="busy")
    total = statement.total_of(week_of(shop))
    owed = -sum(LedgerEntry.objects.filter(party=Party.RESTAURANT.value).values_list("amount", flat=True))
    assert total.receives == owed > 0
    assert total.is_explained
    assert total.sold == sold.subtotal + refused.subtotal
    assert total.taken_back < 0
    assert total.left_over == 0
    today = week_of(shop)[-1]
    assert (today.orders, len(today.entries)) == (2, 3)
    assert statement.total_of([today]) == total


def test_a_cent_that_is_missing_is_seen() -> None:
    assert statement.Sums(sold=1000, vat=91, commission=200, receives=709).is_explained
    assert not statement.Sums(sold=1000, vat=91, commission=200, receives=708).is_explained
    assert not statement.Sums(left_over=1).is_explained


def test_a_boss_reads_the_own_statement_and_no_other(client: Client, shop: Restaurant) -> None:
    other = world.pizzeria("osteria")
    order, theirs = world.order(shop), world.order(other, "regina")
    boss = world.account("pia")
    restaurants.give_role(restaurant=shop, account=boss, role="restaurateur")
    client.force_login(boss)
    page = client.get("/console/money/").content.decode()
    assert order.number in page
    assert "Every cent has a place" in page
    assert "Osteria" not in page
    for path in ("/console/money/", "/console/money/csv/"):
        assert client.get(path, {"restaurant": str(other.public_id)}).status_code == 404
    assert str(theirs.public_id) not in page


@pytest.mark.parametrize("week", ["", "nonsense", "1999-01-01", "2999-01-01", "2026-02-30"])
def test_every_week_answers(client: Client, shop: Restaurant, week: str) -> None:
    client.force_login(world.account("olga", is_owner=True))
    assert client.get("/console/money/", {"week": week, "day": week}).status_code == 200


def test_without_a_restaurant_it_says_so(client: Client) -> None:
    client.force_login(world.account("olga", is_owner=True))
    assert "No restaurant is yours yet" in client.get("/console/money/").content.decode()


def test_the_file_has_the_sums_of_the_page_and_no_formula(client: Client, shop: Restaurant) -> None:
    client.force_login(world.account("olga", is_owner=True))
    order = world.order(shop, "margherita")
    type(order).objects.filter(pk=order.pk).update(number="=1+1")
    answer = client.get("/console/money/csv/", {"restaurant": str(shop.public_id)})
    assert answer["Content-Disposition"].startswith('attachment; filename="pizzeria-')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][2] == "'=1+1"
    assert rows[1][4:9] == rows[-1][4:9]
    sold, vat, commission, back, receives = (round(float(text) * 100) for text in rows[-1][4:9])
    assert sold + vat + commission + back == receives
    assert not [cell for row in rows for cell in row if cell[:1] in "=+@\t" and cell]


def test_a_dispatcher_has_no_books(client: Client, shop: Restaurant) -> None:
    dispatcher = world.account("dora")
    cities.give_role(city=shop.city, account=dispatcher, role="dispatcher")
    client.force_login(dispatcher)
    assert client.get("/console/money/").status_code == 403
