"""The shapes of `rows` that deliverers get, for the description of the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from delivery.ground.openapi import Answer


class OrderName(Answer):
    id: UUID
    number: str


class DoorAnswer(Answer):
    """A counter has its line only; a door has its access details while it is to be visited."""

    line: str
    building: str | None = None
    stairs: str | None = None
    floor: str | None = None
    door: str | None = None
    door_code: str | None = None
    intercom: str | None = None
    access_note: str | None = None


class StopAnswer(Answer):
    id: UUID
    kind: Literal["pickup", "dropoff"]
    status: str
    order: OrderName
    lat: float
    lon: float
    name: str | None = None
    phone: str | None = None
    address: DoorAnswer | None = None


class DestinationAnswer(Answer):
    line: str
    lat: float
    lon: float


class OfferAnswer(Answer):
    """`pay` in minor units of `currency`; count down from `expires_at` - `server_time`."""

    id: UUID
    version: int
    status: str
    pay: int
    currency: str
    distance_m: int
    destination: DestinationAnswer
    made_at: datetime
    expires_at: datetime
    server_time: datetime
    stops: list[StopAnswer]


class RouteAnswer(Answer):
    id: UUID
    version: int
    status: str
    pay: int
    currency: str
    distance_m: int
    stops: list[StopAnswer]


class OffersAnswer(Answer):
    offers: list[OfferAnswer]
    route: RouteAnswer | None


class AcceptedOffer(Answer):
    route: RouteAnswer | None


class DeclinedOffer(Answer):
    id: UUID
    version: int
    status: str


class OwnRoute(Answer):
    id: UUID
    version: int
    status: str


class VisitedStop(StopAnswer):
    """The stop after the act, and its route's new version."""

    route: OwnRoute


class HandedBackStop(Answer):
    """A counter whose order somebody else will fetch: it is not on this deliverer's route any more."""

    id: UUID
    status: str
    route: None


class CityStop(Answer):
    kind: Literal["pickup", "dropoff"]
    status: str
    order: UUID
    lat: float
    lon: float


class CityRoute(Answer):
    id: UUID
    version: int
    status: str
    offered_to: UUID | None
    expires_at: datetime | None
    deliverer: UUID | None
    stops: list[CityStop]


class PositionAnswer(Answer):
    deliverer: UUID
    lat: float
    lon: float
    measured_at: datetime


class PositionsAnswer(Answer):
    positions: list[PositionAnswer]


class AlarmAnswer(Answer):
    """`owner`: who looks after it; `assigned_to`: who is asked to."""

    id: UUID
    version: int
    kind: str
    subject: str
    detail: dict[str, Any]
    opened_at: datetime
    assigned_to: str | None
    owner: str | None
    owner_id: UUID | None
    snoozed_until: datetime | None
    taken_at: datetime | None
    closed_at: datetime | None
    close_reason: str
