"""Outside the platform: ways, shifts, hunger and moods."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest

from delivery.cities.models import City
from delivery.demo.actors.cast import Rider
from delivery.demo.actors.demand import HOURS, MOST_PER_S, PER_DELIVERER, RUSH, Demand
from delivery.demo.actors.moods import MOODS, dice, mood_of
from delivery.demo.actors.roads import Roads, Way
from delivery.demo.actors.world import Diary, Town
from delivery.demo.pace import Pace
from delivery.ground.geo import Point, distance_m

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SERENA = Point(-29.9027, -71.2520), Point(-29.9070, -71.2440)


def _town(wakes_at: time = time(13, 0), rate: float = 10.0) -> Town:
    city = City(timezone="America/Santiago")
    Pace(rate, wakes_at).set_on(city)
    return Town("id", "slug", city, 250.0, 4.0, [], Roads(), Diary())


def _demand(town: Town) -> Demand:
    def nobody(token: str) -> None:
        raise AssertionError(token)

    return Demand("demand:slug", town, [], set(), nobody, 1, random.Random(1))  # type: ignore[arg-type]  # calls nobody


@pytest.mark.parametrize("hour", range(24))
def test_people_are_hungry_at_every_hour(hour: int) -> None:
    town = _town(time(hour, 0), rate=1.0)
    town.on_duty.update(str(number) for number in range(10))
    assert _demand(town).per_s() == pytest.approx(10 * PER_DELIVERER * HOURS[hour] / max(HOURS) / 3600)
    assert _demand(town).per_s() * 3600 >= 4  # an order each quarter of an hour at the dead of night


def test_a_rush_is_four_times_as_much_and_spares_the_machine() -> None:
    town = _town()
    town.on_duty.update(str(number) for number in range(5))
    usual = _demand(town).per_s()
    town.is_rushed = True
    assert _demand(town).per_s() == pytest.approx(RUSH * usual)
    town.on_duty.update(str(number) for number in range(900))
    assert _demand(town).per_s() == MOST_PER_S


def test_people_stay_hungry_when_couriers_strike() -> None:
    town = _town()
    town.on_duty.update("abc")
    demand = _demand(town)
    usual = demand.per_s()
    town.is_on_strike = True
    town.on_duty.clear()
    assert demand.per_s() == usual > 0


def test_nobody_moves_further_than_the_way_or_jumps() -> None:
    way = Roads().way(*SERENA, vehicle="bicycle", meters_per_minute=250.0)
    places = [way.after(way.minutes * part / 100) for part in range(-1, 110)]
    steps = [distance_m(a, b) for a, b in zip(places, places[1:], strict=False)]
    assert (places[1], places[-1]) == (way.points[0], way.points[-1]) == SERENA
    assert max(steps) < way.reached_m[-1] / 100 * 1.01
    assert way.reached_m[-1] >= distance_m(*SERENA)


def test_who_stands_there_already_has_arrived() -> None:
    here = SERENA[0]
    assert Way([here, here], [0.0, 0.0], 0.0).after(0.0) == here


def test_a_rider_works_when_it_is_planned_and_without_a_plan_always() -> None:
    hours = [(NOW, NOW + timedelta(hours=4)), (NOW + timedelta(hours=8), NOW + timedelta(hours=12))]
    rider = Rider("key", "+56900", "id", "token", "car", hours)
    assert [rider.works_at(NOW + timedelta(hours=hour)) for hour in (-1, 0, 3, 4, 8, 12, 99)] == [
        *(False, True, True, False, True),
        *(True, True),
    ]
    assert Rider("key", "+56900", "id", "token", "car", ()).works_at(NOW)


def test_moods_are_the_same_for_the_same_seed() -> None:
    names = [f"person{number}" for number in range(300)]
    for role, moods in MOODS.items():
        drawn = [mood_of(role, name, 1) for name in names]
        assert drawn == [mood_of(role, name, 1) for name in names]
        assert set(drawn) == set(moods)
        assert drawn != [mood_of(role, name, 2) for name in names]
    assert dice(1, "a").random() == dice(1, "a").random() != dice(1, "b").random()


def test_bags_are_not_kept_for_ever() -> None:
    town = _town()
    town.bag("first").set()
    for number in range(5000):
        town.bag(str(number))
    assert not town.bag("first").is_set()
    assert town.bag("4999") is town.bag("4999")
