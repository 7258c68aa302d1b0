"""What callers of checkout hand in: plain values, no prices. Every amount is the server's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from delivery.ground.geo import Point
from delivery.orders.models import Channel, Fulfilment
from delivery.payments.models import Tender


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A product by public id, 1 to 50 times; `options`: answers to its choices, by public id."""

    product: str
    quantity: int
    note: str = ""
    options: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Where to bring it. `access`: values for AccessDetails.ACCESS_FIELDS."""

    line: str
    lat: float
    lon: float
    access: dict[str, str] = field(default_factory=dict)

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)


@dataclass(frozen=True, kw_only=True, slots=True)
class Basket:
    """What somebody wants from one restaurant, and where; `wanted_at` only for a preorder.

    `destination`: None for a collection, which ends at the restaurant's own counter.
    """

    restaurant: str
    lines: Sequence[BasketLine]
    destination: Destination | None
    wanted_at: datetime | None = None

    @property
    def fulfilment(self) -> Fulfilment:
        return Fulfilment.COLLECTION if self.destination is None else Fulfilment.PLATFORM


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """How an order is placed: from a quote by public id, or from a basket that is quoted on the spot.

    `expected_total`: what the customer was shown, tip included; another total is refused as price_changed.
    """

    wants: str | Basket
    customer_name: str
    customer_phone: str = ""
    tender: Tender.Kind = Tender.Kind.CARD
    tip: int = 0
    note: str = ""
    allergies: str = ""
    wanted_at: datetime | None = None
    expected_total: int | None = None
    channel: Channel = Channel.API
    language: str = "en"
