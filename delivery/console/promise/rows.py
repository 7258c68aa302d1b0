"""Reads the numbers of `counted` from the rows of one city: three statements, however many days and orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, DurationField, F, Func, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from delivery.cities.models import City
from delivery.console.promise.counted import ANSWER_USUAL, Comparison, Counted, Day
from delivery.ground import clock
from delivery.ground.ids import first_id_of
from delivery.orders.models import Order
from delivery.orders.transitions import Status
from dispatch.desk.models import Alarm
from printing.models import ON_PAPER, PrintJob, Ticket

DAYS = 14
MARGIN = timedelta(minutes=5)  # an id is made a moment before its row
NOTHING = Value(timedelta(), output_field=DurationField())
IS_DELIVERED = Q(status=Status.DELIVERED)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Real instants at which the parts of the days begin: 2n its day's midnight, 2n + 1 the hour that it is now."""

    days: list[date]
    edges: list[datetime]

    @property
    def first_id(self) -> UUID:
        return first_id_of(self.edges[0] - MARGIN)


def compare(city: City, now: datetime) -> Comparison:
    """Today until `now` beside the fourteen days before."""
    calendar = _calendar(city, now)
    parts = [Counted() for _ in calendar.edges]
    for rows in (_orders(city, calendar), _tickets(city, calendar), _alarms(city, calendar)):
        for row in rows:
            part = parts[row.pop("part") - 1]
            for name, value in row.items():
                is_time = isinstance(value, timedelta)
                setattr(part, name, value * city.time_rate if is_time else value or getattr(part, name))
    days = [Day(day, parts[2 * n], parts[2 * n + 1]) for n, day in enumerate(calendar.days)]
    return Comparison(today=days[-1].whole, before=days[:-1])


def _calendar(city: City, now: datetime) -> Calendar:
    """Midnights are the city's own, so a day on which its clocks change is as long as it is."""
    shown = clock.shown(city, now)
    days = [shown.date() - timedelta(days=DAYS - n) for n in range(DAYS + 1)]
    hours = (time(), shown.time())
    edges = [clock.real(city, datetime.combine(day, hour, shown.tzinfo)) for day in days for hour in hours]
    return Calendar(days, edges)


def _part(instant: str, calendar: Calendar) -> Func:
    """Which part of which day an instant lies in, 1 for the first; 0 before all."""
    edges = Value(calendar.edges, output_field=ArrayField(DateTimeField()))
    return Func(F(instant), edges, function="width_bucket", output_field=IntegerField())


def _orders(city: City, calendar: Calendar) -> Iterable[dict[str, Any]]:
    placed = Order.objects.filter(city=city, public_id__gte=calendar.first_id, placed_at__gte=calendar.edges[0])
    per_city = 1 / city.time_rate
    ready = Coalesce(F("ready_at"), F("ready_eta"))
    rows = (
        placed.annotate(part=_part("placed_at", calendar))
        .values("part")
        .annotate(
            orders=Count("pk"),
            delivered=Count("pk", filter=IS_DELIVERED),
            in_time=Count("pk", filter=IS_DELIVERED & Q(delivered_at__lte=F("promised_until"))),
            door=_over(F("delivered_at") - F("placed_at")),
            answer=_over(F("accepted_at") - F("placed_at"), ANSWER_USUAL * per_city),
            kitchen=_over(F("ready_at") - F("ready_eta")),
            courier=_over(F("picked_up_at") - ready, city.pickup_service * per_city),
            ride=_over(F("delivered_at") - F("picked_up_at") - (F("promised_from") - F("ready_eta"))),
        )
    )
    return [dict(row) for row in rows]


def _over(length: Any, planned: timedelta = timedelta()) -> Sum:
    """What the delivered orders took longer than planned, in real time; a stage that was quicker gives nothing back."""
    late = Greatest(length - Value(planned, output_field=DurationField()), NOTHING, output_field=DurationField())
    return Sum(late, filter=IS_DELIVERED)


def _tickets(city: City, calendar: Calendar) -> Iterable[dict[str, Any]]:
    """Of kitchen tickets: a copy is counted apart, and its ticket is on paper when the copy is."""
    jobs: QuerySet[PrintJob] = PrintJob.objects.filter(
        city=city,
        public_id__gte=calendar.first_id,
        created_at__gte=calendar.edges[0],
        ticket__purpose=Ticket.Purpose.KITCHEN,
    )
    is_first = Q(copy_no=0, supersedes=None)
    rows = (
        jobs.annotate(part=_part("created_at", calendar))
        .values("part")
        .annotate(
            tickets=Count("ticket", distinct=True, filter=is_first),
            on_paper=Count("ticket", distinct=True, filter=Q(state__in=ON_PAPER)),
            overdue=Count("pk", filter=Q(overdue_at__isnull=False)),
            copies=Count("pk", filter=~is_first),
            unconfirmed=Count("pk", filter=Q(state__in=["unconfirmed", "superseded"])),
        )
    )
    return [dict(row) for row in rows]


def _alarms(city: City, calendar: Calendar) -> Iterable[dict[str, Any]]:
    asked = Alarm.objects.filter(city=city, public_id__gte=calendar.first_id, opened_at__gte=calendar.edges[0])
    rows = asked.annotate(part=_part("opened_at", calendar)).values("part")
    return [dict(row) for row in rows.annotate(alarms=Count("pk"))]
