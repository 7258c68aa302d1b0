"""Amounts as people read them: the currency's own sign, its digits, the language's way."""

import pytest

from delivery.ground import money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        (9990, "CLP", "es", "$9.990"),
        (9990, "CLP", "en", "$9,990"),
        (9990, "CLP", "fr", "9\u202f990\u00a0$"),
        (1234567, "CLP", "es", "$1.234.567"),
        (0, "CLP", "es", "$0"),
        (980, "EUR", "en", "€9.80"),
        (980, "EUR", "fr", "9,80\u00a0€"),
        (980, "EUR", "es", "9,80\u00a0€"),
        (980, "USD", "en", "$9.80"),
        (5, "XAF", "en", "FCFA5"),
    ],
)
def test_an_amount_is_written_as_at_home(amount: int, currency: str, language: str, written: str) -> None:
    assert money.show(amount, currency, language) == written


def test_pesos_have_no_smaller_part() -> None:
    assert money.exponent("CLP") == 0
    assert money.vat_within(11_900, 1900) == 1_900
    assert money.vat_within(9_990, 1900) == 1_595
    assert money.share(9_990, 2000) == 1_998
