"""Why an order waits: words that every process knows, so without the arithmetic of the engine."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why an order is not on its way."""

    NOT_YET = "not_yet"  # planned; the deliverer would only wait at the restaurant
    AFTER_OTHERS = "after_others"  # planned behind what the deliverer does before
    LATER = "later"  # not planned yet: ready beyond the horizon, or behind more than is planned at once
    NO_DELIVERER = "no_deliverer"  # nobody is on shift
    SHIFTS_END = "shifts_end"  # nobody can be there before the end of the shift
    NO_WAY = "no_way"  # no travel time leads to the restaurant or from it to the door
    ALL_FORBIDDEN = "all_forbidden"  # everybody who could has declined or is excluded
    NOBODY_SUITED = "nobody_suited"  # nobody on shift has the bag, the room, the permission or the zone for it
    BY_HAND = "by_hand"  # planned and due, but dispatchers assign by hand
    BAD_NUMBERS = "bad_numbers"  # a place or a time is not a finite number


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that no sent route holds; with a plan, who is meant to fetch it and when she should leave."""

    reason: Reason
    deliverer: str | None = None
    leaves_at: float | None = None
