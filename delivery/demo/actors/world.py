"""What is true outside the platform: the pace of a town, the bags on its counters, and what its people remember."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from delivery.demo.actors.roads import Roads
from delivery.demo.line import Line
from delivery.ground import clock
from delivery.ground.geo import Point

KEPT = 200  # lines of errors
MOST_BAGS = 2000


@dataclass
class Diary:
    """What everybody saw, in numbers; `waiting` holds the orders that are not over, with the line of who ordered."""

    counts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    waiting: dict[str, Line] = field(default_factory=dict)

    def note(self, what: str) -> None:
        self.counts[what] += 1

    def refused(self, who: str, code: str) -> None:
        """The platform said no to somebody: everyday life, counted by code."""
        self.refusals[f"{who}: {code}"] += 1

    def went_wrong(self, line: str) -> None:
        """An actor broke; only the first lines are kept."""
        self.counts["errors"] += 1
        if len(self.errors) < KEPT:
            self.errors.append(line)


@dataclass
class Town:
    """One city. `timed` has its clock; durations below are city minutes, real time only where it says so."""

    public_id: str
    slug: str
    timed: clock.Timed
    meters_per_minute: float
    service_min: float
    spots: list[Point]
    roads: Roads
    diary: Diary
    is_rushed: bool = False
    is_on_strike: bool = False
    on_duty: set[str] = field(default_factory=set)
    ordering: set[str] = field(default_factory=set)
    cravings: list[str] = field(default_factory=list)  # shops that somebody shall order from now
    _bags: dict[str, asyncio.Event] = field(default_factory=dict)

    def seconds(self, minutes: float) -> float:
        """Real seconds that `minutes` of the city take."""
        return minutes * 60 / self.timed.time_rate

    async def pass_by(self, minutes: float) -> None:
        await asyncio.sleep(self.seconds(minutes))

    def hour(self) -> int:
        """Of the day, on the city's clocks."""
        return clock.shown(self.timed, clock.now()).hour

    def bag(self, order_id: str) -> asyncio.Event:
        """Set once the bag stands on the counter. Who has taken it calls `forget`."""
        while len(self._bags) > MOST_BAGS:
            self._bags.pop(next(iter(self._bags)))
        return self._bags.setdefault(order_id, asyncio.Event())

    def forget(self, order_id: str) -> None:
        self._bags.pop(order_id, None)

    def minutes_until(self, instant: str | None) -> float:
        """City minutes from now until an instant of the platform; negative when it is over, 0 for none."""
        if not instant:
            return 0.0
        left = clock.between(self.timed, clock.now(), datetime.fromisoformat(instant))
        return left.total_seconds() / 60
