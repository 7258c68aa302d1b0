"""`{% load office %}`: days, durations and figures as the office reads them."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_interval, format_skeleton
from babel.numbers import format_decimal, format_percent
from django import template

from delivery.ground import clock, money
from delivery.ground.templatetags.measures import language

register = template.Library()


@register.filter
def stamp(instant: datetime | None, place: clock.Timed) -> str:
    """Day and time on the clocks of the place: "22 Nov, 20:41"; nothing for no instant."""
    if instant is None:
        return ""
    shown = clock.shown(place, instant)
    return f"{format_skeleton('MMMd', shown, locale=language())}, {shown:%H:%M}"


@register.filter
def figure(number: float) -> str:
    """A number with the separators of the language: "1 240"."""
    return format_decimal(number, locale=language())


@register.filter
def percent(share: int) -> str:
    """Whole per cent: "92%", "92 %"."""
    return format_percent(share / 100, locale=language())


@register.filter
def basis_points(share: int) -> str:
    """Hundredths of a per cent: "19%", "5,5 %"."""
    return format_percent(
        share / 10_000, format="#,##0.##%" if language() == "en" else "#,##0.##\u00a0%", locale=language()
    )


@register.filter
def whole_minutes(duration: timedelta | None) -> int:
    """Rounded minutes of a duration."""
    return round(duration.total_seconds() / 60) if duration else 0


@register.filter
def day_name(day: date) -> str:
    """A day in a list: "Sat, 14 Nov"."""
    return format_skeleton("MMMEd", day, locale=language())


@register.simple_tag
def day_range(first: date, last: date) -> str:
    """Days of a page: "14 – 20 November"."""
    return format_interval(first, last, "MMMMd", locale=language())


@register.filter
def plain_money(amount: int, currency: str) -> str:
    """The amount without its currency, as a column writes it: "1 243,60", "−248.72"."""
    digits = money.exponent(currency)
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return format_decimal(Decimal(amount).scaleb(-digits), pattern, locale=language()).replace("-", "\u2212")


@register.filter
def negative(amount: int) -> int:
    """What is taken away."""
    return -amount
