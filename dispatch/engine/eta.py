"""When things happen: minutes between places, and the visits of a deliverer who follows a list of stops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.engine.problem import EngineError, Pickup, Place, Rules, Stop, Travel


class Rows(dict[int, list[float]]):
    """Rows of a matrix as plain lists, made when first read: the search reads single numbers of few rows."""

    def __init__(self, matrix: NDArray[np.float64]) -> None:
        super().__init__()
        self.matrix = matrix

    def __missing__(self, number: int) -> list[float]:
        row: list[float] = self.matrix[number].tolist()
        self[number] = row
        return row


class Legs:
    """Minutes between all places of one problem."""

    def __init__(self, travel: Travel, places: Iterable[Place]) -> None:
        """Raises EngineError `bad_travel` when the port answers with another shape than it was asked for."""
        self.places = list(dict.fromkeys(places))
        self.index = {place: number for number, place in enumerate(self.places)}
        count = len(self.places)
        minutes = np.asarray(travel.minutes(self.places), dtype=np.float64) if count else np.zeros((0, 0))
        if minutes.shape != (count, count):
            raise EngineError("bad_travel", f"asked for {count} x {count} legs, got {minutes.shape}")
        self.matrix = np.where(minutes >= 0, minutes, np.inf)  # NaN is not >= 0
        np.fill_diagonal(self.matrix, 0.0)
        self.rows = Rows(self.matrix)

    def minutes(self, origin: Place, destination: Place) -> float:
        return self.rows[self.index[origin]][self.index[destination]]


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop in time: leaves for it, arrives, food changes hands (`done_at`), service has ended."""

    stop: Stop
    leaves_at: float
    arrives_at: float
    done_at: float
    free_at: float


def forecast_visits(
    stops: Sequence[Stop], *, at: Place, free_at: float, now: float, legs: Legs, rules: Rules
) -> tuple[Visit, ...]:
    """The visits of a deliverer who is at a place from `free_at` on and never waits to leave."""
    visits = []
    free_at = max(free_at, now) if not stops or stops[0].place != at else free_at
    for stop in stops:
        service = rules.pickup_min if isinstance(stop, Pickup) else rules.dropoff_min
        arrives_at = free_at + legs.minutes(at, stop.place)
        done_at = max(arrives_at + service / 2, now)
        if isinstance(stop, Pickup):
            done_at = max(done_at, stop.ready_at)
        visits.append(Visit(stop, free_at, arrives_at, done_at, done_at + service / 2))
        at, free_at = stop.place, done_at + service / 2
    return tuple(visits)
