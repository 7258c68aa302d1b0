"""Facts about cities."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class CityOpened(Event):
    """The platform delivers here from now on."""

    currency: str


@dataclass(frozen=True, kw_only=True)
class LeverPulled(Event):
    """From now until an instant (RFC 3339) the city, or a zone of it, works otherwise."""

    lever: str
    zone_id: int | None
    amount: int | None
    fee: int
    until: str


@dataclass(frozen=True, kw_only=True)
class LeverEnded(Event):
    """By hand, or because its time was over."""

    lever: str
    zone_id: int | None


@dataclass(frozen=True, kw_only=True)
class CityChanged(Event):
    """The office has set other rules; `fields` are their names."""

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class ZoneChanged(Event):
    """Recorded on the city: a zone was drawn, or has another border, fee or name."""

    zone_id: int
    name: str
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class DispatcherAppointed(Event):
    """Recorded on the city. `account`: public id."""

    account: str


@dataclass(frozen=True, kw_only=True)
class DispatcherReleased(Event):
    """Recorded on the city. `account`: public id."""

    account: str
