"""What the lobby and the kitchen show of an open order: its state in colour, drawing and word, its paper, its bag."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from delivery.ground import clock
from delivery.orders.models import Order
from delivery.orders.selectors import open_orders
from delivery.orders.transitions import Status
from dispatch.models import Stop
from dispatch.selectors import pickups_under_way
from printing.models import Printer
from printing.selectors import Paper, papers_of, printers_at
from restaurants.models import Restaurant

HURRY = timedelta(minutes=3)  # city time before the food is due


class Shown(NamedTuple):
    """A state as people see it: never a colour alone."""

    tone: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """An open order. `left`: city time until the food is due, negative when it is late; None without an estimate."""

    order: Order
    papers: Sequence[Paper]
    pickup: Stop | None
    left: timedelta | None

    @property
    def id(self) -> str:
        return str(self.order.public_id)

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < timedelta() and self.order.status in ("accepted", "preparing")

    @property
    def minutes(self) -> int:
        """Whole minutes until the food is due, or since."""
        return int(abs(self.left or timedelta()).total_seconds() // 60)

    @property
    def state(self) -> Shown:
        """How the cooking stands."""
        order = self.order
        if order.status == Status.ACCEPTED:
            starts = clock.shown(order.city, order.cook_at or order.placed_at)
            return Shown("ash", "calendar", _("Starts at %(time)s") % {"time": f"{starts:%H:%M}"})
        if order.status == Status.READY:
            return Shown("basil", "bag-check", _("Ready"))
        if order.status == Status.PICKED_UP:
            return Shown("sea", "bike", _("On the way"))
        if self.is_late:
            late = ngettext("%(n)s minute late", "%(n)s minutes late", self.minutes) % {"n": self.minutes}
            return Shown("tomato", "alert", late)
        if self.left is not None and self.left <= HURRY:
            return Shown("brass", "clock", _("Hurry, %(n)s min") % {"n": self.minutes})
        return Shown("enamel", "flame", _("Cooking, %(n)s min") % {"n": self.minutes})

    @property
    def paper(self) -> Shown | None:
        """The worst of its tickets; None before there is one."""
        if not self.papers:
            return None
        trouble = next((paper for paper in self.papers if paper.is_in_trouble), None)
        if trouble is not None:
            return Shown("tomato", "paper-out", _("Not on paper: %(why)s") % {"why": why_not(trouble)})
        if all(paper.is_there for paper in self.papers):
            return Shown("basil", "printer", _("On paper"))
        return Shown("ash", "printer", _("Printing"))

    @property
    def deliverer(self) -> str:
        """First name of who fetches it."""
        return first_name(self.pickup) if self.pickup else ""

    @property
    def is_waited_for(self) -> bool:
        return self.pickup is not None and self.pickup.status == Stop.Status.ARRIVED


def cards_of(restaurant: Restaurant, now: datetime) -> list[Card]:
    """The open orders of a restaurant, oldest first; a fixed number of queries."""
    orders = list(open_orders(restaurant=restaurant))
    ids = [order.pk for order in orders]
    papers, pickups = papers_of(ids), pickups_under_way(ids)
    return [
        Card(order, papers.get(order.pk, ()), pickups.get(order.pk), _left(order, restaurant, now)) for order in orders
    ]


def _left(order: Order, restaurant: Restaurant, now: datetime) -> timedelta | None:
    return clock.between(restaurant.city, now, order.ready_eta) if order.ready_eta else None


def first_name(stop: Stop) -> str:
    if stop.route is None or stop.route.deliverer is None:
        return ""
    return stop.route.deliverer.account.name.split(" ")[0] or _("courier")


WHY_NOT = {
    "expired": gettext_lazy("too old to print"),
    "unconfirmed": gettext_lazy("nobody knows if it came out"),
}


def why_not(paper: Paper) -> str:
    """What keeps a ticket from its paper, in words."""
    if paper.job is None:
        return _("no printer for %(station)s") % {"station": paper.station}
    if paper.job.state in WHY_NOT:
        return str(WHY_NOT[paper.job.state])
    printer = paper.job.printer
    if printer.is_paused:
        return _("%(printer)s is paused") % {"printer": printer.name}
    if printer.state == Printer.State.READY:
        return _("it takes too long")
    return _("%(printer)s: %(state)s") % {"printer": printer.name, "state": printer.get_state_display()}


def health_of(restaurant: Restaurant) -> list[tuple[Printer, Shown]]:
    """Each printer of the restaurant and how it is."""
    return [(printer, _health(printer)) for printer in printers_at(restaurant.pk)]


def _health(printer: Printer) -> Shown:
    if printer.is_paused:
        return Shown("plum", "pause", _("paused"))
    words = str(printer.get_state_display())
    if printer.state == Printer.State.READY:
        return Shown("basil", "printer", words)
    if printer.state == Printer.State.UNKNOWN:
        return Shown("ash", "printer", words)
    return Shown("tomato", "paper-out", words)
