"""Travel times from a routing service over HTTP: the table services of OSRM and of Valhalla.

The address is the setting TRAVEL_SERVICE and nothing else: no redirect is followed, no proxy asked. What does not come
within 200 ms comes from the city's own streets or straight lines, and the service then rests for ten seconds.
"""

import json
import math
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import pairwise, product
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import numpy as np
import structlog
from numpy.typing import NDArray

from delivery.cities.models import City
from delivery.ground.geo import Point
from dispatch.engine.problem import Place, Travel

log = structlog.get_logger(__name__)

WITHIN_S: Final = 0.2  # for all that one decision asks
REST_S: Final = 10.0
LARGEST_ANSWER: Final = 4 * 2**20
MOST_LEGS: Final = 400_000  # kept in memory; then they are forgotten all at once
LIMIT: Final = {"osrm": 100, "valhalla": 100}  # places in a question: what both answer as they are installed
PROFILES: Final[Mapping[str, Mapping[str, str]]] = {
    "osrm": {"bicycle": "cycling", "scooter": "driving", "car": "driving"},
    "valhalla": {"bicycle": "bicycle", "scooter": "motor_scooter", "car": "auto"},
}
Table = Sequence[Sequence[float | None]]


class ServiceAway(Exception):
    """No answer that makes sense in time."""


@dataclass(slots=True)
class RoutingService:
    """One service. Safe for threads; `state` is what operators are told."""

    kind: Literal["osrm", "valhalla"]
    address: str
    within_s: float = WITHIN_S
    _rests_until: float = 0.0
    _detail: str = ""
    _legs: dict[tuple[str, Point, Point], float] = field(default_factory=dict)
    _asking: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=2, thread_name_prefix="routing")
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_away(self) -> bool:
        return bool(self._detail)

    @property
    def state(self) -> str:
        return f"{self.kind} away, own ways instead: {self._detail}" if self._detail else f"{self.kind} answers"

    def seconds(
        self, vehicle: str, origins: Sequence[Point], targets: Sequence[Point]
    ) -> Mapping[tuple[Point, Point], float]:
        """What is known or answered in time of the legs; inf where no way leads."""
        until = time.monotonic() + self.within_s
        missing = [(a, b) for a, b in product(origins, targets) if a != b and (vehicle, a, b) not in self._legs]
        if missing and time.monotonic() >= self._rests_until:
            self._fetch(vehicle, missing, until)
        legs = self._legs
        return {(a, b): legs[vehicle, a, b] for a, b in product(origins, targets) if (vehicle, a, b) in legs}

    def _fetch(self, vehicle: str, missing: Sequence[tuple[Point, Point]], until: float) -> None:
        half = LIMIT[self.kind] // 2
        origins, targets = list(dict.fromkeys(a for a, _ in missing)), list(dict.fromkeys(b for _, b in missing))
        for first, second in product(range(0, len(origins), half), range(0, len(targets), half)):
            some, others = origins[first : first + half], targets[second : second + half]
            left_s = until - time.monotonic()
            if left_s <= 0:
                return  # the next decision asks for the rest: what is known stays known
            try:
                table = self._asking.submit(self._ask, vehicle, some, others).result(timeout=left_s)
            except (ServiceAway, TooLate, OSError, HTTPException, ValueError) as error:
                self._away(f"{type(error).__name__}: {error}"[:120])
                return
            self._keep(vehicle, some, others, table)
        if self._detail:
            log.warning("routing_service_is_back", service=self.kind, progress=True)
            self._detail = ""

    def _ask(self, vehicle: str, origins: Sequence[Point], targets: Sequence[Point]) -> Table:
        split = urlsplit(self.address)
        kind = HTTPSConnection if split.scheme == "https" else HTTPConnection
        connection = kind(split.hostname or "", split.port, timeout=self.within_s)
        path, body = _question(self.kind, vehicle, origins, targets)
        try:
            headers = {"Content-Type": "application/json"} if body else {}
            connection.request("POST" if body else "GET", split.path.rstrip("/") + path, body=body, headers=headers)
            reply = connection.getresponse()
            said = reply.read(LARGEST_ANSWER + 1)
        finally:
            connection.close()
        if reply.status != 200 or len(said) > LARGEST_ANSWER:
            raise ServiceAway(f"answered {reply.status} with {len(said)} bytes")
        return _table(self.kind, json.loads(said), len(origins), len(targets))

    def _keep(self, vehicle: str, origins: Sequence[Point], targets: Sequence[Point], table: Table) -> None:
        with self._lock:
            if len(self._legs) > MOST_LEGS:
                self._legs.clear()
            for a, row in zip(origins, table, strict=True):
                for b, seconds in zip(targets, row, strict=True):
                    self._legs[vehicle, a, b] = math.inf if seconds is None else float(seconds)

    def _away(self, why: str) -> None:
        self._rests_until = time.monotonic() + REST_S
        if not self._detail:
            log.warning("routing_service_is_away", service=self.kind, why=why, progress=True)
        self._detail = why


