"""What a browser holds before an order exists, in its session: an address, and product ids with quantities."""

from collections.abc import MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from delivery.checkout.basket import Basket, BasketLine, Destination
from delivery.ground.geo import Point

ADDRESS = "address"
BASKET = "basket"
QUOTE = "quote"
LARGEST_QUANTITY = 50
MOST_LINES = 50

Session = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class HeldAddress:
    """Where to bring it. `reckoned_from`: the zone whose middle stands for the door; empty for a real position."""

    line: str
    lat: float
    lon: float
    access: dict[str, str] = field(default_factory=dict)
    reckoned_from: str = ""

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)

    @property
    def destination(self) -> Destination:
        return Destination(line=self.line, lat=self.lat, lon=self.lon, access=self.access)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A product by public id; `added_at` finds the price that its customer has seen."""

    product: str
    quantity: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class HeldBasket:
    """Lines of one restaurant (by public id), or nothing at all."""

    restaurant: str = ""
    lines: Sequence[HeldLine] = ()

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    def quantity(self, product: str) -> int:
        return next((line.quantity for line in self.lines if line.product == product), 0)

    def for_checkout(self, address: HeldAddress) -> Basket:
        lines = [BasketLine(line.product, line.quantity) for line in self.lines]
        return Basket(restaurant=self.restaurant, lines=lines, destination=address.destination)


def address_in(session: Session) -> HeldAddress | None:
    kept = session.get(ADDRESS)
    return HeldAddress(**kept) if kept else None


def keep_address(session: Session, address: HeldAddress) -> None:
    session[ADDRESS] = asdict(address)
    session.pop(QUOTE, None)


def basket_in(session: Session) -> HeldBasket:
    kept = session.get(BASKET, {})
    lines = [
        HeldLine(product, quantity, datetime.fromisoformat(added_at))
        for product, (quantity, added_at) in kept.get("lines", {}).items()
    ]
    return HeldBasket(kept.get("restaurant", ""), lines)


def put(session: Session, *, restaurant: str, product: str, quantity: int, now: datetime) -> None:
    """Hold so many of a product, 0 for none. Another restaurant's product begins a new basket."""
    kept = session.get(BASKET, {})
    lines = dict(kept["lines"]) if kept.get("restaurant") == restaurant else {}
    _, added_at = lines.get(product, (0, now.isoformat()))
    if quantity == 0:
        lines.pop(product, None)
    elif product in lines or len(lines) < MOST_LINES:
        lines[product] = [min(quantity, LARGEST_QUANTITY), added_at]
    session[BASKET] = {"restaurant": restaurant, "lines": lines} if lines else {}
    session.pop(QUOTE, None)


def forget_basket(session: Session) -> None:
    session.pop(BASKET, None)
    session.pop(QUOTE, None)
