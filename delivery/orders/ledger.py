"""The one writer of money. Entries are append-only and sum to zero per order: triggers hold both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum

from delivery.ground.ids import new_public_id
from delivery.orders.models import Bearer, LedgerEntry, Order
from delivery.orders.pricing import Amounts, Party

# Kinds that move money which was owed already: they change nothing of what was sold.
PAYMENTS: Final = ("captured", "paid_back")
REFUNDED: Final = "refunded"


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement of money: who owes more (positive) or less, and for what."""

    order: Order
    kind: str
    amounts: Amounts
    borne_by: Bearer | None = None


def post(order: Order, kind: str, amounts: Amounts, *, borne_by: Bearer | None = None) -> None:
    """Write one movement of money of an order.

    Raises:
        ValueError: the amounts do not sum to zero.
    """
    post_all([Posting(order, kind, amounts, borne_by)])


def post_all(postings: Sequence[Posting]) -> None:
    """Write many movements in one statement; zero amounts move nothing and leave no entry."""
    for posting in postings:
        if sum(posting.amounts.values()):
            raise ValueError(f"{posting.kind} of order {posting.order.pk} does not sum to zero")
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            order=posting.order,
            posting=posting_id,
            kind=posting.kind,
            party=party.value,
            amount=amount,
            currency=posting.order.currency,
            borne_by=posting.borne_by.value if posting.borne_by else "",
        )
        for posting, posting_id in [(posting, new_public_id()) for posting in postings]
        for party, amount in posting.amounts.items()
        if amount
    )


def balances(order: Order) -> dict[Party, int]:
    """What each party owes (positive) or is owed (negative) now; sums to zero."""
    owed: dict[Party, int] = {}
    for party, amount in LedgerEntry.objects.filter(order=order).values_list("party", "amount"):
        owed[Party(party)] = owed.get(Party(party), 0) + amount
    return owed


def refunded_so_far(order: Order) -> int:
    """What its customer was given back after the delivery, paid out or not."""
    given = LedgerEntry.objects.filter(order=order, kind=REFUNDED, party=Party.CUSTOMER.value)
    return -int(given.aggregate(sum=Sum("amount"))["sum"] or 0)
