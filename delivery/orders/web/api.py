"""GET /orders/{id} and the steps of an order that people take."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import Field

from delivery.cities.selectors import watches
from delivery.ground.api import ApiRequest, Body, once
from delivery.ground.errors import NotAllowed
from delivery.orders import rows, services
from delivery.orders.answers import CustomerOrder, KitchenOrder
from delivery.orders.models import Bearer, Order
from delivery.orders.selectors import order_for, ordered, works_at

router = Router(tags=["orders"])
SEEN = {200: CustomerOrder | KitchenOrder}


class OrderStep(Body):
    """`version`: the version the caller has seen; another one is refused with 409."""

    version: int | None = Field(None, ge=1, strict=True)


class Acceptance(OrderStep):
    prep_minutes: int | None = Field(None, ge=1, le=240, strict=True)


class Rejection(OrderStep):
    reason: Literal["busy", "closing", "sold_out", "other"]


class Cancellation(OrderStep):
    reason: str = Field(min_length=1, max_length=60)


@router.get("/orders/{order_id}", url_name="order", response=SEEN)
def read_order(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """The order as its actor may see it."""
    return JsonResponse(as_seen_by(request, order_for(request.actor, str(order_id))))


@router.post("/orders/{order_id}/accept", url_name="accept_order", response=SEEN)
@once
def accept(request: ApiRequest, order_id: UUID, body: Acceptance) -> tuple[int, dict[str, Any]]:
    """Take the order, with the kitchen's own estimate in city minutes."""
    order = _answerable(request, order_id)
    prep_time = timedelta(minutes=body.prep_minutes) if body.prep_minutes else None
    services.accept_order(order_id=order.pk, by=request.actor.ref, version=body.version, prep_time=prep_time)
    return _after(request, order_id)


@router.post("/orders/{order_id}/reject", url_name="reject_order", response=SEEN)
@once
def reject(request: ApiRequest, order_id: UUID, body: Rejection) -> tuple[int, dict[str, Any]]:
    """Refuse the order; the customer pays nothing."""
    order = _answerable(request, order_id)
    services.reject_order(order_id=order.pk, by=request.actor.ref, version=body.version, reason=body.reason)
    return _after(request, order_id)


@router.post("/orders/{order_id}/ready", url_name="ready_order", response=SEEN)
@once
def ready(request: ApiRequest, order_id: UUID, body: OrderStep) -> tuple[int, dict[str, Any]]:
    """The bag stands on the counter."""
    order = _answerable(request, order_id)
    services.mark_ready(order_id=order.pk, by=request.actor.ref, version=body.version)
    return _after(request, order_id)


@router.post("/orders/{order_id}/cancel", url_name="cancel_order", response=SEEN)
@once
def cancel(request: ApiRequest, order_id: UUID, body: Cancellation) -> tuple[int, dict[str, Any]]:
    """Call the order off. Customers may until the kitchen has begun; cooked food is paid by who calls it off."""
    order = order_for(request.actor, str(order_id))
    services.cancel_order(
        order_id=order.pk,
        by=request.actor.ref,
        version=body.version,
        reason=body.reason,
        borne_by=_bearer(request, order),
        only_uncooked=not (watches(request.actor, order.city_id) or works_at(request.actor, order.restaurant_id)),
    )
    return _after(request, order_id)


def as_seen_by(request: ApiRequest, order: Order) -> dict[str, Any]:
    """The customer's row for who ordered and who watches the city, the kitchen's for the counter."""
    if ordered(request.actor, order) or watches(request.actor, order.city_id):
        return rows.for_customer(order)
    return rows.for_kitchen(order)


def _answerable(request: ApiRequest, order_id: UUID) -> Order:
    """The order, for its counter and for who watches the city. Raises NotFound; NotAllowed for who ordered."""
    order = order_for(request.actor, str(order_id))
    if not (works_at(request.actor, order.restaurant_id) or watches(request.actor, order.city_id)):
        raise NotAllowed()
    return order


def _bearer(request: ApiRequest, order: Order) -> Bearer:
    return Bearer.RESTAURANT if works_at(request.actor, order.restaurant_id) else Bearer.PLATFORM


def _after(request: ApiRequest, order_id: UUID) -> tuple[int, dict[str, Any]]:
    return 200, as_seen_by(request, order_for(request.actor, str(order_id)))
