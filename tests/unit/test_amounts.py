"""Money as people of three languages type it."""

import pytest

from delivery.console.amounts import parse_amount, written_amount


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("10.50", "EUR", 1050),
        ("10,50", "EUR", 1050),
        ("10,5", "EUR", 1050),
        (" 1 240,00 ", "EUR", 124_000),
        ("1.240,00", "EUR", 124_000),
        ("1,240.00", "EUR", 124_000),
        ("1\u202f240", "EUR", 124_000),
        ("0", "EUR", 0),
        ("9.800", "CLP", 9800),
        ("9800", "CLP", 9800),
        ("12.345.678", "CLP", 12_345_678),
        ("1.250", "EUR", 125_000),
        ("10.505", "CLP", 10_505),
        ("10.5", "CLP", None),
        ("10.5055", "EUR", None),
        ("-1", "EUR", None),
        ("", "EUR", None),
        ("ten", "EUR", None),
        ("1e5", "EUR", None),
        ("12,34,5", "EUR", None),
        ("9999999999", "CLP", None),
    ],
)
def test_an_amount_is_read_as_it_is_meant(text: str, currency: str, amount: int | None) -> None:
    assert parse_amount(text, currency) == amount


@pytest.mark.parametrize(
    ("amount", "currency"), [(1050, "EUR"), (0, "EUR"), (9800, "CLP"), (5, "EUR"), (124_000, "EUR")]
)
def test_what_a_field_shows_is_read_back(amount: int, currency: str) -> None:
    for language in ("en", "fr", "es"):
        assert parse_amount(written_amount(amount, currency, language), currency) == amount
