"""What each audience sees of an order, as JSON. Nobody gets a field that is not named for them here."""

from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from delivery.ground.clock import utc_text
from delivery.orders.models import Line, Order, StationWork
from delivery.orders.transitions import legal_actions

INSTANTS = (
    "placed_at",
    "accept_by",
    "wanted_at",
    "accepted_at",
    "cook_at",
    "ready_eta",
    "ready_at",
    "promised_from",
    "promised_until",
    "picked_up_at",
    "delivered_at",
    "closed_at",
)


def for_customer(order: Order) -> dict[str, Any]:
    """The order of `order.<id>` and of GET /orders/{id}: everything of its own, nothing of anybody else.

    Reads: restaurant, city, lines.
    """
    return {
        **_common(order),
        **_instants(order),
        "restaurant": {
            "id": str(order.restaurant.public_id),
            "name": order.restaurant.name,
            "lat": order.restaurant.lat,
            "lon": order.restaurant.lon,
        },
        "address": {"line": order.address_line, "lat": order.lat, "lon": order.lon},
        "lines": [_line(line) for line in order.lines.all()],
        "subtotal": order.subtotal,
        "delivery_fee": order.delivery_fee,
        "tip": order.tip,
        "total": order.total,
        "currency": order.currency,
        "note": order.note,
        "close_reason": order.close_reason,
    }


def for_kitchen(order: Order) -> dict[str, Any]:
    """The order of `kitchen.<restaurant>`: what to cook, for whom to call; neither phone nor address.

    Reads: lines.
    """
    return {
        **_common(order),
        **_instants(order),
        "actions": [action.value for action in legal_actions(order.status)],
        "channel": order.channel,
        "fulfilment": order.fulfilment,
        "customer_name": order.customer_name,
        "lines": [_line(line) | {"station": line.station, "allergens": line.allergens} for line in order.lines.all()],
        "note": order.note,
        "allergies": order.allergies,
        "total": order.total,
        "currency": order.currency,
    }


def for_cooks(work: StationWork) -> dict[str, Any]:
    """One station's share of an order on `kitchen.<restaurant>`. Reads: order."""
    return {
        "id": str(work.public_id),
        "version": work.version,
        "order": str(work.order.public_id),
        "station": work.station,
        "done": work.done,
        "bumped_at": _text(work.bumped_at),
        "seen_cancelled_at": _text(work.seen_cancelled_at),
    }


class CityOrder(NamedTuple):
    """The columns of an order that a city's screen shows: thousands of them are read without whole models."""

    public_id: UUID
    number: str
    status: str
    version: int
    fulfilment: str
    ready_eta: datetime | None
    ready_at: datetime | None
    placed_at: datetime
    accept_by: datetime | None
    promised_until: datetime | None
    lat: float | None
    lon: float | None
    restaurant__public_id: UUID
    restaurant__name: str
    restaurant__lat: float
    restaurant__lon: float

    @classmethod
    def of(cls, order: Order) -> Self:
        """Reads: restaurant."""
        shop = order.restaurant
        own = (getattr(order, name) for name in cls._fields[:-4])
        return cls._make((*own, shop.public_id, shop.name, shop.lat, shop.lon))


def for_city(order: CityOrder) -> dict[str, Any]:
    """The order of `city.<city>`: where it stands and when it is due; details come by HTTP."""
    return {
        "id": str(order.public_id),
        "number": order.number,
        "status": order.status,
        "version": order.version,
        "restaurant": str(order.restaurant__public_id),
        "shop": order.restaurant__name,
        "shop_lat": order.restaurant__lat,
        "shop_lon": order.restaurant__lon,
        "fulfilment": order.fulfilment,
        "ready_eta": _text(order.ready_at or order.ready_eta),
        "placed_at": _text(order.placed_at),
        "accept_by": _text(order.accept_by),
        "promised_until": _text(order.promised_until),
        "lat": order.lat,
        "lon": order.lon,
    }


def _common(order: Order) -> dict[str, Any]:
    return {"id": str(order.public_id), "number": order.number, "status": order.status, "version": order.version}


def _instants(order: Order) -> dict[str, str | None]:
    return {name: _text(getattr(order, name)) for name in INSTANTS}


def _text(instant: datetime | None) -> str | None:
    return utc_text(instant) if instant else None


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "quantity": line.quantity,
        "unit_amount": line.unit_amount,
        "amount": line.amount,
        "options": line.options,
        "note": line.note,
    }
