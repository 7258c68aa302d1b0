"""`{% load workday %}`: days and hours of work, as people of the page's language write them."""

from datetime import datetime, timedelta

from babel.dates import format_skeleton
from django import template

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.templatetags.measures import language

register = template.Library()


@register.filter
def hours(duration: timedelta) -> str:
    """Worked time: "3:05"."""
    minutes = int(duration.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


@register.filter
def weekday(instant: datetime, city: City) -> str:
    """The day that the calendars of the city show: "Mon, 23 Nov"."""
    return format_skeleton("MMMEd", clock.shown(city, instant), locale=language())
