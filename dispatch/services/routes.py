"""Routes: withdrawn, shortened, given by a dispatcher, closed when nothing is left to visit."""

from collections.abc import Collection

from django.db import transaction

from delivery.ground import clock, outbox
from delivery.ground.errors import IllegalTransition
from delivery.ground.outbox import deadlines
from delivery.orders.models import FINAL_STATUSES
from dispatch.events import OfferWithdrawn, RouteChanged, RouteDone, RouteWithdrawn
from dispatch.models import LIVE_ROUTES, Exclusion, Offer, Route, Stop
from dispatch.selectors import orders_of, routes_to_prune
from dispatch.services.locks import lock_open_offer, lock_orders, lock_route, lock_routes
from dispatch.transitions import OPEN_STOPS

OFFER_EXPIRY = "offer.expiry"  # armed on the route: its lock comes before the offer's


@transaction.atomic
def withdraw_route(*, route_id: int, reason: str, by: str) -> None:
    """Take a route back and free its orders. Nothing happens to a route that is closed.

    Raises IllegalTransition when one of its orders is already in the bag.
    """
    route = lock_route(route_id)
    if route.status not in LIVE_ROUTES:
        return
    if route.stops.filter(status=Stop.Status.DONE).exists():
        raise IllegalTransition("an order of this route is on its way", current=route.conflict_state())
    withdraw_locked(route, reason=reason, by=by)


def withdraw_locked(route: Route, *, reason: str, by: str) -> None:
    """The same for a route that this transaction holds, with its open offer."""
    offer = lock_open_offer(route)
    if offer is not None:
        _withdraw_offer(offer, reason=reason, by=by)
        deadlines.clear(route, OFFER_EXPIRY)
    order_ids = orders_of(route)
    release_orders(route, order_ids)
    close_as_withdrawn(route, order_ids, reason=reason, by=by)


def _withdraw_offer(offer: Offer, *, reason: str, by: str) -> None:
    """Close a locked open offer that we take back; the deliverer did nothing."""
    offer.status, offer.answered_at = Offer.Status.WITHDRAWN, clock.now()
    event = OfferWithdrawn(deliverer_id=offer.deliverer_id, route_id=offer.route_id, reason=reason)
    outbox.record(offer, event, by=by, changed=["status", "answered_at"])


def close_as_withdrawn(route: Route, order_ids: Collection[int], *, reason: str, by: str) -> None:
    route.status, route.closed_at = Route.Status.WITHDRAWN, clock.now()
    event = RouteWithdrawn(deliverer_id=route.deliverer_id, order_ids=list(order_ids), reason=reason)
    outbox.record(route, event, by=by, changed=["status", "closed_at"])


def release_orders(route: Route, order_ids: Collection[int], *, because: Exclusion.Because | None = None) -> None:
    """Orders leave a locked route: they wait again, or end here when they are final.

    With `because` they are not proposed again to the deliverer of the route, or of its newest offer.
    """
    statuses = {pk: row["status"] for pk, row in lock_orders(order_ids).items()}
    stops = Stop.objects.filter(route=route, order__in=order_ids, status__in=OPEN_STOPS)
    final = [pk for pk, status in statuses.items() if status in FINAL_STATUSES]
    stops.filter(order__in=final).update(status=Stop.Status.CANCELLED)
    stops.exclude(order__in=final).update(route=None, position=0, status=Stop.Status.PENDING, arrived_at=None)
    if because is not None:
        deliverer_id = route.deliverer_id or route.offers.latest("made_at").deliverer_id
        now = clock.now()
        Exclusion.objects.bulk_create(
            [
                Exclusion(order_id=order_id, deliverer_id=deliverer_id, because=because, made_at=now)
                for order_id in order_ids
            ],
            ignore_conflicts=True,
        )


def close_if_finished(route: Route, *, by: str) -> None:
    """A locked route without an open stop is done, or withdrawn when none of its stops ever was."""
    statuses = set(route.stops.values_list("status", flat=True))
    if statuses & set(OPEN_STOPS):
        return
    if route.deliverer_id is None or not statuses & {Stop.Status.DONE, Stop.Status.FAILED}:
        close_as_withdrawn(route, [], reason="nothing_left", by=by)
        return
    route.status, route.closed_at = Route.Status.DONE, clock.now()
    event = RouteDone(deliverer_id=route.deliverer_id, order_ids=orders_of(route))
    outbox.record(route, event, by=by, changed=["status", "closed_at"])


@transaction.atomic
def prune_routes() -> None:
    """Bring live routes in line with what has happened to their orders and deliverers (a duty's service).

    An offer shows terms that were frozen, so a route that is only offered is withdrawn rather than shortened.
    """
    for route in lock_routes(routes_to_prune()).values():
        if route.status == Route.Status.PLANNED:
            withdraw_locked(route, reason="order_or_shift_ended", by="system")
        elif route.status == Route.Status.ASSIGNED:
            _drop_closed_orders(route)


def _drop_closed_orders(route: Route) -> None:
    closed = route.stops.filter(status__in=OPEN_STOPS, order__status__in=FINAL_STATUSES)
    gone = sorted(set(closed.values_list("order_id", flat=True)))
    if not gone:
        return
    release_orders(route, gone)
    event = RouteChanged(
        deliverer_id=route.deliverer_id, joined_order_ids=[], left_order_ids=gone, reason="order_closed"
    )
    outbox.record(route, event, by="system")
    close_if_finished(route, by="system")
