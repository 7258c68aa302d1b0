"""Money is an integer in minor units with an ISO 4217 currency; arithmetic never leaves integers."""

import functools
from decimal import ROUND_HALF_EVEN, Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol


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
    """`amount` minor units as people of `language` write it: "€9.80", "9,80 €".

    In the currency's own country its sign alone is enough: pesos of Chile are "$9.990" in Spanish, "$9,990" in English,
    never "CLP9,990". A page shows money of one city, so nobody takes them for another country's.
    """
    locale, sign = _way_to_write(currency, language)
    written = format_currency(Decimal(amount).scaleb(-exponent(currency)), currency, locale=locale)
    return written.replace(get_currency_symbol(currency, locale), sign)


@functools.cache
def _way_to_write(currency: str, language: str) -> tuple[Locale, str]:
    """The language as its country writes it, if it has its own way there, and the currency's sign at home."""
    own = Locale.parse(language)
    country = currency[:2]  # ISO 4217 begins with the country of ISO 3166
    try:
        home = Locale.parse(f"und_{country}")
    except UnknownLocaleError:
        return own, get_currency_symbol(currency, own)
    locale = home if home.language == own.language and own.territory is None else own
    return locale, get_currency_symbol(currency, home)
