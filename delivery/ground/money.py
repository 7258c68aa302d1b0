"""Money is an integer in minor units with an ISO 4217 currency; arithmetic never leaves integers."""

from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import format_currency, get_currency_precision


def exponent(currency: str) -> int:
    """Digits after the point of `currency` (EUR 2, CLP 0), from CLDR."""
    return get_currency_precision(currency)


def share(amount: int, basis_points: int) -> int:
    """`basis_points` (1/10,000) of `amount` minor units, rounded half to even."""
    return int((Decimal(amount) * basis_points / 10_000).quantize(Decimal(1), ROUND_HALF_EVEN))


def vat_within(gross: int, basis_points: int) -> int:
    """The VAT contained in a gross amount of minor units, rounded half to even."""
    vat = Decimal(gross) * basis_points / (10_000 + basis_points)
    return int(vat.quantize(Decimal(1), ROUND_HALF_EVEN))


def show(amount: int, currency: str, language: str) -> str:
    """`amount` minor units as people of `language` write it: "€9.80", "9,80 €"."""
    return format_currency(Decimal(amount).scaleb(-exponent(currency)), currency, locale=language)
