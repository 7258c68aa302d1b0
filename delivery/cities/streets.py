"""Ways along streets: shortest paths in the installed network (Dijkstra of SciPy), with a cache of bounded size.

One search from a destination answers for every origin, and destinations (counters, doors) stay while deliverers move:
so the cache holds a row per destination. Entry for one way: `delivery.cities.ways`, which loads this when it is needed.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from delivery.cities.network import Network, installed_network
from delivery.ground.geo import Plane, Point

NEAR_M: Final = 300.0  # a place further than this from every crossing is off the network
CACHE_BYTES: Final = 128 * 2**20
# How fast a street is against a residential one, by class and vehicle; 0 is closed to it.
PACE: Final[Mapping[str, Mapping[str, float]]] = {
    "bicycle": {"motorway": 0.0, "trunk": 0.5, "primary": 0.9, "secondary": 1.0, "tertiary": 1.0},
    "scooter": {"motorway": 1.2, "trunk": 1.6, "primary": 1.45, "secondary": 1.3, "tertiary": 1.15},
    "car": {"motorway": 2.4, "trunk": 1.9, "primary": 1.4, "secondary": 1.25, "tertiary": 1.1, "living_street": 0.7},
}
BASE: Final[Mapping[str, float]] = {"bicycle": 0.8, "scooter": 1.0, "car": 1.0}


@dataclass(frozen=True, slots=True)
class Row:
    """For one destination and each crossing: metres at the pace of a residential street, and the next crossing."""

    effort_m: NDArray[np.float32]
    onward: NDArray[np.unsignedinteger[Any]]

    @property
    def size(self) -> int:
        return self.effort_m.nbytes + self.onward.nbytes


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places on the network: the crossing of each and how far it is; -1 for a place off the network."""

    nodes: NDArray[np.int64]
    gap_m: NDArray[np.float64]


