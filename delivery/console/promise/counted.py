"""What became of the day's promise: orders in time, minutes lost and to whom, paper, alarms. Pure.

A minute is lost when a stage took longer than planned: the counter's answer, the kitchen (after the time it gave),
the wait for a courier (the bag was ready), the ride (longer than the way that was promised).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

# City time that an answer may take before it costs the customer anything.
ANSWER_USUAL = timedelta(seconds=60)


class Cause(StrEnum):
    ANSWER = "answer"
    KITCHEN = "kitchen"
    COURIER = "courier"
    RIDE = "ride"


@dataclass(slots=True, kw_only=True)
class Counted:
    """Sums over some orders, tickets and alarms. Durations are city time over all delivered orders."""

    orders: int = 0
    delivered: int = 0
    in_time: int = 0
    door: timedelta = timedelta()
    answer: timedelta = timedelta()
    kitchen: timedelta = timedelta()
    courier: timedelta = timedelta()
    ride: timedelta = timedelta()
    tickets: int = 0
    on_paper: int = 0
    overdue: int = 0
    copies: int = 0
    unconfirmed: int = 0
    alarms: int = 0

    def __add__(self, other: Self) -> "Counted":
        return Counted(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    @property
    def in_time_share(self) -> float | None:
        """Per cent of the delivered orders; None: nothing was delivered."""
        return 100 * self.in_time / self.delivered if self.delivered else None

    @property
    def door_minutes(self) -> float | None:
        """From click to door, of an average delivered order."""
        return _minutes(self.door) / self.delivered if self.delivered else None

    @property
    def paper_share(self) -> float | None:
        """Per cent of the tickets that are on paper."""
        return 100 * self.on_paper / self.tickets if self.tickets else None

    def lost(self, cause: Cause) -> float | None:
        """Minutes that an average delivered order lost to the cause."""
        return _minutes(getattr(self, cause.value)) / self.delivered if self.delivered else None

    @property
    def lost_in_all(self) -> float | None:
        """Minutes that an average delivered order lost."""
        return sum(self.lost(cause) or 0.0 for cause in Cause) if self.delivered else None

    @property
    def worst(self) -> Cause | None:
        """What cost the most minutes; None when nothing did."""
        longest = max(Cause, key=lambda cause: getattr(self, cause.value))
        return longest if getattr(self, longest.value) else None


@dataclass(slots=True)
class Day:
    """A day of a city; `until_now`: its part up to the hour that it is now, the rest of it in `later`."""

    date: date
    until_now: Counted = field(default_factory=Counted)
    later: Counted = field(default_factory=Counted)

    @property
    def whole(self) -> Counted:
        return self.until_now + self.later


@dataclass(frozen=True, slots=True)
class Comparison:
    """Today and the days before it, the oldest first."""

    today: Counted
    before: Sequence[Day]

    @property
    def usual(self) -> Counted:
        """All days before in one, for shares and averages."""
        return _together([day.whole for day in self.before])

    @property
    def usual_until_now(self) -> Mapping[str, float]:
        """Counts of an average day up to this hour, by name; days before the first order of all do not count."""
        lived = [day for day in self.before if day.whole.orders]
        together = _together([day.until_now for day in lived])
        return {name: getattr(together, name) / max(len(lived), 1) for name in ("orders", "tickets", "alarms")}

    @property
    def has_past(self) -> bool:
        return any(day.whole.orders for day in self.before)


def _together(parts: Sequence[Counted]) -> Counted:
    return sum(parts, start=Counted())


def _minutes(duration: timedelta) -> float:
    return duration.total_seconds() / 60
