"""Facts about orders. Instants are ISO 8601 in UTC; the rows hold the rest."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    restaurant_id: int
    total: int
    currency: str
    accept_by: str


@dataclass(frozen=True, kw_only=True)
class AnswerTimeMoved(Event):
    """The counter could not answer while the platform was away, and has that time on top."""

    restaurant_id: int
    accept_by: str


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(Event):
    restaurant_id: int
    promised_from: str
    promised_until: str
    cook_at: str


@dataclass(frozen=True, kw_only=True)
class OrderRejected(Event):
    restaurant_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderExpired(Event):
    restaurant_id: int


@dataclass(frozen=True, kw_only=True)
class CookingStarted(Event):
    """`cook_at` has come: the kitchen ticket is released."""

    restaurant_id: int


@dataclass(frozen=True, kw_only=True)
class OrderDelayed(Event):
    """The kitchen needs longer; the customer's promise moved with notice."""

    restaurant_id: int
    ready_eta: str
    promised_until: str


@dataclass(frozen=True, kw_only=True)
class OrderReady(Event):
    restaurant_id: int


@dataclass(frozen=True, kw_only=True)
class OrderPickedUp(Event):
    restaurant_id: int


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Event):
    restaurant_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    restaurant_id: int
    reason: str
    borne_by: str
    was: str


@dataclass(frozen=True, kw_only=True)
class OrderFailed(Event):
    restaurant_id: int
    reason: str
    borne_by: str


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Event):
    """Part of the money, or all of it, goes back after the delivery; `amount`: minor units of the order's currency."""

    restaurant_id: int
    amount: int
    reason: str
    borne_by: str


@dataclass(frozen=True, kw_only=True)
class OrderUnheard(Event):
    """No device at the counter has rung for it in time; recorded on the order."""

    restaurant_id: int


@dataclass(frozen=True, kw_only=True)
class StationFact(Event):
    """About one station's share of an order; recorded on its StationWork."""

    order_id: int
    station: str


@dataclass(frozen=True, kw_only=True)
class LinesTicked(StationFact):
    """`done`: positions of the lines that are cooked now."""

    done: list[int]


@dataclass(frozen=True, kw_only=True)
class StationFinished(StationFact):
    pass


@dataclass(frozen=True, kw_only=True)
class StationRecalled(StationFact):
    """Finished by mistake: the ticket hangs in its place again."""


@dataclass(frozen=True, kw_only=True)
class CancellationSeen(StationFact):
    """The cooks of the station know that the order was called off."""
