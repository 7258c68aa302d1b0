"""Facts about printers and paper, recorded on the printer. Ids of jobs and tickets are public ids."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class PrinterRegistered(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class PrinterMoved(Event):
    """It is reached at another address."""


@dataclass(frozen=True, kw_only=True)
class PrinterPaused(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class PrinterResumed(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class PrinterChanged(Event):
    """Its name, labels, address or paper; `fields` are those of the row."""

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PrinterReplaced(Event):
    """Another one stands in its place: its stations, labels and waiting tickets went to `by_uid`."""

    by_uid: str


@dataclass(frozen=True, kw_only=True)
class PrinterStateChanged(Event):
    state: str
    was: str


@dataclass(frozen=True, kw_only=True)
class TicketFact(Event):
    """`ticket_id` stays the same when a copy takes over; `order_id` is None for print requests of the API."""

    job_id: str
    ticket_id: str
    order_id: int | None


@dataclass(frozen=True, kw_only=True)
class TicketPrinted(TicketFact):
    """On paper: proven (level 2, 3) or, with a printer that answers nothing, believed (level 1)."""

    level: int


@dataclass(frozen=True, kw_only=True)
class TicketUnconfirmed(TicketFact):
    """Bytes left and nobody knows what became of them."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class TicketCopied(TicketFact):
    """A marked copy, the job `copy_id`, takes over from a job that nobody can vouch for."""

    copy_id: str
    printer_uid: str


@dataclass(frozen=True, kw_only=True)
class TicketRerouted(TicketFact):
    """Not sent yet, and handed to a backup because this printer cannot print."""

    to_printer_uid: str


@dataclass(frozen=True, kw_only=True)
class TicketOverdue(TicketFact):
    """`paper_by` has passed and nobody can vouch for the paper."""

    state: str


@dataclass(frozen=True, kw_only=True)
class TicketWithdrawn(TicketFact):
    """Nobody needs it any more: its order was cancelled, or its first copy turned up."""


@dataclass(frozen=True, kw_only=True)
class TicketExpired(TicketFact):
    """Too old to be printed: stale orders never come out of a printer that wakes up."""


@dataclass(frozen=True, kw_only=True)
class TicketsUnrouted(Event):
    """A restaurant has no printer at all for these orders. Recorded on the restaurant."""

    order_ids: list[int]
