"""The shapes of `rows` that deliverers get, for the description of the API."""

from datetime import datetime
from typing import Literal
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