class Streets:
    """A network that can be ridden. Safe for threads."""

    def __init__(self, network: Network, *, cache_bytes: int = CACHE_BYTES) -> None:
        self.network = network
        self._plane = Plane(Point(*network.nodes.mean(axis=0).tolist()))
        self._arcs = _arcs(network)
        self._reachable = _largest_part(self._arcs, len(network.nodes))
        self._tree = cKDTree(self._xy(network.nodes[self._reachable]))
        self._small = np.min_scalar_type(len(network.nodes))
        self._graphs: dict[str, csr_matrix] = {}
        self._rows: OrderedDict[tuple[str, int], Row] = OrderedDict()
        self._cache_bytes, self._used = cache_bytes, 0
        self.searched = 0  # rows that were not in the cache, since the start
        self._lock = threading.Lock()

    def snap(self, spots: NDArray[np.float64]) -> Snapped:
        """`spots`: (n, 2) lat and lon."""
        gap_m, found = self._tree.query(self._xy(spots), distance_upper_bound=NEAR_M)
        is_near = np.isfinite(gap_m)
        nodes = np.where(is_near, self._reachable[np.where(is_near, found, 0)], -1)
        return Snapped(nodes, gap_m)

    def rows(self, vehicle: str, targets: Sequence[int], *, most_new: int | None = None) -> dict[int, Row]:
        """The row of each target crossing; with `most_new` at most so many are searched for, the others are missing."""
        with self._lock:
            known = {target: row for target in targets if (row := self._rows.get((vehicle, target))) is not None}
            for target in known:
                self._rows.move_to_end((vehicle, target))
        missing = [target for target in dict.fromkeys(targets) if target not in known][:most_new]
        return known | self._search(vehicle, missing) if missing else known

    def way(self, vehicle: str, start: Point, end: Point) -> tuple[float, float, list[int]] | None:
        """Metres, effort (see Row) and crossings of the fastest way; None when one of the places is off the network."""
        at = self.snap(np.array([[start.lat, start.lon], [end.lat, end.lon]]))
        origin, target = at.nodes.tolist()
        if origin < 0 or target < 0:
            return None
        row = self.rows(vehicle, [target])[target]
        if not np.isfinite(row.effort_m[origin]):
            return None
        nodes = [origin]
        while nodes[-1] != target:
            nodes.append(int(row.onward[nodes[-1]]))
        gaps = float(at.gap_m.sum())
        metres = sum(float(self.network.length_m[self._link(a, b)]) for a, b in zip(nodes, nodes[1:], strict=False))
        return metres + gaps, float(row.effort_m[origin]) + gaps, nodes

    def line(self, nodes: Sequence[int]) -> list[Point]:
        """The points along the streets from crossing to crossing."""
        points = [Point(*self.network.nodes[nodes[0]].tolist())]
        for a, b in zip(nodes, nodes[1:], strict=False):
            link = self._link(a, b)
            shape = self.network.line(link)
            along = shape if self.network.start[link] == a else shape[::-1]
            points.extend(Point(*spot) for spot in along[1:].tolist())
        return points

    @property
    def cached_bytes(self) -> int:
        return self._used

    def _search(self, vehicle: str, targets: list[int]) -> dict[int, Row]:
        graph = self._graph(vehicle)
        efforts, onward = dijkstra(graph, indices=targets, return_predecessors=True)
        found = {
            target: Row(efforts[place].astype(np.float32), np.maximum(onward[place], 0).astype(self._small))
            for place, target in enumerate(targets)
        }
        with self._lock:
            self.searched += len(found)
            for target, row in found.items():
                if (vehicle, target) not in self._rows:
                    self._used += row.size
                self._rows[vehicle, target] = row
            while self._used > self._cache_bytes and len(self._rows) > 1:
                self._used -= self._rows.popitem(last=False)[1].size
        return found

    def _graph(self, vehicle: str) -> csr_matrix:
        """The arcs turned round, so that a search from a destination finds the ways to it."""
        if vehicle not in self._graphs:
            pace = np.array([PACE[vehicle].get(kind, 1.0) * BASE[vehicle] for kind in self.network.kinds])
            start, end, link = self._arcs
            speed = pace[self.network.kind[link]]
            is_open = speed > 0
            effort = np.maximum(self.network.length_m[link[is_open]], 0.1) / speed[is_open]
            count = len(self.network.nodes)
            self._graphs[vehicle] = csr_matrix((effort, (end[is_open], start[is_open])), shape=(count, count))
        return self._graphs[vehicle]

    @functools.cached_property
    def _links(self) -> dict[tuple[int, int], int]:
        start, end, link = (each.tolist() for each in self._arcs)
        return dict(zip(zip(start, end, strict=True), link, strict=True))

    def _link(self, start: int, end: int) -> int:
        return self._links[start, end]

    def _xy(self, spots: NDArray[np.float64]) -> NDArray[np.float64]:
        origin = self._plane.to_xy(Point(0.0, 0.0))
        unit = self._plane.to_xy(Point(1.0, 1.0))
        scale = np.array([unit[0] - origin[0], unit[1] - origin[1]])
        moved: NDArray[np.float64] = spots[:, ::-1] * scale + np.array(origin)
        return moved


@functools.cache
def installed_streets() -> Streets | None:
    """The streets of the setting STREET_NETWORK, made once per process; None when there are none."""
    network = installed_network()
    return Streets(network) if network is not None else None


def path(a: Point, b: Point, vehicle: str = "scooter") -> list[Point]:
    """The way from a to b as a map draws it, both included; the straight line where there are no streets."""
    streets = installed_streets()
    found = streets.way(vehicle, a, b) if streets else None
    if streets is None or found is None:
        return [a, b]
    return [a, *streets.line(found[2]), b]


Arcs = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]


def _arcs(network: Network) -> Arcs:
    """Start, end and link of each direction that may be ridden; of twins between two crossings the shortest."""
    back = np.flatnonzero(~network.oneway)
    link = np.concatenate([np.arange(len(network.start)), back])
    start = np.concatenate([network.start, network.end[back]])
    end = np.concatenate([network.end, network.start[back]])
    order = np.lexsort((network.length_m[link], end, start))
    start, end, link = start[order], end[order], link[order]
    is_first = np.ones(len(link), np.bool_)
    is_first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    is_first &= start != end
    return start[is_first], end[is_first], link[is_first]


def _largest_part(arcs: Arcs, count: int) -> NDArray[np.int64]:
    """The crossings from which each can reach each: nobody is sent into a street without a way out."""
    start, end, _ = arcs
    graph = csr_matrix((np.ones(len(start)), (start, end)), shape=(count, count))
    _, part = connected_components(graph, directed=True, connection="strong")
    return np.flatnonzero(part == np.bincount(part).argmax())
