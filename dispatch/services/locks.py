"""Locked rows, in the order that `dispatch.services` lays down."""

from collections.abc import Iterable
from typing import Any

from delivery.orders.models import Order
from dispatch.fleet.models import Deliverer
from dispatch.models import Offer, Route


def lock_routes(route_ids: Iterable[int]) -> dict[int, Route]:
    """The routes by id, locked one after another in the order of their ids."""
    rows = Route.objects.select_for_update(of=("self",)).filter(pk__in=set(route_ids)).order_by("pk")
    return {row.pk: row.mark_locked() for row in rows}


def lock_route(route_id: int) -> Route:
    """Raises NotFound."""
    route: Route = Route.objects.lock(pk=route_id)
    return route


def lock_open_offer(route: Route) -> Offer | None:
    """The one offer of a locked route that still waits for an answer."""
    offer: Offer | None = (
        Offer.objects.select_for_update(of=("self",)).filter(route=route, status=Offer.Status.OPEN).first()
    )
    return offer.mark_locked() if offer else None


def lock_deliverer(deliverer_id: int) -> Deliverer:
    """Raises NotFound."""
    deliverer: Deliverer = Deliverer.objects.lock(pk=deliverer_id)
    return deliverer


def lock_orders(order_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Version and status by order id; none of them changes until this transaction ends.

    A cancelled order therefore either is seen here, or its reaction sees what this transaction did.
    """
    orders = Order.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(order_ids)).order_by("pk")
    return {row["pk"]: row for row in orders.values("pk", "version", "status")}
