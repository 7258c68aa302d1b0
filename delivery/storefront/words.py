"""The storefront's words: for refusals by their code, for the time until the door."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from babel.dates import format_skeleton
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import Lever, Zone
from delivery.ground import clock, money
from delivery.ground.errors import Problem
from delivery.ground.templatetags.measures import language

REFUSALS: Mapping[str, Promise] = {
    "address_outside_zones": _("Nobody delivers to this address yet."),
    "unknown_restaurant": _("This restaurant is no longer on Passeplat."),
    "unknown_product": _("Something in your basket is no longer on the menu. Take it out to go on."),
    "unknown_option": _("Something that you chose is no longer offered. Choose again to go on."),
    "choice_incomplete": _("A dish in your basket asks for a choice. Make it to go on."),
    "two_restaurants": _("An order comes from one restaurant. Empty the basket and choose again."),
    "sold_out": _("Something in your basket is sold out. Take it out to go on."),
    "below_minimum": _("The basket is below the restaurant's minimum order."),
    "total_too_large": _("This order is larger than we can take. Take something out to go on."),
    "restaurant_closed": _("The restaurant is closed now. Your basket stays as it is."),
    "restaurant_paused": _("The restaurant takes no orders for a while. Your basket stays as it is."),
    "zone_paused": _("Nothing is delivered to your address for a while. Your basket stays as it is."),
    "out_of_reach": _("For a while this restaurant delivers only nearby. Your basket stays as it is."),
    "zone_full": _("So many orders are under way there that no more are taken. Try again in a few minutes."),
    "price_changed": _("The price has changed. Nothing was charged; these are the prices of now."),
    "quote_expired": _("The ten minutes were over. Nothing was charged; these are the prices of now."),
    "payment_refused": _("The payment was refused and nothing was charged. Choose another way to pay."),
    "in_progress": _("Your order is being placed. Wait a moment, then press again: it stays one order."),
    "key_reused": _("This page is too old. Nothing was charged; look it over and press again."),
    "idempotency_key_missing": _("This page is too old. Nothing was charged; look it over and press again."),
    "too_late": _("The kitchen has begun: the order can no longer be called off."),
    "illegal_transition": _("The order can no longer be called off."),
    "version_conflict": _("The order has moved on meanwhile: this is how it stands now."),
    "phone_invalid": _("This is not a phone number with its country code."),
}
STEP_MINUTES = 5
NOON, EVENING = 12, 18


def refusal(problem: Problem) -> str:
    """What a customer reads about a refusal: our words for its code, else its own title."""
    words = REFUSALS.get(problem.code)
    return str(words) if words else gettext(problem.title)


def when(place: clock.Timed, instant: datetime, now: datetime) -> str:
    """An instant to come on the clocks of the place, with its day unless that is today: "07:00", "Tue 07:00"."""
    shown, today = clock.shown(place, instant), clock.shown(place, now)
    skeleton = "Hm" if shown.date() == today.date() else "EHm"
    return format_skeleton(skeleton, shown, locale=language())


def rush(zone: Zone, now: datetime) -> str:
    """What a rush costs whoever orders now, told before anything is chosen; nothing without one."""
    if not zone.rush:
        return ""
    until = max(lever.until for lever in zone.levers if lever.kind == Lever.Kind.RUSH)
    told = {
        "minutes": int(zone.rush.total_seconds() // 60),
        "until": when(zone.city, until, now),
        "fee": money.show(zone.delivery_fee - zone.fee, zone.city.currency, language()),
    }
    if zone.delivery_fee > zone.fee:
        words = gettext("Very busy here until %(until)s: allow %(minutes)s minutes more; delivery costs %(fee)s more.")
        return words % told
    return gettext("Very busy here until %(until)s: allow %(minutes)s minutes more.") % told


def greeting(place: clock.Timed, now: datetime) -> str:
    """By the clocks of the place."""
    hour = clock.shown(place, now).hour
    if hour < NOON:
        return gettext("Good morning. What are you hungry for?")
    if hour < EVENING:
        return gettext("Good afternoon. What are you hungry for?")
    return gettext("Good evening. What are you hungry for?")


def minutes_range(soonest: timedelta, latest: timedelta) -> str:
    """City time from now, in steps of five minutes: "25–40 min"."""
    low, high = (step_up(each) for each in (soonest, latest))
    return gettext("%(low)s–%(high)s min") % {"low": low, "high": high}


def one_line(text: str, most: int) -> str:
    """What somebody typed, without what no line holds: a NUL, for one, fits into no text of the database."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:most]


def rule_of(fewest: int, most: int) -> str:
    """How many answers a choice takes."""
    if fewest == most:
        return ngettext("Choose %(count)s", "Choose %(count)s", most) % {"count": most}
    if fewest == 0:
        return ngettext("Up to %(count)s, if you like", "Up to %(count)s, if you like", most) % {"count": most}
    return gettext("Choose %(fewest)s to %(most)s") % {"fewest": fewest, "most": most}


def items(count: int) -> str:
    return ngettext("%(count)s item", "%(count)s items", count) % {"count": count}


def step_up(duration: timedelta) -> int:
    """Minutes, rounded up to the step in which times are told."""
    return math.ceil(duration.total_seconds() / 60 / STEP_MINUTES) * STEP_MINUTES
