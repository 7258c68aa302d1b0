"""When food will really be ready: what kitchens say, corrected by how right they were lately.

A kitchen that is behind with one order is behind with its neighbours, and an order that should be ready and is not
tells something too. The error of an estimate is empirical: no shape is assumed, and kitchens that were always right
are believed to the minute.
"""

import math
from bisect import bisect_right, insort
from collections import deque
from dataclasses import dataclass

LEARNT_FROM = 8  # orders seen ready before estimates are doubted at all
REMEMBERED = 400  # errors of all kitchens, newest kept
NEIGHBOURS = 12  # orders of one kitchen that say how it does now
FADING_MIN = 10.0  # a neighbour placed this much earlier or later counts 1/e
DOUBT = 0.5  # weight of "this kitchen is like all others" against one neighbour of the same minute
UNDERWAY = 0.5  # weight of a neighbour that is late but not ready yet, against one that is ready
OVERDUE_MIN = 5.0  # what is later than nearly everything seen takes this much longer


@dataclass(slots=True)
class Cooking:
    """One order in a kitchen; minutes."""

    restaurant: str
    placed_at: float
    told_at: float  # when the kitchen says that it is ready
    shift: float = 0.0  # what its neighbours say besides
    ready_at: float | None = None


class Kitchens:
    """What is known of the kitchens of one city. It may be lost: estimates are then believed for a while."""

    def __init__(self) -> None:
        self._cooking: dict[str, Cooking] = {}
        self._neighbours: dict[str, deque[Cooking]] = {}
        self._errors: deque[float] = deque()
        self._sorted: list[float] = []

    @property
    def cooking(self) -> list[str]:
        """The orders that nobody has seen ready."""
        return list(self._cooking)

    def hear(self, order: str, *, restaurant: str, placed_at: float, told_at: float) -> None:
        """A kitchen says, or says anew, when an order will be ready."""
        one = self._cooking.get(order)
        if one is None:
            one = self._cooking[order] = Cooking(restaurant, placed_at, told_at)
            self._neighbours.setdefault(restaurant, deque(maxlen=NEIGHBOURS)).append(one)
        one.told_at = told_at

    def see_ready(self, order: str, *, after: float, before: float) -> None:
        """An order turned out to be ready between two instants; of those the one nearest to its estimate counts."""
        one = self._cooking.pop(order, None)
        if one is None:
            return
        one.ready_at = min(max(one.told_at, after), before)
        error = one.ready_at - one.told_at - one.shift
        if not math.isfinite(error):
            return
        self._errors.append(error)
        insort(self._sorted, error)
        if len(self._errors) > REMEMBERED:
            self._sorted.remove(self._errors.popleft())

    def forget(self, order: str) -> None:
        """An order that will never be ready: cancelled, or gone without a word."""
        self._cooking.pop(order, None)

    def perhaps_at(self, order: str, now: float) -> tuple[float, ...]:
        """Equally likely instants, ascending, at which an order that is not ready at `now` will be.

        Empty: its estimate is believed. Late ones are judged by those that were as late before them.
        """
        if len(self._errors) < LEARNT_FROM or order not in self._cooking:
            return ()
        one = self._cooking[order]
        one.shift = self._shift(one, now)
        middle = one.told_at + one.shift
        left = self._sorted[bisect_right(self._sorted, now - middle) :]
        if len(left) < min(LEARNT_FROM // 2, len(self._sorted)):
            return tuple(now + OVERDUE_MIN * share / 2 for share in range(1, 4))
        return tuple(middle + error for error in left)

    def _shift(self, one: Cooking, now: float) -> float:
        total, weights = 0.0, DOUBT
        for other in self._neighbours[one.restaurant]:
            weight = math.exp(-abs(other.placed_at - one.placed_at) / FADING_MIN)
            if other is one:
                continue
            if other.ready_at is not None:
                total += weight * (other.ready_at - other.told_at)
                weights += weight
            elif now > other.told_at:
                total += UNDERWAY * weight * (now + OVERDUE_MIN - other.told_at)
                weights += UNDERWAY * weight
        return total / weights
