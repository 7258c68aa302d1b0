"""How far and how long from door to door: along streets where a network reaches, else straight with the city's detour.

Loads the network at the first question: a process that never asks pays nothing for it.
"""

import functools
import importlib
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from delivery.cities.models import City
from delivery.ground.geo import Point, distance_m

USUAL_VEHICLE: Final = "scooter"


@dataclass(frozen=True, slots=True)
class Way:
    """`minutes` are city time on the road, without any service. `by_street` is False for a straight line."""

    metres: float
    minutes: float
    by_street: bool


def way(city: City, start: Point, end: Point, vehicle: str = USUAL_VEHICLE) -> Way:
    """From start to end; both have to be within 300 m of the network, else the straight line times the detour."""
    straight_m = distance_m(start, end) * city.detour
    streets = _streets()
    found = streets.way(vehicle, start, end) if streets else None
    if found is None:
        return Way(straight_m, straight_m / city.meters_per_minute, by_street=False)
    metres, effort_m, _ = found
    return Way(metres, effort_m / city.meters_per_minute, by_street=True)


def path(start: Point, end: Point) -> list[Point]:
    """The way as a map draws it: see `delivery.cities.streets.path`."""
    points: list[Point] = _module().path(start, end)
    return points


def _streets() -> Any:
    return _module().installed_streets() if settings.STREET_NETWORK else None


@functools.cache
def _module() -> Any:
    return importlib.import_module("delivery.cities.streets")
