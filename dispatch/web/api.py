"""GET /offers, the answers to them, the visits of a route; what dispatchers do about orders and alarms."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import AwareDatetime, Base64Bytes, Field

from delivery.cities.models import City
from delivery.cities.selectors import watches
from delivery.ground.api import ApiRequest, Body, idempotency_key, once
from delivery.ground.errors import NotAllowed, NotFound
from delivery.ground.openapi import with_key
from delivery.orders.models import Order
from delivery.orders.selectors import may_see
from dispatch import rows, selectors
from dispatch.answers import (
    AcceptedOffer,
    AlarmAnswer,
    CityRoute,
    DeclinedOffer,
    HandedBackStop,
    OffersAnswer,
    PositionsAnswer,
    VisitedStop,
)
from dispatch.desk import services as desk
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Deliverer, Position
from dispatch.models import Stop
from dispatch.services import assign, offers, stops
from dispatch.services.handover import Handover, count_wrong_pin
from dispatch.web.photos import clean_photo

router = Router(tags=["dispatch"])


class Step(Body):
    """`version`: the one the caller has seen (of a stop: its route's); another is refused with 409."""

    version: int | None = Field(None, ge=1, strict=True)


class Visit(Step):
    """`happened_at`: when it happened, if it is told later; never taken as in the future or before the assignment."""

    happened_at: AwareDatetime | None = None


class Completion(Visit):
    """Proof at a door, as its city asks for it. `pin`: the customer's four digits. `photo`: a JPEG in base64."""

    pin: str = Field("", max_length=12)
    photo: Base64Bytes | None = Field(None, max_length=700_000)
    left_at_door: bool = False


class Failure(Step):
    reason: str = Field(min_length=1, max_length=60)


class Assignment(Body):
    deliverer: UUID


class Closing(Step):
    reason: str = Field(min_length=1, max_length=60)


@router.get("/offers", url_name="offers", response=OffersAnswer)
def read_offers(request: ApiRequest) -> HttpResponse:
    """The deliverer's open offers and the route under way."""
    me = _deliverer(request)
    route = selectors.live_route_of(me.pk)
    shown = {
        "offers": [rows.offer_for_deliverer(offer) for offer in selectors.open_offers_of(me.pk)],
        "route": rows.route_for_deliverer(route) if route else None,
    }
    return JsonResponse(shown)


@router.post("/offers/{offer_id}/accept", url_name="accept_offer", response=AcceptedOffer)
@once
def accept(request: ApiRequest, offer_id: UUID, body: Step) -> tuple[int, dict[str, Any]]:
    """Take the route. 409 `offer_expired` or `offer_taken` when it is no longer open."""
    me = _deliverer(request)
    offers.accept_offer(offer_id=offer_id, deliverer_id=me.pk, by=request.actor.ref, version=body.version)
    route = selectors.live_route_of(me.pk)
    return 200, {"route": rows.route_for_deliverer(route) if route else None}


@router.post("/offers/{offer_id}/decline", url_name="decline_offer", response=DeclinedOffer)
@once
def decline(request: ApiRequest, offer_id: UUID, body: Step) -> tuple[int, dict[str, Any]]:
    """Say no; nothing about it is held against the deliverer."""
    me = _deliverer(request)
    offer = offers.decline_offer(offer_id=offer_id, deliverer_id=me.pk, by=request.actor.ref, version=body.version)
    return 200, {"id": str(offer.public_id), "version": offer.version, "status": offer.status}


@router.post("/stops/{stop_id}/arrive", url_name="arrive_stop", response=VisitedStop)
@once
def arrive(request: ApiRequest, stop_id: UUID, body: Visit) -> tuple[int, dict[str, Any]]:
    """Stand at the counter or at the door."""
    stop = stops.arrive_stop(
        stop_id=stop_id,
        deliverer_id=_deliverer(request).pk,
        by=request.actor.ref,
        version=body.version,
        happened_at=body.happened_at,
    )
    return _after(stop)


@router.post("/stops/{stop_id}/complete", url_name="complete_stop", response=VisitedStop)
@with_key
def complete(request: ApiRequest, stop_id: UUID, body: Completion) -> HttpResponse:
    """The bag changed hands. 409 `stop_out_of_order` at a door whose bag was not picked up.

    422 `pin_wrong`, `pin_needed`, `photo_needed`, `photo_unreadable`; 409 `pin_locked` after five wrong codes.
    """
    wrong = count_wrong_pin(
        stop_id=stop_id, deliverer_id=_deliverer(request).pk, pin=body.pin, key=idempotency_key(request)
    )
    if wrong is not None:
        raise wrong
    return _complete(request, stop_id, body)


@once
def _complete(request: ApiRequest, stop_id: UUID, body: Completion) -> tuple[int, dict[str, Any]]:
    stop = stops.complete_stop(
        stop_id=stop_id,
        deliverer_id=_deliverer(request).pk,
        by=request.actor.ref,
        version=body.version,
        happened_at=body.happened_at,
        handover=Handover(
            pin=body.pin,
            photo=clean_photo(body.photo) if body.photo is not None else None,
            is_left=body.left_at_door,
        ),
    )
    return _after(stop)


@router.post("/stops/{stop_id}/fail", url_name="fail_stop", response=VisitedStop | HandedBackStop)
@once
def fail(request: ApiRequest, stop_id: UUID, body: Failure) -> tuple[int, dict[str, Any]]:
    """The visit came to nothing: at a door the order has failed, at a counter somebody else will fetch it."""
    me = _deliverer(request)
    stop = stops.fail_stop(
        stop_id=stop_id, deliverer_id=me.pk, reason=body.reason, by=request.actor.ref, version=body.version
    )
    return _after(stop)


@router.post("/orders/{order_id}/assign", url_name="assign_order", response=CityRoute)
@once
def assign_order(request: ApiRequest, order_id: UUID, body: Assignment) -> tuple[int, dict[str, Any]]:
    """A dispatcher gives the order to a deliverer, or takes it from one for another."""
    order = Order.objects.filter(public_id=order_id).first()
    if order is None or not may_see(request.actor, order):
        raise NotFound()
    if not watches(request.actor, order.city_id):
        raise NotAllowed()
    deliverer = Deliverer.objects.filter(public_id=body.deliverer, city=order.city_id).first()
    if deliverer is None:
        raise NotFound()
    route = assign.assign_order(order_id=order.pk, deliverer_id=deliverer.pk, by=request.actor.ref)
    stops = route.stops.values_list("kind", "status", "order__public_id", "lat", "lon")
    shown = rows.CityRoute(route.public_id, route.version, route.status, deliverer.public_id)
    return 200, rows.route_for_city(shown, [rows.CityStop(*stop) for stop in stops])


@router.get("/cities/{city_id}/positions", url_name="positions", response=PositionsAnswer)
def read_positions(request: ApiRequest, city_id: UUID) -> HttpResponse:
    """The latest places of all deliverers on duty; polled, because positions are signals and no facts."""
    city = City.objects.filter(public_id=city_id).first()
    if city is None or not watches(request.actor, city.pk):
        raise NotFound()
    places = Position.objects.filter(deliverer__city=city).select_related("deliverer")
    return JsonResponse({"positions": [rows.position_for_city(place) for place in places.order_by("deliverer")]})


@router.post("/alarms/{alarm_id}/take", url_name="take_alarm", response=AlarmAnswer)
@once
def take(request: ApiRequest, alarm_id: UUID, body: Step) -> tuple[int, dict[str, Any]]:
    """Look after it from now on."""
    _require_watched(request, alarm_id)
    account_id = request.actor.account_id
    if account_id is None:
        raise NotAllowed()
    alarm = desk.take_alarm(alarm_id=alarm_id, account_id=account_id, by=request.actor.ref, version=body.version)
    return 200, rows.alarm_for_city(alarm)


@router.post("/alarms/{alarm_id}/close", url_name="close_alarm", response=AlarmAnswer)
@once
def close(request: ApiRequest, alarm_id: UUID, body: Closing) -> tuple[int, dict[str, Any]]:
    """The question is answered."""
    _require_watched(request, alarm_id)
    alarm = desk.close_alarm(alarm_id=alarm_id, reason=body.reason, by=request.actor.ref, version=body.version)
    return 200, rows.alarm_for_city(alarm)


def _deliverer(request: ApiRequest) -> Deliverer:
    """The deliverer who asks. Raises NotAllowed."""
    deliverer = selectors.deliverer_of_account(request.actor.account_id)
    if deliverer is None or not request.actor.has("deliverer", deliverer=deliverer.pk):
        raise NotAllowed()
    return deliverer


def _after(stop: Stop) -> tuple[int, dict[str, Any]]:
    shown = Stop.objects.select_related("order__restaurant", "route").get(pk=stop.pk)
    if shown.route is None:  # handed back: not this deliverer's any more
        return 200, {"id": str(shown.public_id), "status": shown.status, "route": None}
    route = {"id": str(shown.route.public_id), "version": shown.route.version, "status": shown.route.status}
    return 200, rows.stop_for_deliverer(shown) | {"route": route}


def _require_watched(request: ApiRequest, alarm_id: UUID) -> None:
    alarm = Alarm.objects.filter(public_id=alarm_id).first()
    if alarm is None or not watches(request.actor, alarm.city_id):
        raise NotFound()
