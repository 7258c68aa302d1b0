"""What an order costs and who is owed what. Pure; amounts are minor units of one currency.

Prices include VAT (gross); the VAT within is computed per line and never added on top.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from delivery.ground.money import share, vat_within


class Party(StrEnum):
    """Who can owe money or be owed."""

    CUSTOMER = "customer"
    RESTAURANT = "restaurant"
    PLATFORM = "platform"
    DELIVERER = "deliverer"
    TAX = "tax"


Amounts = Mapping[Party, int]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line at the price of this moment."""

    quantity: int
    unit_amount: int
    vat_rate_bp: int

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_amount

    @property
    def vat_amount(self) -> int:
        return vat_within(self.amount, self.vat_rate_bp)


@dataclass(frozen=True, slots=True)
class Bill:
    """All that decides the money of an order.

    Attributes:
        subtotal: sum of the lines, VAT included; `lines_vat` of it is VAT.
        delivery_fee: VAT at `delivery_vat_bp` included.
        tip: the deliverer's, without VAT.
        commission_bp: the platform's share of the subtotal in 1/10,000.
    """

    subtotal: int
    lines_vat: int
    delivery_fee: int
    tip: int
    commission_bp: int
    delivery_vat_bp: int

    @property
    def total(self) -> int:
        return self.subtotal + self.delivery_fee + self.tip

    @property
    def commission(self) -> int:
        return share(self.subtotal, self.commission_bp)

    @property
    def delivery_vat(self) -> int:
        return vat_within(self.delivery_fee, self.delivery_vat_bp)


def with_options(base: int, options: Sequence[int]) -> int:
    """What one piece costs: the product's price and what its options add."""
    return base + sum(options)


def subtotal(lines: Sequence[PricedLine]) -> int:
    """The sum of the lines, VAT included."""
    return sum(line.amount for line in lines)


def placed(bill: Bill) -> Amounts:
    """What a placed order makes everybody owe (positive) or be owed (negative); sums to zero."""
    return {
        Party.CUSTOMER: bill.total,
        Party.RESTAURANT: -(bill.subtotal - bill.lines_vat - bill.commission),
        Party.PLATFORM: -(bill.commission + bill.delivery_fee - bill.delivery_vat),
        Party.DELIVERER: -bill.tip,
        Party.TAX: -(bill.lines_vat + bill.delivery_vat),
    }


def undone(bill: Bill) -> Amounts:
    """The exact reverse of `placed`: nobody keeps anything."""
    return {party: -amount for party, amount in placed(bill).items()}


def refunded_by_platform(bill: Bill, *, tip_is_kept: bool) -> Amounts:
    """The customer gets all back, the restaurant keeps its part and the VAT of its sale; the platform pays.

    A tip stays with the deliverer when the food was on its way (`tip_is_kept`).
    """
    kept = {Party.CUSTOMER: -bill.total, Party.TAX: bill.delivery_vat}
    if not tip_is_kept:
        kept[Party.DELIVERER] = bill.tip
    return kept | {Party.PLATFORM: -sum(kept.values())}


def captured(total: int) -> Amounts:
    """The customer has paid: the platform holds the money."""
    return {Party.CUSTOMER: -total, Party.PLATFORM: total}


def refunded(amount: int, *, bearer: Party) -> Amounts:
    """After the delivery: the customer is owed `amount`, and `bearer` pays; the sale and its VAT stay as they were."""
    return {Party.CUSTOMER: -amount, bearer: amount}


def paid_back(amount: int) -> Amounts:
    """What the customer was owed has left the platform's account."""
    return {Party.CUSTOMER: amount, Party.PLATFORM: -amount}
