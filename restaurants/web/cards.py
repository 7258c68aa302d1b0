"""What the lobby and the kitchen show of an open order: its state in colour, drawing and word, its paper, its bag."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from delivery.ground import clock
from delivery.orders.models import Fulfilment, Order, StationWork
from delivery.orders.selectors import open_orders
from delivery.orders.transitions import Status
from delivery.payments.models import Tender
from printing.selectors import Paper, papers_of
from restaurants.models import Restaurant, Station
from restaurants.web.coming import Coming, coming_for
from restaurants.web.health import why_not
from restaurants.web.shown import Shown

HURRY = timedelta(minutes=3)  # city time before the food is due
CLOCK = "%(time)s"
COOKED = (Status.ACCEPTED, Status.PREPARING)
NOT_PAID = (Tender.State.VOIDED, Tender.State.FAILED, Tender.State.REFUNDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An open order, as of `now`. `cash`: minor units to collect; `stations`: where its lines are made."""

    order: Order
    now: datetime
    papers: Sequence[Paper]
    coming: Coming | None
    work: Mapping[str, StationWork]
    stations: Sequence[str]
    cash: int

    @property
    def id(self) -> str:
        return str(self.order.public_id)

    @property
    def left(self) -> timedelta | None:
        """City time until the food is due, negative when it is late; None without an estimate."""
        due_at = self.order.ready_eta
        return clock.between(self.order.city, self.now, due_at) if due_at else None

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < timedelta() and self.order.status in COOKED

    @property
    def dishes(self) -> int:
        return sum(line.quantity for line in self.order.lines.all())

    @property
    def is_cooked(self) -> bool:
        """Every station is through with its share: the bag can be closed."""
        done = {name for name, work in self.work.items() if work.bumped_at is not None}
        return bool(self.stations) and done >= set(self.stations)

    @property
    def is_collected(self) -> bool:
        return self.order.fulfilment == Fulfilment.COLLECTION

    @property
    def is_later(self) -> bool:
        """Accepted for later: the kitchen does not have it yet."""
        return self.order.status == Status.ACCEPTED

    @property
    def state(self) -> Shown:
        """How the cooking stands."""
        order = self.order
        if order.status == Status.ACCEPTED:
            starts = clock.shown(order.city, order.cook_at or order.placed_at)
            return Shown("ash", "calendar", _("Starts at %(time)s") % {"time": f"{starts:%H:%M}"})
        if order.status == Status.READY:
            return self._at_the_counter
        if order.status == Status.PICKED_UP:
            return Shown("sea", "bike", _("On the way"))
        if self.is_late:
            return Shown("tomato", "alert", self._ticking(_("Late by %(time)s"), "age", order.ready_eta))
        if self.is_cooked:
            return Shown("basil", "bag-check", _("Kitchen is done"))
        if self.left is not None and self.left <= HURRY:
            return Shown("brass", "clock", self._ticking(_("Hurry, %(time)s"), "left", order.ready_eta))
        return Shown("enamel", "flame", self._ticking(_("Cooking, %(time)s min"), "minutes", order.ready_eta))

    @property
    def _at_the_counter(self) -> Shown:
        if self.is_waited_for:
            return Shown("basil", "bike", _("Courier is here"))
        return Shown("ash", "clock", self._ticking(_("Waits %(time)s"), "age", self.order.ready_at))

    def _ticking(self, words: str, tick: str, instant: datetime | None) -> SafeString:
        """A state with a clock in it: static/screen.js goes on counting where the server stopped."""
        at = instant or self.now
        apart = clock.between(self.order.city, self.now, at)
        counter = format_html(
            '<span data-tick="{}" data-at="{}" data-rate="{}">{}</span>',
            tick,
            round(at.timestamp() * 1000),
            str(self.order.city.time_rate),
            int(abs(apart).total_seconds() // 60),
        )
        before, _place, behind = words.partition(CLOCK)
        return format_html("{}{}{}", before, counter, behind)

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
    def is_off_paper(self) -> bool:
        return self.paper is not None and self.paper.tone == "tomato"

    @property
    def is_waited_for(self) -> bool:
        return self.coming is not None and self.coming.here_since is not None


def cards_of(restaurant: Restaurant, now: datetime, orders: Iterable[Order] | None = None) -> list[Card]:
    """The open orders of a restaurant (or the ones given), oldest first; a fixed number of queries."""
    found = list(open_orders(restaurant=restaurant) if orders is None else orders)
    ids = [order.pk for order in found]
    papers, coming = papers_of(ids), coming_for(ids, restaurant.city, now)
    catch_all = next((place.name for place in Station.objects.filter(restaurant=restaurant, is_catch_all=True)), "")
    work, cash = _work(ids), _cash(ids)
    return [
        Card(
            order=order,
            now=now,
            papers=papers.get(order.pk, ()),
            coming=coming.get(order.pk),
            work=work.get(order.pk, {}),
            stations=sorted({line.station or catch_all for line in order.lines.all()}),
            cash=cash.get(order.pk, 0),
        )
        for order in found
    ]


def _work(order_ids: Sequence[int]) -> Mapping[int, Mapping[str, StationWork]]:
    by_order: dict[int, dict[str, StationWork]] = {}
    for work in StationWork.objects.filter(order__in=order_ids):
        by_order.setdefault(work.order_id, {})[work.station] = work
    return by_order


def _cash(order_ids: Sequence[int]) -> Mapping[int, int]:
    """Order -> what is paid in coins when the bag changes hands."""
    owed = Tender.objects.filter(order__in=order_ids, kind=Tender.Kind.CASH).exclude(state__in=NOT_PAID)
    return dict(owed.values_list("order_id").annotate(sum=Sum("amount")).values_list("order_id", "sum"))
