"""What hangs on the rail of a kitchen: one ticket per order and station, the oldest first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from django.utils.translation import gettext as _

from delivery.ground import clock
from delivery.orders.models import Line, Order, StationWork
from delivery.orders.selectors import open_orders
from delivery.orders.transitions import Status
from restaurants.models import Restaurant, Station
from restaurants.web.cards import HURRY, Card, cards_of
from restaurants.web.shown import Shown

PASS: Final = ""  # the view over all stations, where bags are put together
SOON: Final = timedelta(minutes=1)  # city time: closer than this, a start is now
CANCELLED_FOR: Final = timedelta(hours=2)  # real: older ones no cook waits for
RECALLED_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Dish:
    """A line at a station. `version`: of that station's work on the order."""

    line: Line
    station: str
    is_done: bool
    version: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another station's share of the order: how many dishes, and whether it is through."""

    station: str
    dishes: int
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An order as one station sees it (or as the pass does)."""

    card: Card
    dishes: Sequence[Dish]
    elsewhere: Sequence[Elsewhere]
    station: str
    version: int
    is_cancelled: bool

    @property
    def since(self) -> datetime:
        """Since when it hangs here."""
        return self.card.order.cook_at or self.card.order.placed_at

    @property
    def is_cooked(self) -> bool:
        return all(dish.is_done for dish in self.dishes) and (self.station != PASS or self.card.is_cooked)

    @property
    def starts_at(self) -> datetime | None:
        """When to begin so that the food is ready as the courier comes; None: it is time."""
        order, coming = self.card.order, self.card.coming
        if coming is None or coming.arrives_at is None or order.prep_time is None:
            return None
        begin = clock.after(order.city, -order.prep_time, since=coming.arrives_at)
        return begin if clock.between(order.city, self.card.now, begin) > SOON else None

    @property
    def head(self) -> Shown:
        """Two thresholds of age: nearly due, and over due."""
        if self.is_cancelled:
            return Shown("tomato", "x-circle", _("CANCELLED"))
        if self.is_cooked:
            return Shown("basil", "bag-check", _("ALL READY") if self.station == PASS else _("READY"))
        left = self.card.left
        if self.card.is_late:
            return Shown("tomato", "alert", _("LATE"))
        if left is not None and left <= HURRY:
            return Shown("brass", "clock", _("HURRY"))
        if self.starts_at and not any(dish.is_done for dish in self.dishes):
            starts = clock.shown(self.card.order.city, self.starts_at)
            return Shown("ash", "hourglass", _("START AT %(time)s") % {"time": f"{starts:%H:%M}"})
        return Shown("enamel", "flame", _("ON TIME"))

    @property
    def who_comes(self) -> str:
        """The second word of the head: who fetches it and when."""
        order, coming = self.card.order, self.card.coming
        if self.is_cancelled:
            return _("do not cook")
        if self.card.is_collected:
            due = clock.shown(order.city, order.ready_eta or order.placed_at)
            return _("collection %(time)s") % {"time": f"{due:%H:%M}"}
        if coming is None:
            due = clock.shown(order.city, order.ready_eta or order.placed_at)
            return _("due %(time)s") % {"time": f"{due:%H:%M}"}
        if coming.here_since:
            return _("courier here")
        if coming.arrives_at:
            return _("courier %(time)s") % {"time": f"{clock.shown(order.city, coming.arrives_at):%H:%M}"}
        return _("courier comes")


def places_of(restaurant: Restaurant, stations: Sequence[Station], station: str, now: datetime) -> list[Place]:
    """What the station has to make, oldest first; a cancelled order stays until its cooks have read that."""
    cooking = list(open_orders(restaurant=restaurant, status=Status.PREPARING))
    gone = _called_off(restaurant, station, now)
    catch_all = next((each.name for each in stations if each.is_catch_all), "")
    cards = cards_of(restaurant, now, [*cooking, *gone])
    places = [place for card in cards for place in _places(card, station, catch_all)]
    return sorted(places, key=lambda place: (place.since, place.card.order.pk))


def _called_off(restaurant: Restaurant, station: str, now: datetime) -> list[Order]:
    """Cancelled while it was cooked, and not acknowledged here."""
    cancelled = Order.objects.filter(
        restaurant=restaurant,
        status=Status.CANCELLED,
        closed_at__gt=now - CANCELLED_FOR,
        cook_at__lte=F("closed_at"),
    )
    seen = StationWork.objects.filter(station=station, seen_cancelled_at__isnull=False).values("order")
    unseen = cancelled.exclude(pk__in=seen).select_related("restaurant", "city").prefetch_related("lines")
    return list(unseen.order_by("placed_at", "pk"))


def _places(card: Card, station: str, catch_all: str) -> Iterable[Place]:
    """The order as the station sees it; nothing when none of its dishes are made there, or all are bumped."""
    made = [(line, line.station or catch_all) for line in card.order.lines.all()]
    mine = [(line, place) for line, place in made if station in (PASS, place)]
    is_cancelled = card.order.status == Status.CANCELLED
    work = card.work.get(station)
    if not mine or (work is not None and work.bumped_at is not None and not is_cancelled):
        return
    yield Place(
        card=card,
        dishes=[_dish(card, line, place) for line, place in mine],
        elsewhere=_elsewhere(card, made, station),
        station=station,
        version=card.order.version if station == PASS else work.version if work else 0,
        is_cancelled=is_cancelled,
    )


def _dish(card: Card, line: Line, station: str) -> Dish:
    work = card.work.get(station)
    return Dish(line, station, work is not None and line.position in work.done, work.version if work else 0)


def _elsewhere(card: Card, made: Sequence[tuple[Line, str]], station: str) -> list[Elsewhere]:
    """All stations at the pass, the other ones at a station."""
    dishes: Counter[str] = Counter()
    for line, place in made:
        if place != station:
            dishes[place] += line.quantity
    done = {name for name, work in card.work.items() if work.bumped_at is not None}
    return [Elsewhere(name, number, name in done) for name, number in sorted(dishes.items())]


def to_make(places: Sequence[Place]) -> list[tuple[str, int]]:
    """How many of each dish are still to be cooked now, most first."""
    wanted: Counter[str] = Counter()
    for place in places:
        if not place.is_cancelled:
            for dish in place.dishes:
                if not dish.is_done:
                    wanted[dish.line.name] += dish.line.quantity
    return wanted.most_common()


def bumped_of(restaurant: Restaurant, station: str) -> Sequence[StationWork]:
    """The last tickets that the station was through with and whose bag is not closed, in the order they came in."""
    mine: Mapping[str, str] = {} if station == PASS else {"station": station}
    bumped = StationWork.objects.filter(
        order__restaurant=restaurant, order__status=Status.PREPARING, bumped_at__isnull=False, **mine
    )
    last = bumped.select_related("order").prefetch_related("order__lines").order_by("-bumped_at")[:RECALLED_AT_MOST]
    return sorted(last, key=lambda work: (work.order.cook_at or work.order.placed_at, work.order_id))
