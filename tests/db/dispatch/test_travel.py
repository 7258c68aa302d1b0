"""Plans, promises and distances along the streets of a made-up town, and straight lines where it has none."""

import numpy as np
import pytest
from pytest_django import Settings

from delivery.cities import streets as streets_module
from delivery.cities import ways
from delivery.cities.models import City
from delivery.cities.streets import Streets
from delivery.ground.geo import Plane, Point
from delivery.orders.promise import way
from dispatch import travel as travel_module
from dispatch.engine.problem import StraightTravel
from dispatch.travel import StreetTravel, straight_legs, travel_of
from tests import grid_town

HALF = 400.0


@pytest.fixture
def streets(monkeypatch: pytest.MonkeyPatch) -> Streets:
    """This town's streets in place of the demonstration's."""
    town = Streets(grid_town.grid())
    for module in (streets_module, travel_module):
        monkeypatch.setattr(module, "installed_streets", lambda: town)
    return town


@pytest.fixture
def city() -> City:
    centre = grid_town.CENTRE
    return City(name="Grid", lat=centre.lat, lon=centre.lon, meters_per_minute=250, detour=1.3, currency="EUR")


def at(column: float, row: float) -> Point:
    return Plane(grid_town.CENTRE).to_point(column * 100 - HALF, row * 100 - HALF)


def place(column: float, row: float) -> tuple[float, float]:
    return column * 100 - HALF, row * 100 - HALF


def test_a_matrix_holds_street_minutes_to_destinations_only(streets: Streets, city: City) -> None:
    places = [place(0, 1), place(3, 5), place(6, 2)]
    travel = StreetTravel(streets, city, {places[1], places[2]})
    minutes = travel.minutes(places)
    assert minutes[0, 1] == pytest.approx(700 / 250, abs=0.01)
    assert minutes[1, 2] == pytest.approx(600 / 250, abs=0.01)
    straight = StraightTravel(250 / 1.3).minutes(places)
    assert np.array_equal(minutes[:, 0], straight[:, 0])
    assert travel.straight_legs(places) == 0


def test_off_the_network_lines_are_straight_and_said_to_be(streets: Streets, city: City) -> None:
    places = [place(0, 1), place(3, 5), (9_000.0, 0.0)]
    travel = StreetTravel(streets, city, places)
    minutes, straight = travel.minutes(places), StraightTravel(250 / 1.3).minutes(places)
    assert minutes[0, 1] == pytest.approx(700 / 250, abs=0.01)
    assert np.array_equal(minutes[2], straight[2])
    assert np.array_equal(minutes[:, 2], straight[:, 2])
    assert straight_legs(travel, places) == 1
    assert straight_legs(StraightTravel(250), places) == 2


def test_a_tick_searches_no_more_than_it_may(streets: Streets, city: City) -> None:
    places = [place(column, row) for column in range(5) for row in range(5)]
    travel = StreetTravel(streets, city, places, most_new=10)
    travel.minutes(places[:7])
    travel.minutes(places)
    assert streets.searched == 10
    assert travel.straight_legs(places) > 0
    for _ in range(2):  # the next ticks catch up
        last = StreetTravel(streets, city, places, most_new=10)
        last.minutes(places)
    assert streets.searched == 25
    assert last.straight_legs(places) == 0


def test_ways_between_doors(streets: Streets, city: City) -> None:
    found = ways.way(city, at(0, 1), at(3, 5))
    assert found.by_street
    assert found.metres == pytest.approx(700, abs=1)
    assert found.minutes == pytest.approx(700 / 250, abs=0.01)
    assert ways.way(city, at(0, 1), at(3, 5), "bicycle").minutes > found.minutes
    far = ways.way(city, at(0, 1), at(30, 1))
    assert not far.by_street
    assert far.metres == pytest.approx(3000 * 1.3, rel=0.01)
    assert far.minutes == pytest.approx(far.metres / 250)


def test_a_promise_counts_the_streets(streets: Streets, city: City) -> None:
    service = city.pickup_service + city.dropoff_service
    assert (way(city, at(0, 1), at(3, 5)) - service).total_seconds() == pytest.approx(700 / 250 * 60, abs=1)


def test_a_path_is_drawn_along_the_streets(streets: Streets) -> None:
    line = ways.path(at(0.1, 1), at(2, 3.1))
    assert (line[0], line[-1], len(line)) == (at(0.1, 1), at(2, 3.1), 7)
    assert ways.path(at(0, 0), Point(45.0, 5.0)) == [at(0, 0), Point(45.0, 5.0)]


def test_without_a_network_everything_is_straight(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STREET_NETWORK = None
    monkeypatch.setattr(travel_module, "installed_streets", lambda: None)
    assert not ways.way(city, at(0, 1), at(3, 5)).by_street
    assert isinstance(travel_of(city, []), StraightTravel)
