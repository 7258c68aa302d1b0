"""Facts about printers and paper, recorded on the printer."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class PrinterRegistered(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class PrinterStateChanged(Event):
    state: str
    was: str


@dataclass(frozen=True, kw_only=True)
class TicketPrinted(Event):
    job_id: str
    order_id: int | None
    level: int


@dataclass(frozen=True, kw_only=True)
class TicketUnconfirmed(Event):
    job_id: str
    order_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class TicketOverdue(Event):
    """`paper_by` has passed and nobody can vouch for the paper."""

    job_id: str
    order_id: int | None
    state: str


@dataclass(frozen=True, kw_only=True)
class TicketExpired(Event):
    job_id: str
    order_id: int | None
