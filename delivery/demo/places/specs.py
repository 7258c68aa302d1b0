"""What the demonstration knows of a city before its rows exist."""

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.demo import menus

TIMEZONE = "America/Santiago"
CURRENCY = "CLP"
VAT_BP = 1900
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
    name: str
    slug: str
    street: str
    at: Spot
    cuisine: menus.Cuisine


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """A customer, and where she eats."""

    name: str
    street: str
    home: Spot


@dataclass(frozen=True, slots=True)
class CitySpec:
    slug: str
    name: str
    centre: Spot
    zones: Sequence[ZoneSpec]
    restaurants: Sequence[RestaurantSpec]
    customers: Sequence[PersonSpec]
    deliverers: Sequence[str]
    dispatcher: str
