"""Offers: a route proposed to one deliverer, and the four ways in which that ends.

An offer is open until its deadline closes it: `expires_at` is what the screen counts down to, the deadline decides.
An outage of ours moves both, so it takes no time away from anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from delivery.cities.models import City
from delivery.ground import clock, outbox
from delivery.ground.errors import NotFound, VersionConflict
from delivery.ground.outbox import deadlines
from dispatch.errors import AnsweredTooLate, DelivererBusy, DelivererOffDuty, OfferTaken, StalePlan
from dispatch.events import (
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferProlonged,
    RouteAssigned,
    RoutePlanned,
)
from dispatch.fleet.models import Deliverer
from dispatch.fleet.pay import PayRule, route_pay
from dispatch.fleet.services import pause_offers
from dispatch.models import Decision, Exclusion, Offer, Route, Stop
from dispatch.selectors import is_on_shift, offer_route_id, orders_of
from dispatch.services.leases import Lease, confirm_lease
from dispatch.services.locks import lock_deliverer, lock_open_offer, lock_orders, lock_route
from dispatch.services.routes import OFFER_EXPIRY, close_as_withdrawn, release_orders

SILENT_OFFERS_BEFORE_ASKING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A route that the engine wants carried, with the versions of all it was planned from.

    Attributes:
        stops: (order id, stop kind) in the order of the visits.
        order_versions: of each order on it.
        terms, runner_up: JSON, why this deliverer and who came second.
        weights_id: of the version that it was weighed with; None: the engine's own. leaves_at: latest good start.
    """

    deliverer_id: int
    deliverer_version: int
    stops: Sequence[tuple[int, str]]
    order_versions: Mapping[int, int]
    distance_m: int
    terms: Mapping[str, Any] = field(default_factory=dict)
    runner_up: Mapping[str, Any] = field(default_factory=dict)
    weights_id: int | None = None
    leaves_at: datetime | None = None


@transaction.atomic
def offer_route(*, city: City, proposal: Proposal, lease: Lease) -> Offer:
    """Create the route and propose it, unless anything it was planned from has changed.

    Raises StalePlan, LeaseLost: nothing was written.
    """
    confirm_lease(lease=lease)
    now = clock.now()
    route = Route(
        city=city,
        distance_m=proposal.distance_m,
        pay=route_pay(_pay_rule(city), orders=len(proposal.order_versions)),
        planned_at=now,
    )
    outbox.insert(route, RoutePlanned(order_ids=list(proposal.order_versions), decision="engine"))
    _check_deliverer(proposal)
    _check_orders(proposal)
    _take_stops(route, proposal)
    offer = _open_offer(city, route, proposal)
    deadlines.arm(route, OFFER_EXPIRY, offer.expires_at, people=True)
    Decision.objects.bulk_create(
        [
            Decision(
                city=city,
                order_id=order_id,
                route=route,
                deliverer_id=proposal.deliverer_id,
                made_at=now,
                terms=dict(proposal.terms),
                runner_up=dict(proposal.runner_up),
                weights_id=proposal.weights_id,
                leaves_at=proposal.leaves_at,
            )
            for order_id in proposal.order_versions
        ]
    )
    return offer


@transaction.atomic
def accept_offer(*, offer_id: UUID, deliverer_id: int, by: str, version: int | None = None) -> Route:
    """The route is the deliverer's from now on.

    Raises:
        NotFound: not an offer to this deliverer. VersionConflict.
        AnsweredTooLate, OfferTaken: it is closed. DelivererBusy, DelivererOffDuty.
    """
    route, offer = _lock_offer(offer_id, deliverer_id, version)
    deliverer = lock_deliverer(deliverer_id)
    if not is_on_shift(deliverer_id):
        raise DelivererOffDuty()
    if deliverer.routes.filter(status=Route.Status.ASSIGNED).exists():
        raise DelivererBusy(current=offer.conflict_state())
    now = clock.now()
    offer.status, offer.answered_at = Offer.Status.ACCEPTED, now
    event = OfferAccepted(deliverer_id=deliverer_id, route_id=route.pk)
    outbox.record(offer, event, by=by, changed=["status", "answered_at"])
    route.status, route.deliverer, route.assigned_at = Route.Status.ASSIGNED, deliverer, now
    assigned = RouteAssigned(deliverer_id=deliverer_id, order_ids=orders_of(route))
    outbox.record(route, assigned, by=by, changed=["status", "deliverer", "assigned_at"])
    deadlines.clear(route, OFFER_EXPIRY)
    _has_answered(deliverer_id)
    return route


@transaction.atomic
def decline_offer(*, offer_id: UUID, deliverer_id: int, by: str, version: int | None = None) -> Offer:
    """Free of any consequence but one: these orders are not proposed to this deliverer again. Raises as accepting."""
    route, offer = _lock_offer(offer_id, deliverer_id, version)
    offer.status, offer.answered_at = Offer.Status.DECLINED, clock.now()
    event = OfferDeclined(deliverer_id=deliverer_id, route_id=route.pk)
    outbox.record(offer, event, by=by, changed=["status", "answered_at"])
    deadlines.clear(route, OFFER_EXPIRY)
    _has_answered(deliverer_id)
    _free(route, Exclusion.Because.DECLINED, by=by)
    return offer


