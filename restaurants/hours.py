"""Opening hours: OpenStreetMap expressions, read in city time.

Format: https://wiki.openstreetmap.org/wiki/Key:opening_hours. Only "open" is open: "unknown" counts as closed.
"""

from datetime import datetime
from functools import lru_cache

from opening_hours import OpeningHours, validate

from delivery.ground import clock
from restaurants.errors import BadOpeningHours


@lru_cache(maxsize=4096)
def parsed(expression: str) -> OpeningHours:
    """The parsed expression. Raises BadOpeningHours."""
    if not validate(expression):
        raise BadOpeningHours(expression)
    return OpeningHours(expression)


def is_open(expression: str, city: clock.Timed, at: datetime) -> bool:
    """Whether the expression is open at the real instant `at`."""
    return bool(parsed(expression).is_open(clock.shown(city, at)))


def opens_at(expression: str, city: clock.Timed, at: datetime) -> datetime | None:
    """The real instant of the next opening after `at`; None when there is none.

    A closed expression may change to "unknown" first, so changes are followed until one opens.
    """
    hours = parsed(expression)
    shown: datetime | None = clock.shown(city, at)
    for _ in range(10):
        shown = hours.next_change(shown)
        if shown is None:
            return None
        if hours.is_open(shown):
            return clock.real(city, shown)
    return None


def closes_at(expression: str, city: clock.Timed, at: datetime) -> datetime | None:
    """The real instant at which an expression that is open at `at` closes; None when it never does."""
    hours = parsed(expression)
    shown: datetime | None = clock.shown(city, at)
    for _ in range(10):
        shown = hours.next_change(shown)
        if shown is None:
            return None
        if not hours.is_open(shown):
            return clock.real(city, shown)
    return None
