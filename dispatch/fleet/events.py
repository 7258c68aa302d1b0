"""Facts about deliverers."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class DelivererJoined(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class DelivererEquipped(Event):
    """What the deliverer has and may do from now on; None is no limit, no zones are all."""

    has_hot_bag: bool
    has_cold_bag: bool
    may_check_age: bool
    bag_room: int | None
    cash_limit: int | None
    zones: list[str]


@dataclass(frozen=True, kw_only=True)
class ShiftStarted(Event):
    shift_id: int


@dataclass(frozen=True, kw_only=True)
class ShiftEnded(Event):
    shift_id: int


@dataclass(frozen=True, kw_only=True)
class OffersPaused(Event):
    """Three silent offers: we ask "still there?" and offer nothing until one tap."""


@dataclass(frozen=True, kw_only=True)
class BreakStarted(Event):
    """A rest that the deliverer chose: no offers until one tap. It ends with `OffersResumed`."""


@dataclass(frozen=True, kw_only=True)
class OffersResumed(Event):
    pass
