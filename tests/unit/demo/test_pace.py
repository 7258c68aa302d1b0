"""The clocks of the demonstration's cities."""

from datetime import time, timedelta

from delivery.cities.models import City
from delivery.demo.pace import AS_THE_WORLD, Pace
from delivery.ground import clock


def _city() -> City:
    return City(timezone="America/Santiago")


def test_a_fast_city_wakes_at_the_hour_it_is_told() -> None:
    city = _city()
    Pace(10, time(3, 0)).set_on(city)
    began = city.clock_started_at
    assert f"{clock.shown(city, began):%H:%M}" == "03:00"
    assert f"{clock.shown(city, began + timedelta(minutes=6)):%H:%M}" == "04:00"


def test_people_keep_time_to_answer_in_a_fast_city() -> None:
    city = _city()
    Pace(60).set_on(city)
    assert city.accept_within / city.time_rate >= timedelta(seconds=60)
    assert city.offer_for / city.time_rate >= timedelta(seconds=30)


def test_without_a_wish_the_clock_is_that_of_the_world() -> None:
    city, usual = _city(), _city()
    AS_THE_WORLD.set_on(city)
    assert (city.time_rate, city.clock_shows_at, city.offer_for) == (1, usual.clock_shows_at, usual.offer_for)
