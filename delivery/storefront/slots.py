"""When food may be wanted: quarters of an hour on the city's clocks, within opening hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_skeleton
from django.utils.translation import gettext

from delivery.ground import clock
from delivery.ground.templatetags.measures import language
from restaurants import hours
from restaurants.models import Restaurant

STEP: Final = timedelta(minutes=15)
AHEAD: Final = timedelta(days=3)  # city time


@dataclass(frozen=True, slots=True)
class Day:
    """`times`: (instant in RFC 3339, what the city's clocks show)."""

    name: str
    times: Sequence[tuple[str, str]]


def days_for(shop: Restaurant, soonest: timedelta, now: datetime) -> list[Day]:
    """The days and times for which `shop` takes an order now. `soonest`: city time from the stove to the door."""
    today = clock.shown(shop.city, now).date()
    days: dict[str, list[tuple[str, str]]] = {}
    for shown in _open_quarters(shop, clock.shown(shop.city, now) + soonest, clock.shown(shop.city, now) + AHEAD):
        name = gettext("Today") if shown.date() == today else format_skeleton("MMMEd", shown, locale=language())
        days.setdefault(name, []).append((clock.utc_text(clock.real(shop.city, shown)), f"{shown:%H:%M}"))
    return [Day(name, times) for name, times in days.items()]


def _open_quarters(shop: Restaurant, start: datetime, end: datetime) -> Iterator[datetime]:
    """Wanted times at which the kitchen is open: the one rule is the restaurant's opening hours."""
    opening = hours.parsed(shop.opening_hours)
    at = start.replace(second=0, microsecond=0) + (STEP - timedelta(minutes=start.minute) % STEP)
    while at < end:
        if opening.is_open(at):
            yield at
            at += STEP
        else:
            opens = opening.next_change(at)
            if opens is None:
                return
            at = max(at + STEP, opens + (-timedelta(minutes=opens.minute) % STEP))
