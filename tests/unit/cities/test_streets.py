"""Ways in a made-up town of straight streets: eight by eight blocks of a hundred metres."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from delivery.cities.streets import Streets
from delivery.ground.geo import Plane, Point, distance_m
from tests import grid_town

HALF = 400.0


def at(column: float, row: float) -> Point:
    """Blocks east and north of the south-western corner."""
    return Plane(grid_town.CENTRE).to_point(column * 100 - HALF, row * 100 - HALF)


@pytest.fixture
def streets() -> Streets:
    return Streets(grid_town.grid())


def metres(streets: Streets, a: Point, b: Point, vehicle: str = "scooter") -> float:
    found = streets.way(vehicle, a, b)
    assert found is not None
    return found[0]


def test_a_way_follows_the_blocks(streets: Streets) -> None:
    assert metres(streets, at(0, 1), at(3, 5)) == pytest.approx(700, abs=1)
    assert metres(streets, at(2, 2), at(2, 2)) == pytest.approx(0, abs=1)


def test_a_place_beside_a_crossing_pays_its_gap(streets: Streets) -> None:
    assert metres(streets, at(0, 1.2), at(3, 1)) == pytest.approx(320, abs=1)


def test_a_wide_street_is_quicker_for_who_may_hurry(streets: Streets) -> None:
    south = {vehicle: streets.way(vehicle, at(0, 0), at(8, 0)) for vehicle in ("bicycle", "scooter", "car")}
    efforts = {vehicle: found[1] for vehicle, found in south.items() if found}
    assert efforts["scooter"] == pytest.approx(800 / 1.45, abs=2)
    assert efforts["bicycle"] > 800 > efforts["car"] > efforts["scooter"]


def test_a_one_way_street_is_ridden_round() -> None:
    town = Streets(grid_town.grid(oneway=True))
    assert metres(town, at(1, 2), at(4, 2)) == pytest.approx(300, abs=1)
    assert metres(town, at(4, 3), at(1, 3)) == pytest.approx(300, abs=1)
    assert metres(town, at(4, 2), at(1, 2)) == pytest.approx(500, abs=1)  # round the block


def test_nobody_is_sent_where_there_is_no_way_out() -> None:
    network = grid_town.grid()
    # The corner's two links now only lead into it.
    corner = np.flatnonzero((network.start == 0) | (network.end == 0))
    ends = network.start.copy()
    starts = network.end.copy()
    network = replace(
        network,
        oneway=np.isin(np.arange(len(network.start)), corner),
        start=np.where(np.isin(np.arange(len(starts)), corner), starts, network.start).astype(np.int32),
        end=np.where(np.isin(np.arange(len(ends)), corner), ends, network.end).astype(np.int32),
    )
    snapped = Streets(network).snap(np.array([network.nodes[0]]))
    assert snapped.nodes[0] in (1, 9)
    assert snapped.gap_m[0] == pytest.approx(100, abs=1)


def test_far_from_every_crossing_there_is_no_way(streets: Streets) -> None:
    assert streets.way("scooter", at(0, 0), at(-2.9, 0)) is not None
    assert streets.way("scooter", at(0, 0), at(-3.1, 0)) is None
    assert streets.way("scooter", Point(45.0, 5.0), at(0, 0)) is None


def test_a_drawn_way_goes_from_crossing_to_crossing(streets: Streets) -> None:
    found = streets.way("scooter", at(0, 1), at(2, 3))
    assert found is not None
    line = streets.line(found[2])
    assert distance_m(line[0], at(0, 1)) < 1
    assert distance_m(line[-1], at(2, 3)) < 1
    assert all(99 < distance_m(a, b) < 101 for a, b in zip(line, line[1:], strict=False))


def test_rows_say_what_bare_dijkstra_says(streets: Streets) -> None:
    chosen = np.random.default_rng(22).integers(0, 81, 12).tolist()
    rows = streets.rows("scooter", chosen)
    bare = dijkstra(streets._graph("scooter"), indices=chosen)
    for place, target in enumerate(chosen):
        assert np.allclose(rows[target].effort_m, bare[place])


def test_the_cache_answers_again_and_stays_in_its_bounds(streets: Streets) -> None:
    size = streets.rows("scooter", [0])[0].size
    small = Streets(grid_town.grid(), cache_bytes=5 * size)
    for target in range(40):
        small.rows("scooter", [target])
        assert small.cached_bytes <= 5 * size
    assert small.searched == 40
    small.rows("scooter", [39, 38, 37])
    assert small.searched == 40
    small.rows("scooter", [0])
    assert small.searched == 41


def test_no_more_is_searched_than_allowed(streets: Streets) -> None:
    assert list(streets.rows("scooter", [1, 2, 2, 3], most_new=2)) == [1, 2]
    assert sorted(streets.rows("scooter", [1, 2, 3, 4], most_new=1)) == [1, 2, 3]
    assert sorted(streets.rows("scooter", [1, 2, 3, 4], most_new=0)) == [1, 2, 3]


def test_many_threads_may_ask_at_once(streets: Streets) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda target: streets.rows("scooter", [target % 20])[target % 20].size, range(200)))
    assert streets.cached_bytes == 20 * found[0]
