"""Facts about cities."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class CityOpened(Event):
    """The platform delivers here from now on."""

    currency: str
