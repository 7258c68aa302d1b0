"""What each audience sees of routes, offers, deliverers and alarms, as JSON. Nobody gets a field not named here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from delivery.ground.clock import now, utc_text
from delivery.orders.models import Order
from dispatch.desk.models import Alarm, HandDispatch, LogEntry
from dispatch.fleet.models import Deliverer, Position
from dispatch.models import Offer, Route, Stop
from dispatch.transitions import OPEN_STOPS


def offer_for_deliverer(offer: Offer) -> dict[str, Any]:
    """An offer with all that a free decision needs: pay, distance, where to, until when. No name, phone or door code.

    Reads: route, its stops, their orders and restaurants.
    """
    return {
        "id": str(offer.public_id),
        "version": offer.version,
        "status": offer.status,
        "pay": offer.pay,
        "currency": offer.currency,
        "distance_m": offer.distance_m,
        "destination": {"line": offer.destination, "lat": offer.destination_lat, "lon": offer.destination_lon},
        "made_at": utc_text(offer.made_at),
        "expires_at": utc_text(offer.expires_at),
        "server_time": utc_text(now()),
        "stops": [_stop(stop) for stop in offer.route.stops.all()],
    }


def route_for_deliverer(route: Route) -> dict[str, Any]:
    """The route under way; what is said about a customer goes when the stop is closed.

    Reads: city, stops, their orders and restaurants.
    """
    return {
        "id": str(route.public_id),
        "version": route.version,
        "status": route.status,
        "pay": route.pay,
        "currency": route.city.currency,
        "distance_m": route.distance_m,
        "stops": [_stop(stop) | _visit(stop) for stop in route.stops.all()],
    }


def deliverer_for_self(deliverer: Deliverer, *, on_shift: bool) -> dict[str, Any]:
    return {
        "id": str(deliverer.public_id),
        "version": deliverer.version,
        "on_shift": on_shift,
        "offers_paused": deliverer.offers_paused_at is not None,
        "vehicle": deliverer.vehicle,
    }


class CityPerson(NamedTuple):
    """What a city's screen shows of somebody on shift."""

    public_id: UUID
    version: int
    vehicle: str
    offers_paused_at: datetime | None
    account__name: str


def deliverer_for_city(person: CityPerson) -> dict[str, Any]:
    """Only who is on shift is shown to a city."""
    return {
        "id": str(person.public_id),
        "version": person.version,
        "on_shift": True,
        "offers_paused": person.offers_paused_at is not None,
        "vehicle": person.vehicle,
        "name": person.account__name,
    }


class CityStop(NamedTuple):
    """What a city's screen shows of a stop."""

    kind: str
    status: str
    order: UUID
    lat: float
    lon: float


class CityRoute(NamedTuple):
    """What a city's screen shows of a route."""

    public_id: UUID
    version: int
    status: str
    deliverer: UUID | None


class CityOffer(NamedTuple):
    """The open offer of a route: to whom, until when."""

    deliverer: UUID
    expires_at: datetime


def route_for_city(route: CityRoute, stops: Sequence[CityStop], offer: CityOffer | None = None) -> dict[str, Any]:
    """Where it stands, for whom and with which orders; while it is only offered, to whom and until when."""
    return {
        "offered_to": str(offer.deliverer) if offer else None,
        "expires_at": utc_text(offer.expires_at) if offer else None,
        "id": str(route.public_id),
        "version": route.version,
        "status": route.status,
        "deliverer": str(route.deliverer) if route.deliverer else None,
        "stops": [
            {"kind": kind, "status": status, "order": str(order), "lat": lat, "lon": lon}
            for kind, status, order, lat, lon in stops
        ],
    }


def alarm_for_city(alarm: Alarm) -> dict[str, Any]:
    """Reads: assigned_to, owner."""
    return {
        "id": str(alarm.public_id),
        "version": alarm.version,
        "kind": alarm.kind,
        "subject": alarm.subject,
        "detail": alarm.detail,
        "opened_at": utc_text(alarm.opened_at),
        "assigned_to": alarm.assigned_to.name if alarm.assigned_to else None,
        "owner": alarm.owner.name if alarm.owner else None,
        "owner_id": str(alarm.owner.public_id) if alarm.owner else None,
        "snoozed_until": utc_text(alarm.snoozed_until) if alarm.snoozed_until else None,
        "taken_at": utc_text(alarm.taken_at) if alarm.taken_at else None,
        "closed_at": utc_text(alarm.closed_at) if alarm.closed_at else None,
        "close_reason": alarm.close_reason,
    }


def log_entry_for_city(entry: LogEntry) -> dict[str, Any]:
    """Reads: author."""
    return {
        "id": str(entry.public_id),
        "version": entry.version,
        "kind": entry.kind,
        "text": entry.text,
        "about": entry.about,
        "detail": entry.detail,
        "author": entry.author.name if entry.author else None,
        "written_at": utc_text(entry.written_at),
    }


def hand_dispatch_for_city(switch: HandDispatch) -> dict[str, Any]:
    """Who assigns by hand until when; an end that is over says that the planner proposes. Reads: author."""
    return {
        "version": switch.version,
        "author": switch.author.name,
        "since": utc_text(switch.since),
        "until": utc_text(switch.until),
    }


def position_for_city(position: Position) -> dict[str, Any]:
    """Reads: deliverer."""
    return {
        "deliverer": str(position.deliverer.public_id),
        "lat": position.lat,
        "lon": position.lon,
        "measured_at": utc_text(position.measured_at),
    }


def stop_for_deliverer(stop: Stop) -> dict[str, Any]:
    """Reads: order, restaurant."""
    return _stop(stop) | _visit(stop)


def _stop(stop: Stop) -> dict[str, Any]:
    shown = {
        "id": str(stop.public_id),
        "kind": stop.kind,
        "status": stop.status,
        "order": {"id": str(stop.order.public_id), "number": stop.order.number},
        "lat": stop.lat,
        "lon": stop.lon,
    }
    if stop.kind == Stop.Kind.PICKUP:
        shop = stop.order.restaurant
        shown |= {"name": shop.name, "address": {"line": shop.address_line}}
    return shown


def _visit(stop: Stop) -> dict[str, Any]:
    """Whom to ask for and how to reach the door, while the stop is to be visited."""
    if stop.kind == Stop.Kind.PICKUP or stop.status not in OPEN_STOPS:
        return {}
    order = stop.order
    access = {name: getattr(order, name) for name in Order.ACCESS_FIELDS}
    return {
        "name": order.customer_name.split(" ")[0],
        "phone": order.customer_phone,
        "address": {"line": order.address_line, **access},
    }
