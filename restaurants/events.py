"""Facts about restaurants."""

from dataclasses import dataclass, field

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class RestaurantOpened(Event):
    """The restaurant joined the platform."""


@dataclass(frozen=True, kw_only=True)
class MenuChanged(Event):
    """`names`: the first things that changed, for people who read the menu's history. `made_at`: after all of them."""

    menu_version: int
    what: str
    names: list[str] = field(default_factory=list)
    made_at: str = ""


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
