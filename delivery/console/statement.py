"""The arithmetic of a restaurant's statement: what the ledger says of some days, split until it explains each cent."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Sum
from django.utils.translation import gettext as _

from delivery.console.amounts import written_amount
from delivery.ground import clock
from delivery.ground.money import share
from delivery.orders.ledger import PAYMENTS
from delivery.orders.models import LedgerEntry, Line
from delivery.orders.pricing import Party
from restaurants.models import Restaurant

FORMULA: Final = re.compile(r"^[\s]*[=+\-@\t\r\n|%]")
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
PLACED: Final = "placed"


@dataclass(slots=True)
class Sums:
    """Minor units. `sold` includes VAT; `taken_back` is what the restaurant lost again (negative) when orders ended
    badly; `receives` is the ledger's own word, `left_over` the sum of all parties: 0, or something is broken."""

    sold: int = 0
    vat: int = 0
    commission: int = 0
    taken_back: int = 0
    receives: int = 0
    left_over: int = 0

    def add(self, other: "Sums") -> None:
        for name in Sums.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def is_explained(self) -> bool:
        """Whether the parts add up to what the ledger owes the restaurant, and nothing is left."""
        parts = self.sold - self.vat - self.commission + self.taken_back
        return parts == self.receives and self.left_over == 0


@dataclass(slots=True)
class Entry:
    """What one movement of one order came to."""

    order_id: str
    number: str
    at: datetime
    kind: str
    sums: Sums


@dataclass(slots=True)
class Day:
    """One day on the restaurant's clocks."""

    date: date
    sums: Sums = field(default_factory=Sums)
    entries: list[Entry] = field(default_factory=list)

    @property
    def orders(self) -> int:
        return sum(entry.kind == PLACED for entry in self.entries)


def days_of(shop: Restaurant, first: date, count: int) -> list[Day]:
    """So many days from `first` on, each with its movements in the order of the ledger; two queries."""
    days = {first + timedelta(days=n): Day(first + timedelta(days=n)) for n in range(count)}
    start, end = (_midnight(shop, each) for each in (first, first + timedelta(days=count)))
    rows = list(
        LedgerEntry.objects.filter(order__restaurant=shop, posted_at__gte=start, posted_at__lt=end)
        .exclude(kind__in=PAYMENTS)
        .order_by("posted_at", "pk")
        .select_related("order")
    )
    lines = Line.objects.filter(order__in={row.order_id for row in rows}).values_list("order")
    vat = dict(lines.annotate(Sum("vat_amount")))
    for entry in _entries(rows, vat):
        day = days.get(clock.shown(shop.city, entry.at).date())
        if day is not None:
            day.entries.append(entry)
            day.sums.add(entry.sums)
    return list(days.values())


def total_of(days: Iterable[Day]) -> Sums:
    total = Sums()
    for day in days:
        total.add(day.sums)
    return total


def _entries(rows: Sequence[LedgerEntry], vat: dict[int, int]) -> list[Entry]:
    postings: dict[Any, list[LedgerEntry]] = {}
    for row in rows:
        postings.setdefault(row.posting, []).append(row)
    return [_entry(of_one, vat) for of_one in postings.values()]


def _entry(rows: Sequence[LedgerEntry], vat: dict[int, int]) -> Entry:
    order, kind = rows[0].order, rows[0].kind
    owed = -sum(row.amount for row in rows if row.party == Party.RESTAURANT)
    left_over = sum(row.amount for row in rows)
    if kind == PLACED:
        commission = share(order.subtotal, order.commission_bp)
        sums = Sums(order.subtotal, vat.get(order.pk, 0), commission, 0, owed, left_over)
    else:
        sums = Sums(taken_back=owed, receives=owed, left_over=left_over)
    return Entry(str(order.public_id), order.number, rows[0].posted_at, kind, sums)


def _midnight(shop: Restaurant, day: date) -> datetime:
    zone = clock.shown(shop.city, clock.now()).tzinfo
    return clock.real(shop.city, datetime(day.year, day.month, day.day, tzinfo=zone))


def as_csv(shop: Restaurant, days: Sequence[Day]) -> str:
    """A line per movement and one for the sum, for spreadsheets; no cell can start a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    heads = (_("Day"), _("Time"), _("Order"), _("What"), _("Sold"), _("VAT"), _("Commission"), _("Taken back"))
    writer.writerow(_cells([*heads, _("You receive"), _("Currency")]))
    for day in days:
        for entry in day.entries:
            time = f"{clock.shown(shop.city, entry.at):%H:%M}"
            writer.writerow(_cells([day.date.isoformat(), time, entry.number, entry.kind, *_amounts(shop, entry.sums)]))
    writer.writerow(_cells([_("Sum"), "", "", "", *_amounts(shop, total_of(days))]))
    return file.getvalue()


def _amounts(shop: Restaurant, sums: Sums) -> list[str]:
    currency = shop.city.currency
    parts = (sums.sold, -sums.vat, -sums.commission, sums.taken_back, sums.receives)
    return [*(written_amount(part, currency, "en") for part in parts), currency]


def _cells(texts: Iterable[str]) -> list[str]:
    """A text that a spreadsheet would run is made harmless by a quote before it; numbers stay numbers."""
    return [text if NUMBER.fullmatch(text) or not FORMULA.match(text) else f"'{text}" for text in texts]
