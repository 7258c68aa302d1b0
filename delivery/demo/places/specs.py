"""What the demonstration knows of a city before its rows exist: zones in Python, shops and homes in text files.

shops.txt: city | slug | name | cuisine | printers | street and number | lat | lon | opening hours.
homes.txt: city | customer | street and number | lat | lon. Streets are real, everything else is invented.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from delivery.demo import menus

TIMEZONE = "America/Santiago"
CURRENCY = "CLP"
VAT_BP = 1900
HERE = Path(__file__).parent
Spot = tuple[float, float]  # lat, lon


@dataclass(frozen=True, slots=True)
class ZoneSpec:
    """`border` lists the corners, "lat,lon lat,lon ..."; amounts are pesos."""

    name: str
    fee: int
    minimum: int
    border: str

    @property
    def ring(self) -> list[list[float]]:
        """The corners as a zone stores them: [lon, lat] pairs."""
        corners = (corner.split(",") for corner in self.border.split())
        return [[float(lon), float(lat)] for lat, lon in corners]


@dataclass(frozen=True, slots=True)
class RestaurantSpec:
    """`kind`: a file of cuisines/; `printers`: one in the kitchen, or a second at the counter."""

    slug: str
    name: str
    kind: str
    printers: int
    street: str
    at: Spot
    hours: str

    @property
    def cuisine(self) -> menus.Cuisine:
        return menus.cuisine(self.kind)


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """A customer, and where she eats."""

    name: str
    street: str
    home: Spot


@dataclass(frozen=True)
class CitySpec:
    slug: str
    name: str
    centre: Spot
    zones: Sequence[ZoneSpec]
    dispatcher: str

    @functools.cached_property
    def restaurants(self) -> Sequence[RestaurantSpec]:
        return [
            RestaurantSpec(slug, name, kind, int(printers), street, (float(lat), float(lon)), hours)
            for slug, name, kind, printers, street, lat, lon, hours in _of_city("shops.txt", self.slug)
        ]

    @functools.cached_property
    def customers(self) -> Sequence[PersonSpec]:
        return [
            PersonSpec(name, street, (float(lat), float(lon)))
            for name, street, lat, lon in _of_city("homes.txt", self.slug)
        ]


def _of_city(file: str, slug: str) -> list[list[str]]:
    """The lines of a city in a text file, without its slug."""
    lines = ([column.strip() for column in line.split("|")] for line in (HERE / file).read_text().splitlines())
    return [rest for city, *rest in lines if city == slug]
