"""Facts about routes, offers and stops."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class RoutePlanned(Event):
    order_ids: list[int]
    decision: str


@dataclass(frozen=True, kw_only=True)
class RouteAssigned(Event):
    deliverer_id: int
    order_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class RouteWithdrawn(Event):
    deliverer_id: int | None
    order_ids: list[int]
    reason: str


@dataclass(frozen=True, kw_only=True)
class RouteChanged(Event):
    """Orders joined or left a live route; the stops that remain keep their order."""

    deliverer_id: int | None
    joined_order_ids: list[int]
    left_order_ids: list[int]
    reason: str


@dataclass(frozen=True, kw_only=True)
class RouteDone(Event):
    deliverer_id: int
    order_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class StopArrived(Event):
    """Recorded on the route: one of its stops was reached."""

    deliverer_id: int
    stop_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class StopCompleted(Event):
    deliverer_id: int
    stop_id: int
    order_id: int
    stop_kind: str
    proof: str = ""


@dataclass(frozen=True, kw_only=True)
class NobodyAnswered(Event):
    """Recorded on the route: the deliverer stands at a door that stays shut, and waits from now on."""

    deliverer_id: int
    stop_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class StopFailed(Event):
    deliverer_id: int
    stop_id: int
    order_id: int
    stop_kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WeightsSet(Event):
    """The planner of the city weighs otherwise, or does so on trial; `values` differ from the engine's own."""

    use: str
    number: int
    values: dict[str, float]
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    deliverer_id: int
    route_id: int
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class OfferProlonged(Event):
    """Nobody could answer while the platform was away: that time comes on top."""

    deliverer_id: int
    route_id: int
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    deliverer_id: int
    route_id: int


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(Event):
    deliverer_id: int
    route_id: int


@dataclass(frozen=True, kw_only=True)
class OfferExpired(Event):
    deliverer_id: int
    route_id: int


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(Event):
    deliverer_id: int
    route_id: int
    reason: str
