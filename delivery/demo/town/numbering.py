"""House numbers for a network that has none: metres from the street's western end, odd on the left, even right."""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, STRtree

from delivery.demo.town.source import Link

SAME_STREET_M = 250.0  # two pieces of one name further apart are two streets
ACROSS_M = 40.0  # the two carriageways of an avenue count alike


@dataclass(frozen=True, slots=True)
class Numbers:
    """For each link: its street (-1 without a name), and the numbers at its start and its end."""

    streets: list[str]
    street: list[int]
    first: list[int]
    last: list[int]


def number(links: Sequence[Link], lines: Sequence[LineString]) -> Numbers:
    """`lines` are the links' lines in metres."""
    result = Numbers([], [-1] * len(links), [0] * len(links), [0] * len(links))
    for members in _streets(links, lines):
        along = _metres_along(members, links, lines)
        for index in members:
            result.street[index] = len(result.streets)
            result.first[index] = round(along[links[index].start])
            result.last[index] = round(along[links[index].end])
        result.streets.append(links[members[0]].name)
    return result


def _streets(links: Sequence[Link], lines: Sequence[LineString]) -> list[list[int]]:
    """The links of each street, streets in the order of their first link."""
    by_name = defaultdict(list)
    for index, link in enumerate(links):
        if link.name:
            by_name[link.name].append(index)
    streets = []
    for members in by_name.values():
        shapes = [lines[index] for index in members]
        pairs = STRtree(shapes).query(shapes, predicate="dwithin", distance=SAME_STREET_M)
        near = defaultdict(list)
        for one, other in pairs.T.tolist():
            near[one].append(other)
        left = set(range(len(members)))
        while left:
            group, edge = set(), [min(left)]
            while edge:
                one = edge.pop()
                if one not in group:
                    group.add(one)
                    edge.extend(near[one])
            left -= group
            streets.append(sorted(members[one] for one in group))
    return sorted(streets)


def _metres_along(members: Sequence[int], links: Sequence[Link], lines: Sequence[LineString]) -> dict[int, float]:
    """For each crossing of the street its distance from the western one of its two far ends."""
    places: dict[int, tuple[float, float]] = {}
    ways: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for index in members:
        link, line = links[index], lines[index]
        places[link.start], places[link.end] = line.coords[0], line.coords[-1]
        ways[link.start].append((link.end, line.length))
        ways[link.end].append((link.start, line.length))
    _bridge(places, ways)
    one_end = _farthest(_spread(min(places), ways))
    other_end = _farthest(_spread(one_end, ways))
    return _spread(min(one_end, other_end, key=lambda node: places[node]), ways)


def _bridge(places: dict[int, tuple[float, float]], ways: dict[int, list[tuple[int, float]]]) -> None:
    """Join carriageways, and pieces that a square or a gap in the data keeps apart, by straight lines."""
    nodes = sorted(places)
    points = shapely.points(np.array([places[node] for node in nodes]))
    for one, other in STRtree(points).query(points, predicate="dwithin", distance=ACROSS_M).T.tolist():
        if one < other:
            _join(nodes[one], nodes[other], places, ways)
    while len(reached := _spread(nodes[0], ways)) < len(nodes):
        inside = [node for node in nodes if node in reached]
        outside = [node for node in nodes if node not in reached]
        gaps = shapely.distance(
            shapely.points(np.array([places[node] for node in inside]))[:, None],
            shapely.points(np.array([places[node] for node in outside]))[None, :],
        )
        one, other = np.unravel_index(int(gaps.argmin()), gaps.shape)
        _join(inside[one], outside[other], places, ways)


def _join(
    one: int, other: int, places: dict[int, tuple[float, float]], ways: dict[int, list[tuple[int, float]]]
) -> None:
    metres = float(np.hypot(*np.subtract(places[one], places[other])))
    ways[one].append((other, metres))
    ways[other].append((one, metres))


def _farthest(distances: dict[int, float]) -> int:
    return max(distances, key=lambda node: (distances[node], node))


def _spread(start: int, ways: dict[int, list[tuple[int, float]]]) -> dict[int, float]:
    """Shortest distances from `start` (Dijkstra)."""
    done: dict[int, float] = {}
    queue = [(0.0, start)]
    while queue:
        metres, node = heapq.heappop(queue)
        if node in done:
            continue
        done[node] = metres
        for neighbour, length in ways[node]:
            if neighbour not in done:
                heapq.heappush(queue, (metres + length, neighbour))
    return done
