"""At every hour of the week somebody cooks and somebody carries, in each city of the demonstration."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from delivery.demo import menus
from delivery.demo.places import CITIES
from delivery.demo.places.specs import TIMEZONE, CitySpec
from delivery.demo.staff import workers_of
from restaurants.allergens import ALLERGENS
from restaurants.hours import parsed

MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo(TIMEZONE))
HOURS = [MONDAY + timedelta(hours=hour, minutes=minutes) for hour in range(168) for minutes in (0, 30, 59)]


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.slug)
def test_at_least_eight_restaurants_are_open_at_every_hour(city: CitySpec) -> None:
    week = [parsed(shop.hours) for shop in city.restaurants]
    few = {f"{at:%a %H:%M}": count for at in HOURS if (count := sum(shop.is_open(at) for shop in week)) < 8}
    assert few == {}


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.slug)
def test_at_least_ten_deliverers_are_planned_at_every_hour(city: CitySpec) -> None:
    days = [list(worker.days(MONDAY - timedelta(days=1), 8)) for worker in workers_of(city.slug)]
    few = {}
    for at in HOURS:
        on_shift = sum(any(starts <= at < ends for starts, ends in week) for week in days)
        if on_shift < 10:
            few[f"{at:%a %H:%M}"] = on_shift
    assert few == {}


def test_the_cities_are_big_enough_to_look_alive_and_no_shop_is_always_the_same() -> None:
    shops = [shop for city in CITIES for shop in city.restaurants]
    assert len(shops) >= 40
    assert len({shop.slug for shop in shops}) == len(shops)
    assert len({shop.kind for shop in shops}) >= 12
    assert 0 < sum(shop.hours == "24/7" for shop in shops) < len(shops) / 2
    assert sum(len(workers_of(city.slug)) for city in CITIES) == 150
    assert {worker.vehicle for worker in workers_of("coquimbo")} == {"bicycle", "scooter", "car"}
    assert workers_of("coquimbo") == workers_of("coquimbo") != workers_of("la-serena")


def test_menus_are_full_and_say_what_is_in_them() -> None:
    for kind in {shop.kind: shop for city in CITIES for shop in city.restaurants}:
        kitchen = menus.cuisine(kind)
        assert len(kitchen.products) >= 8
        assert {dish.station for dish in kitchen.products} <= set(kitchen.stations)
        assert {allergen for dish in kitchen.products for allergen in dish.allergens} <= set(ALLERGENS)
        assert all(dish.amount > 0 and dish.category for dish in kitchen.products)
    assert any(menus.cuisine("grill").products[0].choices)


def test_a_shop_has_its_own_prices_always_the_same() -> None:
    kitchen = menus.cuisine("pizzeria")
    one, other = menus.menu_of("nonna-pia", kitchen), menus.menu_of("pizza-del-domo", kitchen)
    assert one == menus.menu_of("nonna-pia", kitchen)
    assert [dish.amount for dish in one] != [dish.amount for dish in other]
    assert all(dish.amount % 100 == 90 for dish in one)
