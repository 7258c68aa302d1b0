"""Facts about restaurants."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class RestaurantOpened(Event):
    """The restaurant joined the platform."""


@dataclass(frozen=True, kw_only=True)
class MenuChanged(Event):
    menu_version: int
    what: str


@dataclass(frozen=True, kw_only=True)
class RestaurantPaused(Event):
    until: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class RestaurantResumed(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class RestaurantBusy(Event):
    """Every dish takes longer until an instant."""

    extra_s: int
    until: str


@dataclass(frozen=True, kw_only=True)
class RestaurantCalm(Event):
    pass