class ServiceTravel:
    """Minutes to `targets` as the service says; what it does not say in time is taken from `otherwise`."""

    def __init__(
        self, service: RoutingService, city: City, otherwise: Travel, targets: Collection[Place], vehicle: str
    ) -> None:
        self._service, self._city, self._otherwise = service, city, otherwise
        self._targets, self._vehicle = set(targets), vehicle
        self._own: set[tuple[Place, Place]] = set()  # legs that the service has not told

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        minutes = np.array(self._otherwise.minutes(places))
        points = [self._city.plane.to_point(*place) for place in places]
        columns = [number for number, place in enumerate(places) if place in self._targets]
        told = self._service.seconds(self._vehicle, points, [points[column] for column in columns])
        for column in columns:
            for row, point in enumerate(points):
                seconds = told.get((point, points[column]))
                if seconds is not None:
                    minutes[row, column] = seconds / 60
                elif row != column:
                    self._own.add((places[row], places[column]))
        return minutes

    def straight_legs(self, places: Sequence[Place]) -> int:
        """How many legs from place to place the service has not told."""
        return sum(leg in self._own for leg in pairwise(places))


def service_at(setting: str | None) -> RoutingService | None:
    """The service of a setting like `osrm+http://127.0.0.1:5000`. Raises ValueError for anything else."""
    if not setting:
        return None
    kind, _, address = setting.partition("+")
    if kind not in ("osrm", "valhalla") or urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("TRAVEL_SERVICE is osrm+http(s)://… or valhalla+http(s)://…")
    return RoutingService("osrm" if kind == "osrm" else "valhalla", address)


def _question(kind: str, vehicle: str, origins: Sequence[Point], targets: Sequence[Point]) -> tuple[str, str | None]:
    """Path and body. OSRM: project-osrm.org, API, table service; Valhalla: valhalla.github.io, time-distance matrix."""
    profile = PROFILES[kind].get(vehicle, PROFILES[kind]["scooter"])
    if kind == "valhalla":
        spots = [[{"lat": point.lat, "lon": point.lon} for point in points] for points in (origins, targets)]
        return "/sources_to_targets", json.dumps({"sources": spots[0], "targets": spots[1], "costing": profile})
    places = ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in (*origins, *targets))
    count = len(origins)
    first = ";".join(map(str, range(count)))
    second = ";".join(map(str, range(count, count + len(targets))))
    return f"/table/v1/{profile}/{places}?annotations=duration&sources={first}&destinations={second}", None


def _table(kind: str, answer: Any, rows: int, columns: int) -> Table:
    """Seconds, None where no way leads. Raises ServiceAway for another shape."""
    try:
        if kind == "osrm":
            table = [list(row) for row in answer["durations"]]
        else:
            table = [[cell["time"] for cell in row] for row in answer["sources_to_targets"]]
    except (KeyError, TypeError) as error:
        raise ServiceAway("the answer is no table") from error
    cells = [cell for row in table for cell in row]
    if len(table) != rows or any(len(row) != columns for row in table):
        raise ServiceAway("the answer has another shape")
    if not all(cell is None or (isinstance(cell, int | float) and 0 <= cell < math.inf) for cell in cells):
        raise ServiceAway("the answer holds no times")
    return table
