"""Money of an order, for any order."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.orders import pricing
from delivery.orders.pricing import Bill, Party, PricedLine

RATES = st.integers(0, 10_000)
AMOUNTS = st.integers(0, 10_000_000)


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    lines = draw(
        st.lists(st.builds(PricedLine, st.integers(1, 50), st.integers(0, 100_000), RATES), min_size=1, max_size=20)
    )
    return Bill(
        subtotal=pricing.subtotal(lines),
        lines_vat=sum(line.vat_amount for line in lines),
        delivery_fee=draw(AMOUNTS),
        tip=draw(AMOUNTS),
        commission_bp=draw(RATES),
        delivery_vat_bp=draw(RATES),
    )


def add(*postings: pricing.Amounts) -> dict[Party, int]:
    return {party: sum(posting.get(party, 0) for posting in postings) for party in Party}


@given(bills())
def test_every_posting_sums_to_zero(bill: Bill) -> None:
    postings = [
        pricing.placed(bill),
        pricing.undone(bill),
        pricing.captured(bill.total),
        pricing.refunded_by_platform(bill, tip_is_kept=True),
        pricing.refunded_by_platform(bill, tip_is_kept=False),
    ]
    assert [sum(posting.values()) for posting in postings] == [0] * 5


@given(bills())
def test_the_customer_owes_the_total_and_nothing_after_a_refund(bill: Bill) -> None:
    placed = pricing.placed(bill)
    assert placed[Party.CUSTOMER] == bill.subtotal + bill.delivery_fee + bill.tip
    assert set(add(placed, pricing.undone(bill)).values()) == {0}
    for tip_is_kept in (True, False):
        after = add(placed, pricing.refunded_by_platform(bill, tip_is_kept=tip_is_kept))
        assert after[Party.CUSTOMER] == 0
        assert after[Party.RESTAURANT] == placed[Party.RESTAURANT]
        assert after[Party.TAX] == -bill.lines_vat
        assert after[Party.DELIVERER] == (-bill.tip if tip_is_kept else 0)


@given(bills())
def test_after_capture_the_platform_owes_exactly_what_others_are_owed(bill: Bill) -> None:
    after = add(pricing.placed(bill), pricing.captured(bill.total))
    others = after[Party.RESTAURANT] + after[Party.DELIVERER] + after[Party.TAX]
    assert (after[Party.CUSTOMER], after[Party.PLATFORM]) == (0, -others)


@given(st.integers(1, 50), st.integers(0, 100_000), RATES)
def test_vat_lies_within_the_price_to_half_a_unit(quantity: int, unit_amount: int, rate: int) -> None:
    line = PricedLine(quantity, unit_amount, rate)
    exact = Fraction(line.amount * rate, 10_000 + rate)
    assert abs(line.vat_amount - exact) <= Fraction(1, 2)
    assert 0 <= line.vat_amount <= line.amount


@pytest.mark.parametrize(
    ("amount", "rate_bp", "vat"), [(950, 1000, 86), (290, 2000, 48), (1100, 1000, 100), (550, 550, 29), (1, 2000, 0)]
)
def test_known_vat(amount: int, rate_bp: int, vat: int) -> None:
    assert PricedLine(1, amount, rate_bp).vat_amount == vat
