"""Travel times along streets against bare Dijkstra in the same run: a tick must not wait for the map.

The town is made up, of the size of La Serena and Coquimbo (15,625 crossings).
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from delivery.cities.models import City
from delivery.cities.streets import CACHE_BYTES, Streets
from dispatch.engine.problem import Place
from dispatch.travel import MOST_NEW, StreetTravel
from tests import grid_town

BLOCKS = 124
SPAN_M = BLOCKS * grid_town.BLOCK_M / 2


def fastest(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest of some runs: what the work costs when the machine lets it."""
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begin)
    return min(spent)


@pytest.fixture(scope="module")
def streets() -> Streets:
    return Streets(grid_town.grid(BLOCKS))


@pytest.fixture(scope="module")
def city() -> City:
    centre = grid_town.CENTRE
    return City(lat=centre.lat, lon=centre.lon, meters_per_minute=250, detour=1.3, currency="EUR")


@pytest.mark.parametrize(("deliverers", "orders", "counters"), [(50, 50, 20), (500, 1000, 200)])
def test_a_tick_is_quick_with_a_warm_cache_and_bounded_with_a_cold_one(
    streets: Streets, city: City, deliverers: int, orders: int, counters: int
) -> None:
    chosen = np.random.default_rng(22)

    def spots(count: int) -> list[Place]:
        return [(float(x), float(y)) for x, y in chosen.uniform(-SPAN_M, SPAN_M, (count, 2))]

    targets = spots(orders) + spots(counters)
    places = spots(deliverers) + targets

    def tick(most_new: int | None) -> object:
        return StreetTravel(streets, city, targets, most_new=most_new).minutes(places)

    graph = streets._graph("scooter")
    at = streets.snap(np.array([(p.lat, p.lon) for p in (city.plane.to_point(*each) for each in targets)])).nodes
    sources = chosen.choice(at, 20, replace=False).tolist()
    bare_s = fastest(lambda: dijkstra(graph, indices=sources, return_predecessors=True)) / len(sources)
    cold_s = fastest(lambda: tick(MOST_NEW))
    tick(None)
    warm_s = fastest(lambda: tick(MOST_NEW))
    straight_s = fastest(lambda: StreetTravel(streets, city, (), most_new=0).minutes(places))
    sys.stdout.write(
        f"\n{deliverers} x {orders}: bare {bare_s * 1e3:.1f} ms a search; tick cold {cold_s * 1e3:.0f} ms (at most "
        f"{MOST_NEW} searches), warm {warm_s * 1e3:.0f} ms, straight {straight_s * 1e3:.0f} ms; "
        f"cache {streets.cached_bytes / 2**20:.0f} MB\n"
    )
    assert streets.cached_bytes <= CACHE_BYTES
    assert cold_s <= straight_s + warm_s + 2 * MOST_NEW * bare_s
    assert warm_s <= 4 * straight_s + 4 * bare_s
