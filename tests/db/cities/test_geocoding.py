"""Addresses of a made-up town, found by what people type and by a finger on the map."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.cities import geocoding
from delivery.cities.addresses import load_streets
from delivery.cities.models import City, Segment, Street, Zone
from delivery.ground.geo import Plane, Point, distance_m
from tests import grid_town, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> City:
    """The grid, in the zone of a city."""
    city = world.city("arles")
    _zone(city, "Everywhere", 43.68, 4.63)
    load_streets(network=grid_town.grid(), cities=[city])
    return city


def _zone(city: City, name: str, lat: float, lon: float, half: float = 0.02) -> Zone:
    w, e, s, n = lon - half, lon + half, lat - half, lat + half
    return Zone.objects.create(city=city, name=name, ring=[[w, s], [e, s], [e, n], [w, n]], fee=1)


def at(east_m: float, north_m: float) -> Point:
    return Plane(grid_town.CENTRE).to_point(east_m, north_m)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Gregorio Cordovez 250", "Gregorio Cordovez 250"),
        ("250 gregorio cordovez", "Gregorio Cordovez 250"),
        ("cordovez 250", "Gregorio Cordovez 250"),
        ("CORDÓVEZ 250", "Gregorio Cordovez 250"),
        ("cordobes 250", "Gregorio Cordovez 250"),
        ("grego", "Gregorio Cordovez"),
        ("Calle Gregorio Cordovez nro 250", "Gregorio Cordovez 250"),
        ("av. jose peni 12", "Avenida José Peñí 12"),
        ("avda del mar 310", "Avenida del Mar 310"),
        ("viña del mar 310", "Viña del Mar 310"),
        ("18 de septiembre", "18 de Septiembre"),
        ("18 de septiembre 500", "18 de Septiembre 500"),
        ("500 18 de septiembre", "18 de Septiembre 500"),
        ("o'higgins 40, arles", "Bernardo O'Higgins 40"),
        ("o’higgins 40", "Bernardo O'Higgins 40"),
        ("\x00los\taromos\x1f 7", "Los Aromos 7"),
    ],
)
def test_people_find_the_street_that_they_mean(town: City, text: str, line: str) -> None:
    assert geocoding.search(city=town, text=text)[0].line == line


def test_a_house_stands_between_the_known_numbers(town: City) -> None:
    [found, *_] = geocoding.search(city=town, text="Gregorio Cordovez 250")
    # The fourth street from the south, 250 m from its western end.
    assert distance_m(found.point, at(-400 + 250, -400 + 300)) < 1
    assert (found.text, found.city_id, found.is_exact) == ("Gregorio Cordovez 250, Everywhere, Arles", town.pk, True)


def test_a_number_that_a_street_does_not_reach_is_told(town: City) -> None:
    [found, *_] = geocoding.search(city=town, text="Los Aromos 9000")
    assert (found.line, found.is_exact) == ("Los Aromos", False)


@pytest.mark.parametrize(
    "text", ["", "   ", "a", "12", "12 34", "%_\\'\";--", "\x00\x1f\x7f", "x" * 500, "🍕", "zzqqkw", "٣٤"]
)
def test_what_is_no_street_finds_nothing(town: City, text: str) -> None:
    assert geocoding.search(city=town, text=text) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=500))
def test_no_text_is_too_strange(town: City, text: str) -> None:
    assert len(geocoding.search(city=town, text=text, limit=3)) <= 3


def test_every_house_finds_itself_again(town: City) -> None:
    chosen = random.Random(22)
    for row, name in enumerate(grid_town.NAMES):
        number = chosen.randrange(10, 790)
        [found, *_] = geocoding.search(city=town, text=f"{name} {number}")
        assert found.line == f"{name} {number}"
        assert distance_m(found.point, at(number - 400, row * 100 - 400)) < 1
        told = geocoding.nearest(point=Plane(found.point).to_point(0, 5))
        assert told is not None
        assert told.line.rsplit(" ", 1)[0] in (name, f"North {round(number / 100)}")
        assert distance_m(told.point, found.point) < 20


def test_odd_numbers_stand_on_the_left(town: City) -> None:
    left, right = geocoding.nearest(point=at(-150, 8)), geocoding.nearest(point=at(-150, -8))
    assert (left and left.line, right and right.line) == ("Rue de la Roquette 245", "Rue de la Roquette 246")


def test_no_street_is_near_the_sea(town: City) -> None:
    assert geocoding.nearest(point=at(0, 400 + 240)) is not None
    assert geocoding.nearest(point=at(0, 400 + 260)) is None
    assert geocoding.nearest(point=Point(-89.9, 180.0)) is None


def test_a_street_through_two_cities_is_one_in_each(town: City) -> None:
    east = world.city("nimes")
    Zone.objects.all().delete()
    _zone(town, "West", 43.68, 4.63 - 0.02)
    _zone(east, "East", 43.68, 4.63 + 0.02)
    load_streets(network=grid_town.grid(), cities=[town, east])
    everywhere = geocoding.search(city=None, text="Los Aromos")
    assert {found.text for found in everywhere} == {"Los Aromos, West, Arles", "Los Aromos, East, Nimes"}
    assert [found.city_id for found in geocoding.search(city=east, text="Los Aromos 700")] == [east.pk]
    assert geocoding.search(city=None, text="Los Aromos, nimes")[0].city_id == east.pk
    assert not geocoding.search(city=east, text="Los Aromos 100")[0].is_exact


def test_loading_again_replaces(town: City) -> None:
    before = Street.objects.count(), Segment.objects.count()
    assert load_streets(network=grid_town.grid(), cities=[town]) == before[0] == 18
    assert (Street.objects.count(), Segment.objects.count()) == before == (18, 144)


def test_streets_far_from_every_zone_are_left_out(town: City) -> None:
    assert load_streets(network=grid_town.grid(centre=Point(44.5, 4.63)), cities=[town]) == 0


def test_a_street_outside_every_zone_has_no_part(town: City) -> None:
    Zone.objects.update(ring=[[4.64, 43.69], [4.65, 43.69], [4.65, 43.70]])
    assert geocoding.search(city=town, text="Los Aromos")[0].text == "Los Aromos, Arles"


def test_a_search_asks_a_fixed_number_of_times(town: City, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django leaves its fixture untyped
        geocoding.search(city=town, text="18 de septiembre 500, arles")
