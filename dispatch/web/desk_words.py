"""What the control room calls the codes of alarms, waiting and failures."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.desk.models import Alarm
from dispatch.engine.reasons import Reason

WAITS: Final[Mapping[str, Promise]] = {
    Reason.NOT_YET: gettext_lazy("planned, would only wait at the restaurant"),
    Reason.AFTER_OTHERS: gettext_lazy("planned behind other stops"),
    Reason.LATER: gettext_lazy("ready later"),
    Reason.NO_DELIVERER: gettext_lazy("nobody is on shift"),
    Reason.SHIFTS_END: gettext_lazy("shifts end too early"),
    Reason.NO_WAY: gettext_lazy("no way leads there"),
    Reason.ALL_FORBIDDEN: gettext_lazy("everybody said no"),
    Reason.BAD_NUMBERS: gettext_lazy("its place or time is not a number"),
}
FAILED: Final[Mapping[str, Promise]] = {
    "not_ready": gettext_lazy("the food was not ready"),
    "closed": gettext_lazy("the restaurant was closed"),
    "no_bag": gettext_lazy("the bag was not there"),
    "nobody": gettext_lazy("nobody opened"),
    "wrong_address": gettext_lazy("the address was wrong"),
    "refused": gettext_lazy("the customer did not want it"),
    "damaged": gettext_lazy("the food was damaged"),
    "late": gettext_lazy("it takes too long"),
    "address": gettext_lazy("the address is wrong"),
    "change": gettext_lazy("the customer wants to change something"),
    "not_here": gettext_lazy("it never came"),
    "missing": gettext_lazy("something is missing"),
    "wrong": gettext_lazy("it is not what was ordered"),
    "accident": gettext_lazy("an accident, or somebody is hurt"),
    "unsafe": gettext_lazy("does not feel safe"),
    "vehicle": gettext_lazy("the vehicle has broken down"),
    "other": gettext_lazy("something else"),
}
CLOSE_REASONS: Final = (
    ("solved", gettext_lazy("Solved")),
    ("called", gettext_lazy("Called, they know")),
    ("not_needed", gettext_lazy("Nothing to do")),
)


def question_of(alarm: Alarm) -> str:
    """The alarm as a sentence."""
    number = alarm.detail.get("number", "")
    sentences = {
        "ticket_overdue": _("A ticket is not on paper"),
        "tickets_unrouted": _("A kitchen has no printer"),
        "order_without_deliverer": _("Nobody carries %(number)s") % {"number": number},
        "wrong_pins": _("Five wrong codes at the door of %(number)s") % {"number": number},
        "deliverer_asks": _("A courier asks you to call"),
        "stop_failed": _("A visit for %(number)s came to nothing") % {"number": number},
        "customer_asks": _("The customer of %(number)s asks for a call") % {"number": number},
        "order_unheard": _("Nobody hears %(number)s at the counter") % {"number": number},
        "parked": _("A fact was set aside: it cannot be carried on"),
        "delayed": _("A fact is late: it is tried again"),
    }
    return sentences.get(alarm.kind, alarm.kind.replace("_", " "))


def detail_of(alarm: Alarm) -> str:
    """Why, in words where there are any; the facts of the machine as they are."""
    detail: Mapping[str, Any] = alarm.detail
    if "why" in detail:
        return str(WAITS.get(detail["why"], detail["why"]))
    if "reason" in detail:
        return str(FAILED.get(detail["reason"], detail["reason"]))
    return ", ".join(str(detail[key]) for key in ("restaurant", "state", "orders", "what", "error") if key in detail)
