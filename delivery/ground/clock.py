"""Time: instants are real UTC; a place may run its clock faster than the world (replay, training).

Every duration of the trade enters a row through `after(place, duration)`; transport times are real.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Timed(Protocol):
    """A place with a clock: local seconds per real second, and the pair of instants where both agree."""

    time_rate: float
    clock_started_at: datetime
    clock_shows_at: datetime
    timezone: str


def now() -> datetime:
    """The real instant, UTC."""
    return datetime.now(UTC)


def after(place: Timed, duration: timedelta, *, since: datetime | None = None) -> datetime:
    """The real instant at which `duration` of the place's own time has passed since `since` (default: now)."""
    return (since or now()) + duration / place.time_rate


def shown(place: Timed, instant: datetime) -> datetime:
    """What the clocks of the place show at a real instant, in its time zone."""
    passed = (instant - place.clock_started_at) * place.time_rate
    return (place.clock_shows_at + passed).astimezone(ZoneInfo(place.timezone))


def real(place: Timed, shows_at: datetime) -> datetime:
    """The real instant at which the clocks of the place show `shows_at`; inverse of `shown`."""
    return place.clock_started_at + (shows_at - place.clock_shows_at) / place.time_rate


def between(place: Timed, start: datetime, end: datetime) -> timedelta:
    """The duration in the place's own time between two real instants."""
    return (end - start) * place.time_rate


def utc_text(instant: datetime) -> str:
    """RFC 3339 in UTC, as all JSON of the platform writes instants."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
