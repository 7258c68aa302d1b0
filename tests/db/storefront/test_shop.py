"""The list of restaurants: searched, filtered and sorted by the web address, without scripts."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from delivery.cities.models import City
from delivery.ground import clock
from restaurants import services as restaurants
from restaurants.models import Restaurant
from restaurants.services import NewProduct
from tests import world
from tests.db.storefront.visit import give_address, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def pizzeria(client: Client) -> Restaurant:
    shop = world.pizzeria()
    give_address(client)
    return shop


@pytest.fixture
def sushi(pizzeria: Restaurant) -> Restaurant:
    """A second kitchen of the same city, farther away and quicker."""
    return _open(pizzeria.city, "kumo", "Rolls", "Jalapeño maki", prep=5, away=0.02)


def _open(
    city: City, slug: str, category: str, dish: str, *, prep: int, away: float, hours: str = "24/7"
) -> Restaurant:
    shop = Restaurant(
        city=city,
        slug=slug,
        name=slug.title(),
        address_line="2 rue du Four",
        lat=city.lat + away,
        lon=city.lon,
        opening_hours=hours,
        prep_time=timedelta(minutes=prep),
    )
    restaurants.open_restaurant(restaurant=shop, stations=["pass"], by="tests")
    new = NewProduct(name=dish, amount=900, vat_rate_bp=1000, category=category)
    restaurants.add_products(restaurant_id=shop.pk, products=[new], by="tests")
    return shop


def names(client: Client, query: str) -> list[str]:
    page = text(client.get(f"/?{query}"))
    return [
        name for name in sorted(("Pizzeria", "Kumo", "Tardo"), key=page.find) if name in page.replace("of Pizzeria", "")
    ]


@pytest.mark.parametrize(
    "query", ["q=kum", "q=JALAPENO", "q=jalape%C3%B1o", "q=rolls", "kind=sushi", "sort=near&kind=sushi"]
)
def test_one_is_found_by_name_dish_heading_or_kind(client: Client, sushi: Restaurant, query: str) -> None:
    assert names(client, query) == ["Kumo"]


def test_a_search_shows_which_dish_it_is(client: Client, sushi: Restaurant) -> None:
    assert "Jalapeño maki" in text(client.get("/?q=jalapeno"))


def test_they_are_sorted_as_asked(client: Client, sushi: Restaurant) -> None:
    assert names(client, "sort=near")[0] == "Pizzeria"
    assert names(client, "sort=soon")[0] == names(client, "")[0]


@pytest.mark.parametrize("query", ["sort=%00", "kind=../..", "open=2", "q=" + "x" * 5000, "fast=no"])
def test_an_address_that_asks_for_nonsense_is_answered(client: Client, sushi: Restaurant, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


def test_nothing_found_says_what_to_do(client: Client, sushi: Restaurant) -> None:
    page = client.get("/?q=zzz")
    assert "Nobody here cooks that now" in text(page)
    assert "Show all restaurants" in text(page)


def test_a_search_is_written_out_and_never_run(client: Client, sushi: Restaurant) -> None:
    page = client.get("/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_closed_one_is_grey_dated_and_last_and_takes_orders_ahead(client: Client, sushi: Restaurant) -> None:
    shown = clock.shown(sushi.city, clock.now())
    opens = (shown + timedelta(hours=2)).strftime("%H:00")
    _open(sushi.city, "tardo", "Sopas", "Cazuela", prep=1, away=0, hours=f"{opens}-{opens[:2]}:30")
    page = client.get("/")
    assert names(client, "")[-1] == "Tardo"
    assert "Closed, opens" in text(page)
    assert "Order ahead" in text(page)
    assert "Tardo" not in text(client.get("/?open=1"))


def test_filters_switch_off_again_and_leave_the_others(client: Client, sushi: Restaurant) -> None:
    page = client.get("/?kind=sushi&open=1").content.decode()
    assert 'href="?kind=sushi"' in page
    assert 'href="?open=1"' in page


def test_a_busy_kitchen_says_so_before_it_is_chosen(client: Client, pizzeria: Restaurant) -> None:
    (before,) = re.findall(r"(\d+)–\d+ min", text(client.get("/")))
    restaurants.be_busy(restaurant_id=pizzeria.pk, extra=timedelta(minutes=15), duration=timedelta(hours=1), by="tests")
    page = text(client.get("/"))
    assert "Busy: 15 min more" in page
    assert re.findall(r"(\d+)–\d+ min", page) == [str(int(before) + 15)]
