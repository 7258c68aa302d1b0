"""The engine's travel times: a routing service where one is set, else streets, else straight lines."""

import functools
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from delivery.cities.models import City
from delivery.cities.streets import BASE, Row, Streets, installed_streets
from delivery.cities.ways import USUAL_VEHICLE
from dispatch.engine.problem import Place, StraightTravel, Travel
from dispatch.routing import RoutingService, ServiceTravel, service_at

# Searches in one tick, about 60 ms. After a restart a big city plans a few ticks on straight lines, never late.
MOST_NEW: Final = 12


class StreetTravel:
    """Minutes to `targets` along the streets; between other places nobody rides, so they stay straight lines."""

    def __init__(
        self,
        streets: Streets,
        city: City,
        targets: Collection[Place],
        *,
        vehicle: str = USUAL_VEHICLE,
        most_new: int | None = MOST_NEW,
    ) -> None:
        self._streets, self._city, self._targets, self._left = streets, city, set(targets), most_new
        self._vehicle = vehicle
        self._straight = straight(city)
        self._is_straight: set[Place] = set()

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        minutes = self._straight.minutes(places)
        spots = np.array([(point.lat, point.lon) for point in (self._city.plane.to_point(*place) for place in places)])
        at = self._streets.snap(spots.reshape(-1, 2))
        self._is_straight |= {place for place, node in zip(places, at.nodes.tolist(), strict=True) if node < 0}
        columns = [number for number, place in enumerate(places) if place in self._targets and at.nodes[number] >= 0]
        rows = self._rows(at.nodes[columns].tolist())
        self._is_straight |= {places[column] for column in columns if int(at.nodes[column]) not in rows}
        columns = [column for column in columns if int(at.nodes[column]) in rows]
        origins = np.flatnonzero(at.nodes >= 0)
        if not columns:
            return minutes
        efforts_m = np.empty((len(columns), len(origins)), np.float32)
        for column, effort_m in zip(columns, efforts_m, strict=True):
            np.take(rows[int(at.nodes[column])].effort_m, at.nodes[origins], out=effort_m)
        efforts_m += at.gap_m[origins].astype(np.float32) + at.gap_m[columns].astype(np.float32)[:, None]
        chosen = np.ix_(origins, np.array(columns))
        minutes[chosen] = np.where(
            np.isfinite(efforts_m.T), efforts_m.T / np.float32(self._city.meters_per_minute), minutes[chosen]
        )
        return minutes

    def straight_legs(self, places: Sequence[Place]) -> int:
        """How many legs from place to place were taken as straight lines in this plan."""
        return sum(bool({start, end} & self._is_straight) for start, end in pairwise(places))

    def _rows(self, targets: Sequence[int]) -> dict[int, Row]:
        before = self._streets.searched
        rows = self._streets.rows(self._vehicle, targets, most_new=self._left)
        if self._left is not None:
            self._left = max(0, self._left - (self._streets.searched - before))
        return rows


class RememberedTravel:
    """The answers of another travel, asked once: two plans of one minute measure the same ways."""

    def __init__(self, travel: Travel) -> None:
        self._travel = travel
        self._number: dict[Place, int] = {}
        self._minutes = np.zeros((0, 0))

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        if not all(place in self._number for place in places):
            known = list(dict.fromkeys((*self._number, *places)))
            self._number = {place: number for number, place in enumerate(known)}
            self._minutes = self._travel.minutes(known)
        chosen = [self._number[place] for place in places]
        minutes: NDArray[np.float64] = self._minutes[np.ix_(chosen, chosen)]
        return minutes


def straight_legs(travel: Travel, places: Sequence[Place]) -> int:
    """What a decision's terms say about its distances."""
    if isinstance(travel, StreetTravel | ServiceTravel):
        return travel.straight_legs(places)
    return max(0, len(places) - 1)


def straight(city: City) -> StraightTravel:
    return StraightTravel(city.meters_per_minute / city.detour)


def travels_of(
    city: City, targets: Collection[Place], vehicles: Collection[str]
) -> tuple[Travel, Mapping[str, Travel]]:
    """The usual vehicle's travel and that of the others by their names; straight lines are the same for all."""
    usual = travel_of(city, targets)
    others = [name for name in sorted(set(vehicles) - {USUAL_VEHICLE}) if name in BASE]
    streets, service = installed_streets(), routing_service()
    share = MOST_NEW // (len(others) + 1)
    own: dict[str, Travel] = {}
    if streets is not None:
        own = {name: StreetTravel(streets, city, targets, vehicle=name, most_new=share) for name in others}
    if service is None:
        return usual, own
    return ServiceTravel(service, city, usual, targets, USUAL_VEHICLE), {
        name: ServiceTravel(service, city, own.get(name, usual), targets, name) for name in others
    }


@functools.cache
def routing_service() -> RoutingService | None:
    """The service of the setting TRAVEL_SERVICE, one per process."""
    return service_at(settings.TRAVEL_SERVICE)


def state_of_travel() -> dict[str, Any]:
    """Where this process's travel times come from now, for operators: a note where a service is set."""
    service = routing_service()
    return {"note": service.state, "travel_is_away": service.is_away} if service else {}


def travel_of(city: City, targets: Collection[Place]) -> Travel:
    """By street where there is a network, else straight."""
    streets = installed_streets()
    return StreetTravel(streets, city, targets) if streets else straight(city)
