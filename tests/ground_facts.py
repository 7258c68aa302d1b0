"""Facts without a trade, told about the one aggregate that has nothing above it: a city."""

from dataclasses import dataclass

from delivery.cities.models import City
from delivery.ground import outbox
from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class BoxOpened(Event):
    where: str


@dataclass(frozen=True, kw_only=True)
class BoxPainted(Event):
    colour: str


def new_city(slug: str, *, save: bool = True) -> City:
    """A city; saved with its first fact, unless told otherwise. Needs a transaction."""
    city = City(
        slug=slug,
        name=slug,
        timezone="Europe/Paris",
        currency="EUR",
        lat=45.0,
        lon=5.0,
        pay_per_order=350,
        pay_per_hour=1100,
    )
    if save:
        outbox.insert(city, BoxOpened(where=slug))
    return city
