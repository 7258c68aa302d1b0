"""Tickets of orders: queued when cooking starts, taken back when the order is cancelled.

Both work on many orders with a constant number of statements, and doing them twice changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from delivery.ground import clock, outbox
from delivery.orders.models import Order
from printing.events import TicketsUnrouted
from printing.models import ON_PAPER, WAITING, Printer, PrintJob, StationPrinter, Ticket
from printing.rendering.content import Mark, MarkKind
from printing.services.kitchen import contents, lines_by_station
from restaurants.models import Restaurant, Station

# Real time: a cook waits at the printer, whatever the clocks of the city show.
PAPER_WITHIN = timedelta(seconds=20)
TOO_OLD_AFTER = timedelta(minutes=30)
URGENT, USUAL, LATER = 0, 1, 2


@transaction.atomic
def queue_tickets(*, order_ids: Iterable[int]) -> set[int]:
    """One ticket and one job per order and station; returns the primary keys of the printers with work.

    A restaurant without any printer is told of as a fact.
    """
    wanted = Order.objects.filter(pk__in=list(order_ids)).select_related("city", "restaurant")
    orders: list[Order] = list(wanted.prefetch_related("lines__product__category").order_by("pk"))
    routes = _Routes({order.restaurant_id for order in orders})
    tickets = [
        Ticket(
            order=order,
            restaurant_id=order.restaurant_id,
            purpose=Ticket.Purpose.KITCHEN,
            station=station,
            content=content.to_json(),
        )
        for order in orders
        for station, content in contents(
            order, lines_by_station(order.lines.all(), routes.stations(order.restaurant_id))
        )
    ]
    jobs = []
    unrouted: dict[int, set[int]] = {}
    for ticket in _stored(tickets):
        assert ticket.order is not None
        printer = routes.printer(ticket.order.restaurant_id, ticket.station)
        if printer is None:
            unrouted.setdefault(ticket.order.restaurant_id, set()).add(ticket.order.pk)
        else:
            jobs.append(_job(ticket, printer.pk, priority=USUAL))
    PrintJob.objects.bulk_create(jobs, ignore_conflicts=True)
    _tell_unrouted(unrouted)
    return {job.printer_id for job in jobs}


@transaction.atomic
def cancel_tickets(*, order_ids: Iterable[int]) -> set[int]:
    """What was not sent is not printed; what is on paper, or may be, is followed by a ticket that says CANCELLED.

    Returns the primary keys of the printers with work.
    """
    mine = PrintJob.objects.filter(ticket__order_id__in=list(order_ids), ticket__purpose=Ticket.Purpose.KITCHEN)
    locked = mine.select_related("ticket__order").order_by("pk").select_for_update(no_key=True, of=("self",))
    jobs = list(locked)
    # A job that a worker holds and has not sent finds out by itself, before its first byte.
    unsent = [job for job in jobs if job.state in WAITING and job.lease_token is None]
    doubtful = [job for job in jobs if job.state == PrintJob.State.UNCONFIRMED]
    PrintJob.objects.filter(pk__in=[job.pk for job in unsent + doubtful]).update(
        state=PrintJob.State.CANCELLED, state_at=Now(), state_reason="order_cancelled", version=F("version") + 1
    )
    sent = {job.ticket_id: job for job in jobs if job.state in (*ON_PAPER, "sending", "unconfirmed", "superseded")}
    tickets = [_cancellation(job.ticket) for job in sent.values()]
    printers = {(job.ticket.order_id, job.ticket.station): job.printer_id for job in sent.values()}
    marks = [Mark(MarkKind.CANCELLED)]
    cancellations = [
        _job(ticket, printers[ticket.order_id, ticket.station], priority=URGENT, marks=marks)
        for ticket in _stored(tickets)
    ]
    PrintJob.objects.bulk_create(cancellations, ignore_conflicts=True)
    return {job.printer_id for job in cancellations}


class _Routes:
    """Which printer prints what for some restaurants: the first of a station that is not paused, else a neighbour."""

    def __init__(self, restaurant_ids: set[int]) -> None:
        self._stations: dict[int, list[Station]] = {}
        self._serving: dict[tuple[int, str], list[Printer]] = {}
        self._all: dict[int, list[Printer]] = {}
        for station in Station.objects.filter(restaurant_id__in=restaurant_ids):
            self._stations.setdefault(station.restaurant_id, []).append(station)
        served = StationPrinter.objects.filter(station__restaurant_id__in=restaurant_ids)
        for row in served.select_related("station", "printer"):
            key = row.station.restaurant_id, row.station.name
            self._serving.setdefault(key, []).append(row.printer)
        for printer in Printer.objects.filter(restaurant_id__in=restaurant_ids).order_by("pk"):
            self._all.setdefault(printer.restaurant_id, []).append(printer)

    def stations(self, restaurant_id: int) -> Sequence[Station]:
        return self._stations.get(restaurant_id, [])

    def printer(self, restaurant_id: int, station: str) -> Printer | None:
        """A station without a printer prints at the catch-all, and that one at any printer of the restaurant."""
        catch_all = next((place.name for place in self.stations(restaurant_id) if place.is_catch_all), "")
        candidates = (
            self._serving.get((restaurant_id, station))
            or self._serving.get((restaurant_id, catch_all))
            or self._all.get(restaurant_id, [])
        )
        return next((printer for printer in candidates if not printer.is_paused), candidates[0] if candidates else None)


def _stored(tickets: Sequence[Ticket]) -> list[Ticket]:
    """The tickets as rows, also those that an earlier run has written."""
    if not tickets:
        return []
    Ticket.objects.bulk_create(tickets, ignore_conflicts=True)
    rows = Ticket.objects.filter(
        order_id__in=[ticket.order_id for ticket in tickets], purpose=tickets[0].purpose
    ).select_related("order")
    return list(rows.order_by("pk"))


def _cancellation(ticket: Ticket) -> Ticket:
    return Ticket(
        order_id=ticket.order_id,
        restaurant_id=ticket.restaurant_id,
        purpose=Ticket.Purpose.CANCELLATION,
        revision=ticket.revision,
        station=ticket.station,
        content=ticket.content,
    )


def _job(ticket: Ticket, printer_id: int, *, priority: int, marks: Sequence[Mark] = ()) -> PrintJob:
    assert ticket.order is not None
    now = clock.now()
    return PrintJob(
        ticket=ticket,
        city_id=ticket.order.city_id,
        printer_id=printer_id,
        intent_key=f"{ticket.order.public_id}:{ticket.revision}:{ticket.station}:{ticket.purpose}:0",
        priority=priority,
        marks=marks_to_json(marks),
        paper_by=now + PAPER_WITHIN,
        not_after=now + TOO_OLD_AFTER,
    )


def marks_to_json(marks: Iterable[Mark]) -> list[dict[str, str]]:
    """Marks as a job stores them; inverse of `marks_of`."""
    return [{"kind": mark.kind.value, "detail": mark.detail} for mark in marks]


def marks_of(job: PrintJob) -> tuple[Mark, ...]:
    return tuple(Mark(MarkKind(mark["kind"]), mark["detail"]) for mark in job.marks)


def _tell_unrouted(unrouted: Mapping[int, set[int]]) -> None:
    """Rare enough for statements of its own; the ticket rows stay, and the fact opens an alarm."""
    if not unrouted:
        return
    restaurants = Restaurant.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=unrouted)
    for restaurant in restaurants.order_by("pk"):
        fact = TicketsUnrouted(order_ids=sorted(unrouted[restaurant.pk]))
        outbox.record(restaurant.mark_locked(), fact)
