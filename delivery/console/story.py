"""The life of an order in sentences: each fact, decision, movement of money and sheet of paper on its line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from delivery.console import words
from delivery.console.life import Moment
from delivery.console.who import names_of
from delivery.ground import clock
from delivery.ground.templatetags.measures import language
from delivery.orders.models import Order
from dispatch.fleet.models import Deliverer

DESK: Final = ("Decided", "Waits")  # what only those who look after the city are told
MONEY: Final = ("Ledger", "Tender")  # stands in its own table


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story. `why`: numbers or words behind it, label and value."""

    at: datetime
    tone: str
    icon: str
    text: str
    by: str
    why: Sequence[tuple[str, str]] = ()


FACTS: Final[Mapping[str, tuple[str, str, Promise]]] = {
    "OrderPlaced": ("brass", "bell", _("Placed and paid for")),
    "AnswerTimeMoved": ("ash", "clock", _("An outage of ours: the restaurant has longer to answer")),
    "OrderAccepted": ("enamel", "check", _("Accepted, announced for %(from)s–%(until)s")),
    "OrderRejected": ("plum", "x-circle", _("Refused: %(reason)s")),
    "OrderExpired": ("plum", "hourglass", _("Nobody answered in time")),
    "CookingStarted": ("enamel", "flame", _("Cooking starts, the tickets go to the printers")),
    "OrderDelayed": ("brass", "clock", _("Later: now announced until %(until)s")),
    "OrderReady": ("basil", "bag-check", _("Ready")),
    "OrderPickedUp": ("sea", "bike", _("The bag has left the restaurant")),
    "OrderDelivered": ("basil", "home", _("The bag is with the customer")),
    "OrderCancelled": ("ash", "x-circle", _("Cancelled: %(reason)s")),
    "OrderRefunded": ("plum", "undo", _("Refunded: %(reason)s")),
    "OrderFailed": ("tomato", "alert", _("Did not arrive: %(reason)s")),
    "RoutePlanned": ("ash", "route", _("A route is planned")),
    "RouteAssigned": ("sea", "route", _("%(courier)s takes the route")),
    "RouteChanged": ("ash", "route", _("The route has changed")),
    "RouteWithdrawn": ("ash", "undo", _("The route is taken back")),
    "RouteDone": ("basil", "check", _("%(courier)s has finished the route")),
    "StopArrived": ("sea", "pin", _("%(courier)s has arrived")),
    "StopCompleted": ("sea", "check", _("%(courier)s has done the stop: %(stop)s")),
    "StopFailed": ("tomato", "alert", _("The stop came to nothing: %(reason)s")),
    "OfferMade": ("ash", "phone", _("Offered to %(courier)s")),
    "OfferAccepted": ("sea", "check", _("%(courier)s accepts the offer")),
    "OfferDeclined": ("ash", "x", _("%(courier)s declines the offer")),
    "OfferExpired": ("ash", "hourglass", _("%(courier)s did not answer the offer")),
    "OfferProlonged": ("ash", "clock", _("An outage of ours: %(courier)s has longer to answer")),
    "OfferWithdrawn": ("ash", "undo", _("The offer to %(courier)s is taken back")),
    "Decided": ("ash", "info", _("Chosen: %(courier)s")),
    "Waits": ("brass", "hourglass", _("Waits for a courier: %(waits)s")),
    "Print job": ("ash", "printer", _("Ticket for %(station)s on %(printer)s: %(state)s")),
    "Print attempt": ("ash", "printer", _("Try %(attempt)s on %(printer)s: %(verdict)s")),
}
STOPS: Final[Mapping[str, Promise]] = {"pickup": _("pickup"), "dropoff": _("dropoff")}
WAITS: Final[Mapping[str, Promise]] = {
    "not_yet": _("planned, would only wait at the restaurant"),
    "after_others": _("planned behind other stops"),
    "later": _("ready later"),
    "no_deliverer": _("nobody is on shift"),
    "shifts_end": _("shifts end too early"),
    "no_way": _("no way leads there"),
    "all_forbidden": _("everybody said no"),
    "bad_numbers": _("its place or time is not a number"),
}
TERMS: Final[Mapping[str, Promise]] = {
    "approach_min": _("Way to the restaurant"),
    "idle_min": _("The courier waits for the food"),
    "food_waits_min": _("The food waits for the courier"),
    "click_to_door_min": _("From click to door"),
    "over_target_min": _("Longer than wanted"),
}
VERDICTS: Final[Mapping[str, Promise]] = {
    "printed": _("on paper"),
    "assumed": _("sent, not confirmed by this kind of printer"),
    "unconfirmed": _("nobody knows"),
    "failed_clean": _("nothing was sent"),
    "": _("under way"),
}


def story_of(order: Order, moments: Iterable[Moment], *, with_desk: bool) -> list[Line]:
    """The moments as sentences, the oldest first; without the desk's reasons unless `with_desk`."""
    told = [moment for moment in moments if _is_told(moment, with_desk=with_desk)]
    names = names_of(moment.by for moment in told)
    couriers = _couriers(moment.detail.get("deliverer_id") for moment in told)
    return [_line(order, moment, names[moment.by], couriers) for moment in told]


def _is_told(moment: Moment, *, with_desk: bool) -> bool:
    kind = moment.what.partition(":")[0]
    return kind not in MONEY and (with_desk or kind not in DESK)


def _couriers(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {pk for pk in ids if pk is not None}
    return dict(Deliverer.objects.filter(pk__in=wanted).values_list("pk", "account__name"))


def _line(order: Order, moment: Moment, by: str, couriers: Mapping[int, str]) -> Line:
    kind = moment.what.partition(":")[0]
    detail = moment.detail
    tone, icon, sentence = FACTS.get(kind, ("ash", "info", kind))
    values: dict[str, Callable[[], str]] = {
        "courier": lambda: (
            couriers.get(detail.get("deliverer_id") or 0) or detail.get("deliverer") or gettext("nobody")
        ),
        "reason": lambda: words.reason(detail.get("reason", "")),
        "from": lambda: _time(order, detail.get("promised_from")),
        "until": lambda: _time(order, detail.get("promised_until")),
        "stop": lambda: str(STOPS.get(detail.get("stop_kind", ""), "")),
        "waits": lambda: str(WAITS.get(detail["waits_because"], detail["waits_because"])),
        "station": lambda: detail.get("station") or gettext("the kitchen"),
        "printer": lambda: detail.get("printer", ""),
        "state": lambda: str(words.paper_state(detail.get("state", "")).words),
        "attempt": lambda: str(detail.get("attempt", "")),
        "verdict": lambda: str(VERDICTS.get(detail.get("verdict", ""), detail.get("verdict", ""))),
    }
    text = str(sentence)
    said = {name: value() for name, value in values.items() if f"%({name})s" in text}
    return Line(moment.at, tone, icon, text % said, by, _why(detail) if kind == "Decided" else ())


def _time(order: Order, instant: str | None) -> str:
    return f"{clock.shown(order.city, datetime.fromisoformat(instant)):%H:%M}" if instant else ""


def _why(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    terms = detail.get("terms") or {}
    return [
        (str(label), f"{format_decimal(round(terms[name], 1), locale=language())} min")
        for name, label in TERMS.items()
        if isinstance(terms.get(name), int | float)
    ]
