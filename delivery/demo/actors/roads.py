"""Ways through the streets for people who ride them, second by second."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

from delivery.cities.network import installed_network
from delivery.cities.streets import Streets
from delivery.ground.geo import Point, distance_m

CACHE_BYTES = 16 * 2**20  # some 200 counters and doors
DETOUR = 1.3


@dataclass(frozen=True, slots=True)
class Way:
    """`reached_m[i]` is how far along `points[i]` lies; `minutes` of city time for all of it."""

    points: list[Point]
    reached_m: list[float]
    minutes: float

    def after(self, minutes: float) -> Point:
        """Where somebody is who set out `minutes` ago."""
        if minutes >= self.minutes:
            return self.points[-1]
        gone_m = self.reached_m[-1] * minutes / self.minutes
        place = bisect_right(self.reached_m, gone_m)
        a, b = self.points[place - 1], self.points[place]
        part = (gone_m - self.reached_m[place - 1]) / (self.reached_m[place] - self.reached_m[place - 1])
        return Point(a.lat + (b.lat - a.lat) * part, a.lon + (b.lon - a.lon) * part)


class Roads:
    """The installed streets, or straight lines where there are none."""

    def __init__(self) -> None:
        network = installed_network()
        self._streets = Streets(network, cache_bytes=CACHE_BYTES) if network is not None else None

    def way(self, start: Point, end: Point, *, vehicle: str, meters_per_minute: float) -> Way:
        found = self._streets.way(vehicle, start, end) if self._streets else None
        if self._streets is None or found is None:
            points, effort_m = [start, end], distance_m(start, end) * DETOUR
        else:
            points, effort_m = [start, *self._streets.line(found[2]), end], found[1]
        reached_m = list(accumulate((distance_m(a, b) for a, b in pairwise(points)), initial=0.0))
        return Way(points, reached_m, effort_m / meters_per_minute)
