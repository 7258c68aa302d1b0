"""Which printers an actor may print on, which of them an expression names, and where tickets stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext

from delivery.ground.access import Actor
from delivery.ground.errors import Invalid, NotFound
from printing.errors import NoPrinter
from printing.models import ON_PAPER, OPEN, Printer, PrintJob, Ticket
from restaurants.models import Restaurant

PLACES = ("restaurateur", "integrator", "lobby")
TROUBLE = frozenset({"blocked", "unconfirmed", "expired"})
EVERY_ONE = "all"
KITCHEN = "kitchen"  # the role of a printer whose labels name no other


def printers_of(actor: Actor) -> "QuerySet[Printer]":
    """All printers for the owner; for everybody else those of the restaurants where they hold a role."""
    printers: QuerySet[Printer] = Printer.objects.order_by("pk")
    if "owner" in actor.roles:
        return printers
    restaurant_ids = {pk for role in PLACES for pk in actor.bound(role, "restaurant")}
    return printers.filter(restaurant_id__in=restaurant_ids)


def printers_named(actor: Actor, to: Sequence[str] | str) -> list[Printer]:
    """The printers that `to` names, among those of the actor.

    Args:
        to: uids, "all", or labels that must all hold: "city=lyon role=kitchen". Every printer has the labels `city` and
            `restaurant` (slugs), `station` (names) and `role` ("kitchen" unless its labels say otherwise).
    Raises:
        NoPrinter: a uid is unknown or foreign, or no printer has the labels. Invalid: no such expression.
    """
    if "\0" in "".join(to):  # PostgreSQL has no such text, so nothing is named like it
        raise NoPrinter()
    found = printers_of(actor).select_related("restaurant", "city", "device")
    if isinstance(to, str):
        for label in () if to.strip() == EVERY_ONE else to.split():
            found = found.filter(_having(label))
        printers = list(found.distinct())
    else:
        printers = list(found.filter(uid__in=to))
        if {printer.uid for printer in printers} != set(to):
            raise NoPrinter()
    if not printers:
        raise NoPrinter()
    return printers


def _having(label: str) -> Q:
    key, equals, value = label.partition("=")
    if not (key and equals and value):
        raise Invalid(
            fields={
                "to": [{"code": "invalid", "message": gettext("%(label)s is not label=value") % {"label": repr(label)}}]
            }
        )
    if key in ("city", "restaurant"):
        return Q(**{f"{key}__slug": value})
    if key == "station":
        return Q(station_printers__station__name=value)
    named = Q(labels__contains={key: value})
    if (key, value) == ("role", KITCHEN):
        return named | ~Q(labels__has_key="role")
    return named


def job_of(actor: Actor, public_id: UUID) -> PrintJob:
    """A job at one of the actor's printers. Raises NotFound."""
    jobs = PrintJob.objects.filter(public_id=public_id, printer__in=printers_of(actor))
    job = jobs.select_related("printer__restaurant", "city", "ticket", "superseded_by").first()
    if job is None:
        raise NotFound()
    return job


@dataclass(frozen=True, slots=True)
class Paper:
    """Where the ticket of one station stands. `job` is its newest; None: the restaurant has no printer for it."""

    station: str
    job: PrintJob | None

    @property
    def is_there(self) -> bool:
        return self.job is not None and self.job.state in ON_PAPER

    @property
    def is_in_trouble(self) -> bool:
        """Whether somebody has to look: it cannot be printed, nobody knows, or its time is over."""
        if self.job is None:
            return True
        return self.job.state in TROUBLE or (self.job.overdue_at is not None and not self.is_there)


def papers_of(order_ids: Iterable[int]) -> dict[int, list[Paper]]:
    """The kitchen tickets of the orders with the newest job of each; two queries."""
    tickets = Ticket.objects.filter(order__in=list(order_ids), purpose=Ticket.Purpose.KITCHEN).order_by("pk")
    rows = list(tickets.values_list("pk", "order_id", "station"))
    newest = PrintJob.objects.filter(ticket__in=[pk for pk, _, _ in rows]).order_by("ticket", "-pk").distinct("ticket")
    jobs = {job.ticket_id: job for job in newest.select_related("printer")}
    papers: dict[int, list[Paper]] = {}
    for pk, order_id, station in rows:
        papers.setdefault(order_id, []).append(Paper(station, jobs.get(pk)))
    return papers


def printers_at(restaurant_id: int) -> list[Printer]:
    return list(Printer.objects.filter(restaurant=restaurant_id, device__revoked_at__isnull=True).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for a printer: how many tickets, and since when the oldest does."""

    tickets: int = 0
    oldest_at: datetime | None = None


def queues_of(printers: Iterable[Printer]) -> dict[int, Queue]:
    """By primary key, printers without a queue left out; one query."""
    waiting = PrintJob.objects.filter(printer__in=[printer.pk for printer in printers], state__in=OPEN)
    rows = waiting.values_list("printer").annotate(tickets=Count("pk"), oldest_at=Min("created_at"))
    return {printer_id: Queue(tickets, oldest_at) for printer_id, tickets, oldest_at in rows}


def newest_jobs(printers: Iterable[Printer]) -> dict[int, PrintJob]:
    """By primary key, the last job of each printer that has left for it; one query."""
    ids = [printer.pk for printer in printers]
    sent = PrintJob.objects.filter(printer__in=ids, attempts_made__started_sending_at__isnull=False)
    newest = sent.order_by("printer", "-pk").distinct("printer").select_related("ticket__order")
    return {job.printer_id: job for job in newest}


def restaurant_within_reach(actor: Actor, slug: str) -> Restaurant:
    """A restaurant where the actor may register printers. Raises NotFound."""
    shops = Restaurant.objects.select_related("city").filter(slug=slug)
    if "owner" not in actor.roles:
        shops = shops.filter(pk__in={pk for role in PLACES for pk in actor.bound(role, "restaurant")})
    shop: Restaurant | None = shops.first()
    if shop is None:
        raise NotFound()
    return shop
