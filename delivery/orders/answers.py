"""The shapes of `rows`, for the description of the API."""

from datetime import datetime
from uuid import UUID

from delivery.ground.openapi import Answer


class PlaceAnswer(Answer):
    id: UUID
    name: str
    lat: float
    lon: float


class AddressAnswer(Answer):
    line: str
    lat: float
    lon: float


class OptionAnswer(Answer):
    """An answer to a choice of the product; `unit_amount` counts its amount already."""

    group: str
    name: str
    amount: int


class LineAnswer(Answer):
    """Amounts in minor units of the order's currency."""

    name: str
    quantity: int
    unit_amount: int
    amount: int
    options: list[OptionAnswer]
    note: str


class KitchenLineAnswer(LineAnswer):
    station: str
    allergens: list[str]


class OrderAnswer(Answer):
    """What every audience sees; instants are RFC 3339 UTC."""

    id: UUID
    number: str
    status: str
    version: int
    placed_at: datetime
    accept_by: datetime | None
    wanted_at: datetime | None
    accepted_at: datetime | None
    cook_at: datetime | None
    ready_eta: datetime | None
    ready_at: datetime | None
    promised_from: datetime | None
    promised_until: datetime | None
    picked_up_at: datetime | None
    delivered_at: datetime | None
    closed_at: datetime | None
    note: str
    total: int
    currency: str


class CustomerOrder(OrderAnswer):
    restaurant: PlaceAnswer
    address: AddressAnswer
    lines: list[LineAnswer]
    subtotal: int
    delivery_fee: int
    tip: int
    close_reason: str


class PlacedOrder(CustomerOrder):
    """`tracking_url` is a path; who has the link may follow."""

    tracking_token: str
    tracking_url: str


class KitchenOrder(OrderAnswer):
    """`actions`: the steps that are legal now."""

    actions: list[str]
    channel: str
    fulfilment: str
    customer_name: str
    lines: list[KitchenLineAnswer]
    allergies: str
