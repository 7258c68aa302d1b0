"""Positions in degrees (WGS 84), distances in metres. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

METERS_PER_DEGREE = 6_371_008.8 * math.pi / 180


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Plane:
    """Equirectangular projection around a centre: good to a few metres within a city."""

    centre: Point

    def to_xy(self, point: Point) -> tuple[float, float]:
        """Metres east and north of the centre."""
        x = (point.lon - self.centre.lon) * METERS_PER_DEGREE * math.cos(math.radians(self.centre.lat))
        return x, (point.lat - self.centre.lat) * METERS_PER_DEGREE

    def to_point(self, x_m: float, y_m: float) -> Point:
        """The inverse of `to_xy`."""
        lon = self.centre.lon + x_m / (METERS_PER_DEGREE * math.cos(math.radians(self.centre.lat)))
        return Point(self.centre.lat + y_m / METERS_PER_DEGREE, lon)


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(h)))


def contains(ring: Sequence[Sequence[float]], point: Point) -> bool:
    """Whether a closed ring of [lon, lat] pairs contains the point (even-odd rule)."""
    inside = False
    for (lon_a, lat_a), (lon_b, lat_b) in _edges(ring):
        if (lat_a > point.lat) != (lat_b > point.lat):
            crossing = lon_a + (point.lat - lat_a) * (lon_b - lon_a) / (lat_b - lat_a)
            inside ^= point.lon < crossing
    return inside


def _edges(ring: Sequence[Sequence[float]]) -> Iterable[tuple[Sequence[float], Sequence[float]]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)
