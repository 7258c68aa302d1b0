"""`/console/orders/<id>/`: one order with its life, its paper, and a place for every cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delivery.cities.selectors import watches
from delivery.console.amounts import written_amount
from delivery.console.life import moments_of
from delivery.console.orders import is_late
from delivery.console.page import draw
from delivery.console.scope import orders_of
from delivery.console.story import story_of
from delivery.console.words import REFUND_BEARERS, REFUND_REASONS, order_state, paper_state, reason, tender_state
from delivery.ground import clock
from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest, Refusal
from delivery.ground.templatetags.measures import language
from delivery.orders.ledger import refunded_so_far
from delivery.orders.models import LedgerEntry, Order
from delivery.orders.pricing import Party
from delivery.orders.transitions import Status
from printing.models import PrintJob

PARTIES: Final[dict[str, Promise]] = {
    Party.CUSTOMER: _("The customer"),
    Party.RESTAURANT: _("The restaurant"),
    Party.PLATFORM: _("Passeplat"),
    Party.DELIVERER: _("The courier, tip"),
    Party.TAX: _("VAT for the state"),
}
KINDS: Final[dict[str, Promise]] = {
    "placed": _("Sold"),
    "captured": _("Paid by the customer"),
    "rejected": _("Undone: refused"),
    "expired": _("Undone: not answered"),
    "cancelled": _("Undone: cancelled"),
    "failed": _("Given back: did not arrive"),
    "refunded": _("Refunded after the delivery"),
    "paid_back": _("Paid back to the card"),
}


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement of money: who owes more (positive) or less; the amounts sum to zero."""

    words: str
    at: object
    amounts: Sequence[tuple[str, int]]
    borne_by: str


@require_safe
def order(request: PageRequest, order_id: UUID) -> HttpResponse:
    found: Order | None = orders_of(request.actor).filter(public_id=order_id).first()
    if found is None:
        raise NotFound()
    return order_page(request, found)


def order_page(request: PageRequest, found: Order, *, refusal: Refusal | None = None) -> HttpResponse:
    """The page of one order; `refusal`: of its form for refunds, about the amount that was typed."""
    is_watched = watches(request.actor, found.city_id)
    entries = list(found.ledger.order_by("posted_at", "pk"))
    jobs = PrintJob.objects.filter(ticket__order=found).select_related("printer", "ticket").order_by("pk")
    context = {
        "order": found,
        "city": found.city,
        "state": order_state(found.status),
        "is_late": is_late(found, clock.now()),
        "close_reason": reason(found.close_reason) if found.close_reason else "",
        "lines": found.lines.all(),
        "postings": postings_of(entries),
        "left_over": sum(entry.amount for entry in entries),
        "tenders": [(tender, tender_state(tender.state)) for tender in found.tenders.all()],
        "jobs": [(job, paper_state(job.state)) for job in jobs],
        "story": story_of(found, moments_of(found), with_desk=is_watched),
        "is_watched": is_watched,
        "refund": _refund_form(request, found, refusal),
        "refusal": refusal.problem if refusal else None,
    }
    status = refusal.problem.status if refusal else 200
    return draw(request, "order", context, here="console_orders", status=status)


def _refund_form(request: PageRequest, found: Order, refusal: Refusal | None) -> dict[str, Any] | None:
    """What the form for a refund offers; None when there is nothing to give back, or not by this person."""
    left = found.total - refunded_so_far(found)
    may = request.actor.has("owner") or request.actor.has("support")
    if found.status != Status.DELIVERED or left <= 0 or not may:
        return None
    typed = refusal.about if refusal else written_amount(left, found.currency, language())
    return {"left": left, "typed": typed, "bearers": REFUND_BEARERS, "reasons": REFUND_REASONS}


def postings_of(entries: Sequence[LedgerEntry]) -> list[Posting]:
    """The entries by movement, in the order in which they were posted."""
    by_id: dict[UUID, list[LedgerEntry]] = {}
    for entry in entries:
        by_id.setdefault(entry.posting, []).append(entry)
    return [
        Posting(
            str(KINDS.get(rows[0].kind, rows[0].kind)),
            rows[0].posted_at,
            [(str(PARTIES.get(row.party, row.party)), row.amount) for row in rows],
            str(PARTIES.get(rows[0].borne_by, "")) if rows[0].borne_by else "",
        )
        for rows in by_id.values()
    ]
