"""`{% load measures %}`: instants, durations, money and distances as people of the page's language write them."""

from datetime import datetime, timedelta

from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from delivery.ground import clock
from delivery.ground import money as amounts

register = template.Library()


@register.filter
def shown(instant: datetime | None, place: clock.Timed) -> str:
    """What the clocks of the place show at the instant: "19:28"; nothing for no instant."""
    return format_time(clock.shown(place, instant), "HH:mm", locale=language()) if instant else ""


@register.filter
def day_time(instant: datetime, place: clock.Timed) -> str:
    """Day and time on the clocks of the place: "Tue 19:30"."""
    return format_skeleton("EHm", clock.shown(place, instant), locale=language())


@register.filter
def shown_soon(instant: datetime | None, place: clock.Timed) -> str:
    """What the clocks of the place will show, with the day when it is not today's: "22:52", "Tue 05:00"."""
    if instant is None:
        return ""
    is_today = clock.shown(place, instant).date() == clock.shown(place, clock.now()).date()
    return shown(instant, place) if is_today else day_time(instant, place)


@register.filter
def unix_ms(instant: datetime | None) -> str:
    """The instant as scripts compare it."""
    return str(round(instant.timestamp() * 1000)) if instant else ""


@register.filter
def minutes(duration: timedelta) -> int:
    """Whole minutes, rounded down: -3 when it is over since two minutes and a second."""
    return int(duration.total_seconds() // 60)


@register.filter
def number(value: float) -> str:
    """With at most one figure behind the point: "1,204", "12.5"."""
    return format_decimal(value, "#,##0.#", locale=language())


@register.filter
def money(amount: int, currency: str) -> str:
    """Minor units of a currency: "€9.80", "9,80 €"."""
    return amounts.show(amount, currency, language())


@register.filter
def distance(metres: float) -> str:
    """A way to go: "850 m", "3.1 km"."""
    if metres < 1000:
        return _("%(metres)s m") % {"metres": round(metres / 10) * 10}
    return _("%(kilometres)s km") % {"kilometres": format_decimal(metres / 1000, "0.0", locale=language())}


def language() -> str:
    """The language of the page, as Babel names it."""
    return (get_language() or "en").replace("-", "_")
