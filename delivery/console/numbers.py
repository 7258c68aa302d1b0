"""The numbers of a day, per city or per restaurant, beside those of the same weekday a week ago until the same hour.

A constant number of queries, however many places are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.ids import first_id_of
from delivery.orders.ledger import PAYMENTS
from delivery.orders.models import FINAL_STATUSES, LedgerEntry, Order
from delivery.orders.pricing import Party
from delivery.orders.transitions import Status
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Shift
from printing.models import ON_PAPER, PrintJob
from restaurants.models import Restaurant

WEEK = timedelta(days=7)
SETTLED_ON_PAPER = [*ON_PAPER, "superseded", "cancelled"]
MARGIN = timedelta(minutes=5)  # an id is made a moment before its row says "placed"
Kind = Literal["city", "restaurant"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a city's day between two real instants."""

    start: datetime
    end: datetime


@dataclass(slots=True)
class Day:
    """What one day came to. Durations are city time, `takings` minor units; None: nothing to judge by."""

    orders: int = 0
    delivered: int = 0
    in_time: int = 0
    refused: int = 0
    expired: int = 0
    door: timedelta | None = None
    takings: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * 24)

    @property
    def in_time_share(self) -> int | None:
        """Whole per cent of the delivered orders."""
        return round(100 * self.in_time / self.delivered) if self.delivered else None


@dataclass(slots=True)
class Numbers:
    """A place now and today, and the day a week ago until this hour."""

    today: Day = field(default_factory=Day)
    before: Day = field(default_factory=Day)
    waiting: int = 0
    late: int = 0
    off_paper: int = 0
    couriers: int = 0
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def unowned(self) -> int:
        return sum(alarm.owner_id is None for alarm in self.alarms)


def start_of_day(city: City, at: datetime) -> datetime:
    """The real instant at which the city's day of `at` began."""
    return clock.real(city, clock.shown(city, at).replace(hour=0, minute=0, second=0, microsecond=0))


def numbers_of(kind: Kind, places: Sequence[City] | Sequence[Restaurant], now: datetime) -> dict[int, Numbers]:
    """The numbers of each place by primary key. `kind` says what the places are."""
    found = {place.pk: Numbers() for place in places}
    cities: dict[int, City] = {place.pk: place if isinstance(place, City) else place.city for place in places}
    spans = {pk: Span(start_of_day(city, now), now) for pk, city in cities.items()}
    week = {pk: WEEK / city.time_rate for pk, city in cities.items()}
    earlier = {pk: Span(span.start - week[pk], span.end - week[pk]) for pk, span in spans.items()}
    _fill(kind, {pk: found[pk].today for pk in found}, spans, cities)
    _fill(kind, {pk: found[pk].before for pk in found}, earlier, cities)
    _fill_now(kind, found, now)
    return found


def _fill(kind: Kind, days: Mapping[int, Day], spans: Mapping[int, Span], cities: Mapping[int, City]) -> None:
    if not days:
        return
    orders = _placed_in(kind, spans)
    for row in orders.values(kind).annotate(
        orders=Count("pk"),
        delivered=Count("pk", filter=Q(status=Status.DELIVERED)),
        in_time=Count("pk", filter=Q(status=Status.DELIVERED, delivered_at__lte=F("promised_until"))),
        refused=Count("pk", filter=Q(status=Status.REJECTED)),
        expired=Count("pk", filter=Q(status=Status.EXPIRED)),
        door=Avg(F("delivered_at") - F("placed_at"), filter=Q(status=Status.DELIVERED)),
    ):
        day, city = days[row[kind]], cities[row[kind]]
        for name in ("orders", "delivered", "in_time", "refused", "expired"):
            setattr(day, name, row[name])
        day.door = row["door"] * city.time_rate if row["door"] is not None else None
    sold = LedgerEntry.objects.filter(order__in=orders, party=Party.CUSTOMER.value).exclude(kind__in=PAYMENTS)
    for pk, amount in sold.values_list(f"order__{kind}").annotate(Sum("amount")):
        days[pk].takings = amount
    for pk, placed_at in orders.values_list(kind, "placed_at"):
        days[pk].hours[clock.shown(cities[pk], placed_at).hour] += 1


def _placed_in(kind: Kind, spans: Mapping[int, Span]) -> QuerySet[Order]:
    """Orders placed in the span of their place; public ids are in the order of time, and indexed."""
    wanted = Q()
    for pk, span in spans.items():
        wanted |= Q(**{kind: pk}, placed_at__gte=span.start, placed_at__lte=span.end)
    first = min(span.start for span in spans.values()) - MARGIN
    last = max(span.end for span in spans.values()) + MARGIN
    orders: QuerySet[Order] = Order.objects.filter(public_id__gte=first_id_of(first), public_id__lte=first_id_of(last))
    return orders.filter(wanted)


def _fill_now(kind: Kind, found: dict[int, Numbers], now: datetime) -> None:
    mine = {f"{kind}__in": list(found)}
    open_orders = Order.objects.filter(~Q(status__in=FINAL_STATUSES), **mine)
    late = Q(promised_until__lt=now)
    for pk, waiting, are_late in open_orders.values_list(kind).annotate(
        waiting=Count("pk", filter=Q(status=Status.PLACED)), late=Count("pk", filter=late)
    ):
        found[pk].waiting, found[pk].late = waiting, are_late
    jobs = off_paper(PrintJob.objects.all())
    path = "city" if kind == "city" else "ticket__restaurant"
    for pk, count in jobs.filter(**{f"{path}__in": list(found)}).values_list(path).annotate(Count("pk")):
        found[pk].off_paper = count
    if kind == "city":
        _fill_desk(found)


def off_paper(jobs: QuerySet[PrintJob]) -> QuerySet[PrintJob]:
    """The jobs whose ticket is not on paper though its time has come."""
    return jobs.filter(overdue_at__isnull=False).exclude(state__in=SETTLED_ON_PAPER)


def _fill_desk(found: dict[int, Numbers]) -> None:
    for alarm in open_alarms(found):
        found[alarm.city_id].alarms.append(alarm)
    at_work = Shift.objects.filter(deliverer__city__in=list(found), started_at__isnull=False, ended_at__isnull=True)
    for pk, count in at_work.values_list("deliverer__city").annotate(Count("pk")):
        found[pk].couriers = count


def open_alarms(city_ids: Iterable[Any]) -> QuerySet[Alarm]:
    """The open questions of some cities, the oldest first, with whom they are with."""
    alarms = Alarm.objects.filter(city__in=list(city_ids), closed_at__isnull=True)
    return alarms.select_related("owner", "assigned_to", "city").order_by("opened_at")
