"""Tickets of the past: all on paper in the end, a few late, a few as a marked copy, and the alarms they raised."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from delivery.accounts.models import Account
from delivery.cities.models import City
from delivery.demo.history.lives import End
from delivery.demo.history.orders import Placed
from delivery.demo.history.past import Past
from delivery.orders.models import Order
from dispatch.desk import events as desk_facts
from dispatch.desk.models import Alarm
from dispatch.desk.reactions import TICKET_OVERDUE
from printing import events as facts
from printing.models import Attempt, Printer, PrintJob, Ticket
from printing.rendering.content import Mark, MarkKind, TicketContent
from printing.services.kitchen import contents, lines_by_station
from printing.services.tickets import PAPER_WITHIN, TOO_OLD_AFTER, USUAL, marks_to_json
from restaurants.models import Station

USUALLY = timedelta(milliseconds=900)
PROVEN = 3
LATE, IN_DOUBT = 0.008, 0.006
TAKEN_AFTER, SOLVED_AFTER = timedelta(seconds=50), timedelta(minutes=4)


class Paper:
    """Prints tickets of one city. `printers`: of a station, by restaurant and name; `on_call`: who takes alarms."""

    def __init__(
        self,
        past: Past,
        dice: Random,
        city: City,
        stations: Mapping[int, Sequence[Station]],
        printers: Mapping[tuple[int, str], Printer],
        on_call: Account,
    ) -> None:
        self.past, self.dice, self.city, self.on_call = past, dice, city, on_call
        self.stations, self.printers = stations, printers

    def print_tickets(self, placed: Placed) -> None:
        """The tickets of an order that was accepted, when cooking began (transport times are real time)."""
        order = placed.order
        assert order.cook_at is not None
        shares = lines_by_station(placed.lines, self.stations[order.restaurant_id])
        for station, content in contents(order, shares):
            printer = self.printers[order.restaurant_id, station]
            self._print(self._ticket(order, Ticket.Purpose.KITCHEN, station, content, order.cook_at), printer)
            if placed.life.end is End.CANCELLED and order.closed_at:
                off = self._ticket(order, Ticket.Purpose.CANCELLATION, station, content, order.closed_at)
                self._settle(self._job(off, printer, order.closed_at), order.closed_at + USUALLY)

    def _ticket(self, order: Order, purpose: str, station: str, content: TicketContent, at: datetime) -> Ticket:
        return self.past.add(
            Ticket(
                public_id=self.past.id_at(at),
                order=order,
                restaurant_id=order.restaurant_id,
                purpose=purpose,
                station=station,
                content=content.to_json(),
                created_at=at,
            )
        )

    def _print(self, ticket: Ticket, printer: Printer) -> None:
        at = ticket.created_at
        thrown = self.dice.random()
        takes = USUALLY * self.dice.uniform(0.6, 2.5)
        if thrown < LATE:
            takes = timedelta(seconds=self.dice.uniform(40, 240))
        printed_at = at + takes
        job = self._job(ticket, printer, at)
        if LATE <= thrown < LATE + IN_DOUBT:
            job.state, job.state_reason, job.state_at = PrintJob.State.SUPERSEDED, "unconfirmed", printed_at
            self._attempt(job, printed_at, verdict="unconfirmed", level=None)
            copy = self._job(ticket, printer, printed_at, supersedes=job)
            self._settle(copy, printed_at + USUALLY)
            named = facts.TicketCopied(copy_id=str(copy.public_id), printer_uid=printer.uid, **job.named())
            self.past.fact(printer, named, printed_at)
            return
        if thrown < LATE:
            job.overdue_at = at + PAPER_WITHIN
            self.past.fact(printer, facts.TicketOverdue(state="blocked", **job.named()), job.overdue_at)
            self._alarm(ticket, printer, job.overdue_at, printed_at)
        self._settle(job, printed_at)

    def _job(self, ticket: Ticket, printer: Printer, at: datetime, supersedes: PrintJob | None = None) -> PrintJob:
        assert ticket.order is not None
        key = f"{ticket.order.public_id}:{ticket.revision}:{ticket.station}:{ticket.purpose}:0"
        marks = [Mark(MarkKind.POSSIBLE_DUPLICATE)] if supersedes else []
        if ticket.purpose == Ticket.Purpose.CANCELLATION:
            marks = [Mark(MarkKind.CANCELLED)]
        return self.past.add(
            PrintJob(
                public_id=self.past.id_at(at),
                ticket=ticket,
                city=self.city,
                printer=printer,
                intent_key=f"{key}:again" if supersedes else key,
                priority=USUAL,
                marks=marks_to_json(marks),
                supersedes=supersedes,
                paper_by=at + PAPER_WITHIN,
                not_after=at + TOO_OLD_AFTER,
                created_at=at,
                changed_at=at,
                state_at=at,
                attempts=1,
            )
        )

    def _settle(self, job: PrintJob, at: datetime) -> None:
        job.state, job.state_at, job.printed_at, job.level, job.changed_at = PrintJob.State.PRINTED, at, at, PROVEN, at
        self._attempt(job, at, verdict="printed", level=PROVEN)
        self.past.fact(job.printer, facts.TicketPrinted(level=PROVEN, **job.named()), at)

    def _attempt(self, job: PrintJob, at: datetime, *, verdict: str, level: int | None) -> None:
        began_at = at - USUALLY / 2
        self.past.add(
            Attempt(
                job=job,
                number=1,
                printer=job.printer,
                token=f"{self.dice.getrandbits(32):08x}",
                began_at=began_at,
                started_sending_at=began_at,
                ended_at=at,
                verdict=verdict,
                level=level,
            )
        )

    def _alarm(self, ticket: Ticket, printer: Printer, asked_at: datetime, printed_at: datetime) -> None:
        """Asked on the tablet, taken by who was on call, closed when the paper came."""
        closed_at = max(printed_at, asked_at + TAKEN_AFTER + SOLVED_AFTER)
        alarm = self.past.born(
            Alarm(
                city=self.city,
                kind=TICKET_OVERDUE,
                subject=f"ticket:{ticket.public_id}",
                detail={"state": "blocked", "printer": str(printer.public_id)},
                opened_at=asked_at,
                assigned_to=self.on_call,
                owner=self.on_call,
                taken_at=asked_at + TAKEN_AFTER,
                closed_at=closed_at,
                close_reason="solved",
            ),
            asked_at,
        )
        by = f"account:{self.on_call.public_id}"
        self.past.fact(alarm, desk_facts.AlarmOpened(alarm_kind=alarm.kind, subject=alarm.subject), asked_at)
        taken = desk_facts.AlarmTaken(owner=str(self.on_call.public_id))
        self.past.fact(alarm, taken, asked_at + TAKEN_AFTER, by)
        self.past.fact(alarm, desk_facts.AlarmClosed(reason="solved"), closed_at, by)
