"""Money as people type it: "10.50", "10,50", "1 240,00", "9.800" where the currency has no cents."""

import re
from decimal import Decimal

from babel.numbers import format_decimal

from delivery.ground import money

SEPARATORS = re.compile(r"[\s'’\u00a0\u202f]")
WRITTEN = re.compile(r"\d{1,9}(?:\.\d+)?")


def parse_amount(text: str, currency: str) -> int | None:
    """Minor units of the currency; None when it is no amount, or has more digits than the currency."""
    digits = SEPARATORS.sub("", text.strip())
    exponent = money.exponent(currency)
    whole, _, cents = _split(digits, exponent)
    written = f"{whole}.{cents}" if cents else whole
    if not WRITTEN.fullmatch(written) or len(cents) > exponent:
        return None
    return int(Decimal(written).scaleb(exponent))


def _split(digits: str, exponent: int) -> tuple[str, str, str]:
    """Before and after the decimal sign: the last point or comma that groups of three do not explain."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits, "", ""
    is_group = len(digits) - last - 1 == 3 and exponent != 3
    if is_group:
        return re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits), "", ""
    return re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits[:last]), digits[last], digits[last + 1 :]


def written_amount(amount: int, currency: str, language: str) -> str:
    """The amount as a field shows it, without currency or groups: "10.50", "10,50"."""
    exponent = money.exponent(currency)
    pattern = f"0.{'0' * exponent}" if exponent else "0"
    return format_decimal(Decimal(amount).scaleb(-exponent), pattern, locale=language)
