"""The office's words for codes: states of orders and tickets, questions of alarms, who did something."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from delivery.orders.transitions import Status
from dispatch.desk.models import Alarm


class Shown(NamedTuple):
    """A state as people see it: never a colour alone."""

    tone: str
    icon: str
    words: Promise | str


ORDER: Final[Mapping[str, Shown]] = {
    Status.PLACED: Shown("brass", "bell", _("To answer")),
    Status.ACCEPTED: Shown("enamel", "calendar", _("Accepted")),
    Status.PREPARING: Shown("enamel", "flame", _("Cooking")),
    Status.READY: Shown("basil", "bag-check", _("Ready")),
    Status.PICKED_UP: Shown("sea", "bike", _("On the way")),
    Status.DELIVERED: Shown("basil", "check", _("Delivered to the customer")),
    Status.REJECTED: Shown("plum", "x-circle", _("Refused")),
    Status.EXPIRED: Shown("plum", "hourglass", _("Not answered")),
    Status.CANCELLED: Shown("ash", "x-circle", _("Cancelled")),
    Status.FAILED: Shown("tomato", "alert", _("Did not arrive")),
}
PAPER: Final[Mapping[str, Shown]] = {
    "queued": Shown("ash", "printer", _("Waits")),
    "blocked": Shown("tomato", "paper-out", _("Waits for the printer")),
    "sending": Shown("enamel", "printer", _("Printing")),
    "printed": Shown("basil", "check", _("On paper")),
    "assumed": Shown("basil", "check", _("Sent")),
    "unconfirmed": Shown("tomato", "alert", _("Not confirmed")),
    "superseded": Shown("ash", "repeat", _("Printed again, marked")),
    "expired": Shown("plum", "hourglass", _("Too old")),
    "cancelled": Shown("ash", "x-circle", _("Cancelled")),
}
TENDER: Final[Mapping[str, Shown]] = {
    "started": Shown("ash", "clock", _("Begun")),
    "authorized": Shown("brass", "lock", _("Reserved")),
    "captured": Shown("basil", "check", _("Paid")),
    "refunded": Shown("plum", "undo", _("Given back")),
    "voided": Shown("ash", "undo", _("Released")),
    "failed": Shown("tomato", "alert", _("Refused")),
}
PRINTER: Final[Mapping[str, Shown]] = {
    "unknown": Shown("ash", "clock", _("Not seen yet")),
    "ready": Shown("basil", "check", _("Ready")),
    "paper": Shown("tomato", "paper-out", _("Paper is out")),
    "cover": Shown("tomato", "alert", _("The cover is open")),
    "offline": Shown("tomato", "cloud-off", _("Does not answer")),
    "fault": Shown("tomato", "alert", _("Fault")),
}
REASONS: Final[Mapping[str, Promise]] = {
    "busy": _("Too busy"),
    "sold_out": _("Something is sold out"),
    "closing": _("We are closing"),
    "other": _("Another reason"),
    "not_answered": _("Nobody answered in time"),
    "customer": _("The customer called it off"),
    "not_ready": _("the food was not ready"),
    "closed": _("the restaurant was closed"),
    "no_bag": _("the bag was not there"),
    "nobody": _("nobody opened"),
    "wrong_address": _("the address was wrong"),
    "refused": _("the customer did not want it"),
    "damaged": _("the food was damaged"),
    "missing": _("something is missing"),
    "wrong": _("it is not what was ordered"),
    "late": _("it came too late"),
    "goodwill": _("goodwill"),
}
# Why the money of a delivered order goes back, and who may bear it.
REFUND_REASONS: Final = tuple((code, REASONS[code]) for code in ("missing", "wrong", "damaged", "late", "goodwill"))
REFUND_BEARERS: Final = (("platform", _("Passeplat")), ("restaurant", _("The restaurant")))


def order_state(status: str) -> Shown:
    return ORDER.get(status) or _plain(status)


def paper_state(state: str) -> Shown:
    return PAPER.get(state) or _plain(state)


def tender_state(state: str) -> Shown:
    return TENDER.get(state) or _plain(state)


def reason(code: str) -> str:
    """Why, in words where there are any."""
    return str(REASONS.get(code) or code.replace("_", " "))


def question(alarm: Alarm) -> str:
    """What an alarm asks, as a sentence."""
    number = alarm.detail.get("number", "")
    sentences = {
        "ticket_overdue": gettext("A ticket is not on paper"),
        "tickets_unrouted": gettext("A kitchen has no printer"),
        "order_without_deliverer": gettext("Nobody carries %(number)s") % {"number": number},
        "stop_failed": gettext("A visit for %(number)s came to nothing") % {"number": number},
        "parked": gettext("A fact was set aside: it cannot be carried on"),
        "delayed": gettext("A fact is late: it is tried again"),
    }
    return sentences.get(alarm.kind) or alarm.kind.replace("_", " ").capitalize()


def _plain(code: str) -> Shown:
    return Shown("ash", "info", code.replace("_", " ").capitalize())
