"""What the end of an order does to its money. Set-based, database only: the demo's provider needs no call.

A provider that must be called for a capture or a void gets a leased job here instead.
"""

from collections.abc import Sequence
from typing import Any

from delivery.ground import clock
from delivery.ground.events import Recorded
from delivery.orders import ledger, pricing
from delivery.payments.models import Tender

State = Tender.State


def capture(events: Sequence[Recorded[Any]]) -> None:
    """Delivered: take the reserved money and post it, once."""
    tenders = list(_tenders_of(events).select_related("order").select_for_update(of=("self",)).order_by("pk"))
    Tender.objects.filter(pk__in=[tender.pk for tender in tenders]).update(state=State.CAPTURED, changed_at=clock.now())
    ledger.post_all(
        [
            ledger.Posting(tender.order, "captured", pricing.captured(tender.amount))
            for tender in tenders
            if tender.order
        ]
    )


def void(events: Sequence[Recorded[Any]]) -> None:
    """Rejected, expired, cancelled or failed: give the reserved money back."""
    _tenders_of(events).update(state=State.VOIDED, changed_at=clock.now())


def give_back(events: Sequence[Recorded[Any]]) -> None:
    """Refunded: what the customer is owed goes back to the card. Cash stays owed until somebody hands it over."""
    orders = {recorded.aggregate_id for recorded in events}
    paid = Tender.objects.filter(order__in=orders, state=State.CAPTURED, kind=Tender.Kind.CARD)
    for tender in paid.select_related("order").select_for_update(of=("self",)).order_by("pk"):
        if tender.order is None:
            continue
        owed = -ledger.balances(tender.order).get(pricing.Party.CUSTOMER, 0)
        if owed > 0:
            ledger.post(tender.order, "paid_back", pricing.paid_back(owed))
        if ledger.refunded_so_far(tender.order) >= tender.amount:
            Tender.objects.filter(pk=tender.pk).update(state=State.REFUNDED, changed_at=clock.now())


def _tenders_of(events: Sequence[Recorded[Any]]) -> Any:
    orders = {recorded.aggregate_id for recorded in events}
    return Tender.objects.filter(order__in=orders, state=State.AUTHORIZED)
