"""Menus, prices and hours."""

from datetime import UTC, datetime, timedelta

import pytest

from delivery.ground.errors import Invalid, NotFound
from delivery.ground.geo import Point
from delivery.ground.outbox.models import Deadline, EventRow
from restaurants import hours, selectors, services
from restaurants.errors import BadOpeningHours
from restaurants.models import Product, Restaurant
from restaurants.services import NewProduct
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def facts(shop: Restaurant) -> list[str]:
    rows = EventRow.objects.filter(aggregate_kind="restaurants.restaurant", aggregate_id=shop.pk)
    return list(rows.order_by("seq").values_list("kind", flat=True))


def test_each_change_of_the_menu_is_one_version_and_one_fact(shop: Restaurant) -> None:
    margherita = Product.objects.get(restaurant=shop, name="margherita")
    new = NewProduct(name="tiramisu", amount=600, vat_rate_bp=1000, category="Dessert")
    services.add_product(restaurant_id=shop.pk, product=new, by="boss")
    services.change_price(product_id=margherita.pk, amount=1000, by="boss")
    services.mark_sold_out(product_id=margherita.pk, until=shop.created_at + timedelta(hours=2), by="boss")
    shop.refresh_from_db()
    assert facts(shop) == ["RestaurantOpened", "MenuChanged", "MenuChanged", "MenuChanged", "MenuChanged"]
    assert (shop.menu_version, shop.version) == (4, 5)
    shown = [(p.category.name, p.name, p.amount) for p in selectors.menu(shop, shop.created_at + timedelta(hours=1))]
    assert shown == [
        ("Pizza", "margherita", 1000),
        ("Pizza", "regina", 1180),
        ("Drinks", "cola", 290),
        ("Dessert", "tiramisu", 600),
    ]


def test_a_menu_shows_the_price_of_its_instant(shop: Restaurant) -> None:
    margherita = Product.objects.get(restaurant=shop, name="margherita")
    tomorrow = shop.created_at + timedelta(days=1)
    services.change_price(product_id=margherita.pk, amount=1100, by="boss", valid_from=tomorrow)
    now, later = shop.created_at + timedelta(hours=1), tomorrow + timedelta(seconds=1)
    assert [selectors.menu(shop, at)[0].amount for at in (now, later)] == [950, 1100]
    assert selectors.menu(shop, shop.created_at - timedelta(days=1)) == []


def test_bad_values_change_nothing(shop: Restaurant) -> None:
    margherita = Product.objects.get(restaurant=shop, name="margherita")
    for wrong in (
        lambda: services.change_price(product_id=margherita.pk, amount=-1, by="boss"),
        lambda: services.pause_restaurant(restaurant_id=shop.pk, duration=timedelta(), reason="rush", by="boss"),
        lambda: services.add_product(
            restaurant_id=shop.pk, product=NewProduct("x", -1, 1000, category="Pizza"), by="boss"
        ),
    ):
        with pytest.raises(Invalid):
            wrong()
    with pytest.raises(NotFound):
        services.change_price(product_id=0, amount=1, by="boss")
    assert facts(shop) == ["RestaurantOpened", "MenuChanged"]


def test_a_pause_ends_by_itself_in_city_time() -> None:
    shop = world.pizzeria(time_rate=60.0)
    paused = services.pause_restaurant(restaurant_id=shop.pk, duration=timedelta(hours=1), reason="rush", by="boss")
    deadline = Deadline.objects.get(aggregate_kind="restaurants.restaurant", aggregate_id=shop.pk)
    assert (deadline.kind, deadline.due_at) == ("restaurant.pause_end", paused.paused_until)
    assert timedelta(0) < deadline.due_at - deadline.armed_at <= timedelta(minutes=1)
    services.end_pause(aggregate_pk=shop.pk)
    services.resume_restaurant(restaurant_id=shop.pk, by="boss")
    shop.refresh_from_db()
    assert shop.paused_until is None
    assert facts(shop)[2:] == ["RestaurantPaused", "RestaurantResumed"]
    assert not Deadline.objects.exists()


@pytest.mark.parametrize(
    ("expression", "local_time", "is_open"),
    [
        ("Mo-Su 11:30-14:30", (2026, 7, 14, 14, 29), True),
        ("Mo-Su 11:30-14:30", (2026, 7, 14, 14, 30), False),
        ("Mo-Su 18:00-02:00", (2026, 7, 14, 1, 59), True),
        ("Mo-Sa 18:00-02:00", (2026, 7, 13, 1, 59), False),
        ("Mo-Su 11:00-14:00; Jul 14 off", (2026, 7, 14, 12, 0), False),
        # The night the clocks go back: 02:30 comes twice, and 03:00 closes once.
        ("Mo-Su 18:00-03:00", (2026, 10, 25, 2, 30), True),
        ("Mo-Su 12:00-14:00 unknown", (2026, 7, 14, 13, 0), False),
    ],
)
def test_hours_are_city_time(shop: Restaurant, expression: str, local_time: tuple[int, ...], is_open: bool) -> None:
    from_utc = timedelta(hours=1 if local_time[1] == 10 and local_time[2] > 25 else 2)
    year, month, day, hour, minute = local_time
    at = datetime(year, month, day, hour, minute, tzinfo=UTC) - from_utc
    assert hours.is_open(expression, shop.city, at) is is_open


def test_the_next_opening_is_a_real_instant(shop: Restaurant) -> None:
    noon = datetime(2026, 7, 14, 10, 0, tzinfo=UTC)
    assert hours.opens_at("Mo-Su 18:00-22:00", shop.city, noon) == datetime(2026, 7, 14, 16, 0, tzinfo=UTC)
    assert hours.opens_at("off", shop.city, noon) is None
    fast = world.pizzeria("fast", time_rate=60.0, clock_started_at=noon, clock_shows_at=noon).city
    assert hours.opens_at("Mo-Su 18:00-22:00", fast, noon) == noon + timedelta(minutes=6)


def test_hours_that_nobody_can_read_are_refused() -> None:
    with pytest.raises(BadOpeningHours):
        world.pizzeria(opening_hours="when the cook is awake")


def test_restaurants_near_a_point_come_open_and_near_first(shop: Restaurant) -> None:
    world.pizzeria("asleep", opening_hours="2060 Mo-Su 11:00-14:00", lon=4.64)
    world.pizzeria("further", lat=43.70)
    world.pizzeria("elsewhere", lat=48.0)
    found = selectors.restaurants_delivering_to(Point(shop.lat, shop.lon), shop.created_at + timedelta(seconds=1))
    assert [(near.restaurant.slug, near.is_open) for near in found] == [
        ("pizzeria", True),
        ("further", True),
        ("asleep", False),
    ]
    assert round(found[1].distance_m) == 2224
