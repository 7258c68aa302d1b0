"""The engine's travel times along streets. What no street answers is a straight line at the city's pace."""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from delivery.cities.models import City
from delivery.cities.streets import Row, Streets, installed_streets
from delivery.cities.ways import USUAL_VEHICLE
from dispatch.engine.problem import Place, StraightTravel, Travel

# Searches in one tick, about 60 ms. After a restart a big city plans a few ticks on straight lines, never late.
MOST_NEW: Final = 12


class StreetTravel:
    """Minutes to `targets` along the streets; between other places nobody rides, so they stay straight lines."""

    def __init__(
        self, streets: Streets, city: City, targets: Collection[Place], *, most_new: int | None = MOST_NEW
    ) -> None:
        self._streets, self._city, self._targets, self._left = streets, city, set(targets), most_new
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
        rows = self._streets.rows(USUAL_VEHICLE, targets, most_new=self._left)
        if self._left is not None:
            self._left = max(0, self._left - (self._streets.searched - before))
        return rows


def straight_legs(travel: Travel, places: Sequence[Place]) -> int:
    """What a decision's terms say about its distances."""
    return travel.straight_legs(places) if isinstance(travel, StreetTravel) else max(0, len(places) - 1)


def straight(city: City) -> StraightTravel:
    return StraightTravel(city.meters_per_minute / city.detour)


def travel_of(city: City, targets: Collection[Place]) -> Travel:
    """By street where there is a network, else straight."""
    streets = installed_streets()
    return StreetTravel(streets, city, targets) if streets else straight(city)
