"""What the demonstration's kitchens cook: cuisines/*.txt, one file each, and the choices of choices.txt.

A cuisine: `stations:` (the first takes what has no other), `minutes:` of preparation, `# heading`s of the menu, and
below them the dishes: name | price | station | allergens | choices | description. Prices are Chilean pesos with VAT.
"""

import functools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from restaurants.options import NewGroup, NewOption
from restaurants.services import NewProduct

VAT_BP = 1900
HERE = Path(__file__).parent
FEWEST_DISHES = 9


@dataclass(frozen=True, slots=True)
class Cuisine:
    """Stations and products of a kind of kitchen; how long it usually takes."""

    stations: Sequence[str]
    products: Sequence[NewProduct]
    prep_minutes: int


@functools.cache
def cuisine(name: str) -> Cuisine:
    """What cuisines/<name>.txt says."""
    lines = [line for line in (HERE / "cuisines" / f"{name}.txt").read_text().splitlines() if line]
    stations, minutes = (line.partition(": ")[2] for line in lines[:2])
    products: list[NewProduct] = []
    heading = ""
    for line in lines[2:]:
        if line.startswith("# "):
            heading = line.removeprefix("# ")
        else:
            products.append(_product(heading, *_columns(line, 6)))
    return Cuisine(stations.split(", "), products, int(minutes))


def menu_of(shop: str, kind: Cuisine) -> list[NewProduct]:
    """The menu of one shop: its own prices, and a dish that it leaves out; always the same for the same `shop`."""
    dice = zlib.crc32(shop.encode())
    factor = 0.94 + dice % 8 * 0.02
    left_out = dice % len(kind.products) if len(kind.products) > FEWEST_DISHES else None
    return [
        replace(product, amount=round(product.amount * factor / 100) * 100 - 10)
        for place, product in enumerate(kind.products)
        if place != left_out
    ]


def _product(
    category: str, name: str, amount: str, station: str, allergens: str, choices: str, description: str
) -> NewProduct:
    return NewProduct(
        name=name,
        amount=int(amount),
        vat_rate_bp=VAT_BP,
        category=category,
        station=station,
        description=description,
        allergens=allergens.split(),
        choices=[_choices()[choice] for choice in choices.split()],
    )


@functools.cache
def _choices() -> dict[str, NewGroup]:
    """The choices of choices.txt: key | name | fewest | most | option +amount; option ..."""
    groups = {}
    for line in (HERE / "choices.txt").read_text().splitlines():
        key, name, fewest, most, options = _columns(line, 5)
        answers = [option.strip().partition(" +") for option in options.split(";")]
        offered = [NewOption(answer, int(amount or 0)) for answer, _, amount in answers]
        groups[key] = NewGroup(name, offered, fewest=int(fewest), most=int(most))
    return groups


def _columns(line: str, count: int) -> list[str]:
    """The columns of a line; those that it leaves out are empty."""
    columns = [column.strip() for column in line.split("|")]
    return columns + [""] * (count - len(columns))