@transaction.atomic
def expire_offer(*, aggregate_pk: int) -> None:
    """Deadline of a route: its offer got no answer. After three in a row we ask "still there?" and offer no more."""
    route = lock_route(aggregate_pk)
    offer = lock_open_offer(route)
    if offer is None:
        return
    offer.status, offer.answered_at = Offer.Status.EXPIRED, clock.now()
    event = OfferExpired(deliverer_id=offer.deliverer_id, route_id=route.pk)
    outbox.record(offer, event, changed=["status", "answered_at"])
    deliverer = lock_deliverer(offer.deliverer_id)
    deliverer.silent_offers += 1
    # A count on the way to a question, not a fact: it has no version and no place in the log.
    Deliverer.objects.filter(pk=deliverer.pk).update(silent_offers=deliverer.silent_offers)
    if deliverer.silent_offers >= SILENT_OFFERS_BEFORE_ASKING:
        pause_offers(deliverer)
    _free(route, Exclusion.Because.SILENT, by="system")


@transaction.atomic
def move_expiry(*, aggregate_pk: int) -> None:
    """Deadline of a route: an outage of ours has moved its offer's end; now the row and the phone tell so."""
    route = lock_route(aggregate_pk)
    offer = lock_open_offer(route)
    moved_to = deadlines.due_at(route, OFFER_EXPIRY)
    if offer is None or moved_to is None or moved_to == offer.expires_at:
        return
    offer.expires_at = moved_to
    event = OfferProlonged(deliverer_id=offer.deliverer_id, route_id=route.pk, expires_at=moved_to.isoformat())
    outbox.record(offer, event, changed=["expires_at"])


def _lock_offer(offer_id: UUID, deliverer_id: int, version: int | None) -> tuple[Route, Offer]:
    """The deliverer's open offer and its route, both locked. Raises NotFound, VersionConflict, why it is closed."""
    route_id = offer_route_id(offer_id, deliverer_id)
    if route_id is None:
        raise NotFound()
    route = lock_route(route_id)
    offer: Offer = Offer.objects.lock(public_id=offer_id)
    if offer.status == Offer.Status.EXPIRED:
        raise AnsweredTooLate(current=offer.conflict_state())
    if offer.status != Offer.Status.OPEN:
        raise OfferTaken(current=offer.conflict_state())
    if version is not None and version != offer.version:
        raise VersionConflict(current=offer.conflict_state())
    return route, offer


def _free(route: Route, because: Exclusion.Because, *, by: str) -> None:
    order_ids = orders_of(route)
    release_orders(route, order_ids, because=because)
    close_as_withdrawn(route, order_ids, reason=because.value, by=by)


def _has_answered(deliverer_id: int) -> None:
    Deliverer.objects.filter(pk=deliverer_id, silent_offers__gt=0).update(silent_offers=0)


def _check_deliverer(proposal: Proposal) -> None:
    """The version stands for shift and pause; routes and offers are asked under the lock. Raises StalePlan."""
    deliverer = lock_deliverer(proposal.deliverer_id)
    if (
        deliverer.version != proposal.deliverer_version
        or deliverer.routes.filter(status=Route.Status.ASSIGNED).exists()
        or deliverer.offers.filter(status=Offer.Status.OPEN).exists()
    ):
        raise StalePlan("the deliverer is no longer as planned")


def _check_orders(proposal: Proposal) -> None:
    orders = lock_orders(proposal.order_versions)
    if {pk: row["version"] for pk, row in orders.items()} != dict(proposal.order_versions):
        raise StalePlan("an order is no longer as planned")


def _take_stops(route: Route, proposal: Proposal) -> None:
    for position, (order_id, kind) in enumerate(proposal.stops):
        free = Stop.objects.filter(order=order_id, kind=kind, route=None, status=Stop.Status.PENDING)
        if not free.update(route=route, position=position):
            raise StalePlan("an order is already on a route")


def _open_offer(city: City, route: Route, proposal: Proposal) -> Offer:
    last = route.stops.select_related("order").order_by("position").last()
    if last is None:
        raise StalePlan("a route needs stops")
    offer = Offer(
        city=city,
        route=route,
        deliverer_id=proposal.deliverer_id,
        pay=route.pay,
        currency=city.currency,
        distance_m=route.distance_m,
        destination=last.order.address_line,
        destination_lat=last.lat,
        destination_lon=last.lon,
        made_at=route.planned_at,
        expires_at=clock.after(city, city.offer_for, since=route.planned_at),
    )
    event = OfferMade(deliverer_id=proposal.deliverer_id, route_id=route.pk, expires_at=offer.expires_at.isoformat())
    outbox.insert(offer, event)
    return offer


def _pay_rule(city: City) -> PayRule:
    return PayRule(per_order=city.pay_per_order, per_hour=city.pay_per_hour)
