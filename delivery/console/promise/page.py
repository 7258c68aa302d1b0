"""`/console/promise/`: today's promise of one city, beside its last fourteen days, drawn and as tables."""

import json
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from babel.dates import format_skeleton
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise as Words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from delivery.cities.models import City
from delivery.console.page import draw
from delivery.console.promise.counted import Cause, Comparison
from delivery.console.promise.rows import compare
from delivery.console.scope import cities_of
from delivery.ground import clock
from delivery.ground.forms import PageRequest
from delivery.ground.ids import public_id_in
from delivery.ground.plots import Number, Plot, Series
from delivery.ground.templatetags.measures import language

CAUSES: Final[Mapping[Cause, tuple[Words, str]]] = {
    Cause.ANSWER: (gettext_lazy("Counter answered late"), "brass"),
    Cause.KITCHEN: (gettext_lazy("Kitchen late"), "tomato"),
    Cause.COURIER: (gettext_lazy("Waited for a courier"), "plum"),
    Cause.RIDE: (gettext_lazy("Long ride"), "sea"),
}


@require_safe
def promise(request: PageRequest) -> HttpResponse:
    """`city`: a public id, the first of the actor's without one."""
    cities = list(cities_of(request.actor))
    return draw(request, "promise", {"cities": cities, **_context(request, cities)}, here="console_promise")


@require_safe
def promise_now(request: PageRequest) -> HttpResponse:
    """The numbers alone, asked for every few seconds by static/console.js."""
    response = render(request, "console/promise_now.html", _context(request, list(cities_of(request.actor))))
    response["Cache-Control"] = "private, no-store"
    return response


def _context(request: PageRequest, cities: list[City]) -> dict[str, Any]:
    wanted = public_id_in(request.GET.get("city", ""))
    city = next((city for city in cities if city.public_id == wanted), cities[0] if cities else None)
    if city is None:
        return {"city": None}
    now = clock.now()
    found = compare(city, now)
    return {
        "city": city,
        "now": now,
        "found": found,
        "today": found.today,
        "usual": found.usual,
        "usually": found.usual_until_now,
        "worst": CAUSES[found.today.worst][0] if found.today.worst else "",
        "plots": [(title, plot, _digest(plot)) for title, plot in _plots(found, clock.shown(city, now).date())],
    }


def _plots(found: Comparison, today: date) -> list[tuple[str, Plot]]:
    days = [*((day.date, day.whole) for day in found.before), (today, found.today)]
    places = [_day(day) for day, _counted in days]
    counted = [each for _day, each in days]

    def over_days(read: Any) -> list[Number]:
        return [_rounded(read(each)) for each in counted]

    orders = [
        Series(_("In time"), over_days(lambda each: each.in_time), "basil", kind="bars"),
        Series(_("Late"), over_days(lambda each: each.delivered - each.in_time), "tomato", kind="bars"),
        Series(_("Not delivered"), over_days(lambda each: each.orders - each.delivered), "ash", kind="bars"),
    ]
    causes = [
        Series(str(words), over_days(lambda each, cause=cause: each.lost(cause)), tone, kind="bars")
        for cause, (words, tone) in CAUSES.items()
    ]
    usual = _rounded(found.usual.lost_in_all)
    causes.append(Series(_("Usual"), [usual] * len(days), "ash", dashed=True))
    share = [
        Series(_("Of what was delivered"), over_days(lambda each: each.in_time_share), "enamel"),
        Series(_("Usual"), [_rounded(found.usual.in_time_share)] * len(days), "ash", dashed=True),
    ]
    trouble = [
        Series(_("Not on paper in time"), over_days(lambda each: each.overdue), "tomato", kind="bars"),
        Series(_("Not confirmed"), over_days(lambda each: each.unconfirmed), "brass", kind="bars"),
        Series(_("Copies"), over_days(lambda each: each.copies), "sea", kind="bars"),
        Series(_("Alarms"), over_days(lambda each: each.alarms), "plum"),
    ]
    return [
        (_("Orders"), Plot(places, orders, stacked=True)),
        (_("In time, per cent"), Plot(places, share, unit="%")),
        (_("Minutes lost per order, by cause"), Plot(places, causes, unit="min", stacked=True)),
        (_("Tickets with trouble, and alarms"), Plot(places, trouble, stacked=True)),
    ]


def _rounded(number: float | None) -> Number:
    return None if number is None else round(number, 1)


def _day(day: date) -> str:
    return format_skeleton("MMMd", day, locale=language())


def _digest(plot: Plot) -> int:
    """The same as long as the drawing is: the page leaves it alone then."""
    return zlib.crc32(json.dumps(plot.for_script()).encode())
