"""One order and one deliverer in words, for the panes of the control room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.accounts.models import Account
from delivery.cities.ways import path
from delivery.ground.events import Recorded
from delivery.ground.geo import Point
from delivery.ground.ids import public_id_in
from delivery.ground.outbox.selectors import history
from delivery.orders.models import Order
from dispatch.fleet.models import Deliverer
from dispatch.models import Decision, Offer, Route, Stop
from dispatch.outlook import Choice
from dispatch.selectors import live_route_of
from dispatch.transitions import OPEN_STOPS
from dispatch.web.desk_words import STATUSES, WAITS
from dispatch.web.why import why_of

MOMENTS: Final[Mapping[str, Promise]] = {
    "OrderPlaced": _("Placed"),
    "OrderAccepted": _("Accepted"),
    "OrderRejected": _("Refused by the restaurant"),
    "OrderExpired": _("Nobody answered"),
    "CookingStarted": _("Cooking starts"),
    "OrderDelayed": _("The kitchen needs longer"),
    "OrderReady": _("Ready"),
    "OrderPickedUp": _("Picked up"),
    "OrderDelivered": _("Delivered"),
    "OrderCancelled": _("Cancelled"),
    "OrderFailed": _("Could not be delivered"),
    "OfferMade": _("Offered"),
    "OfferAccepted": _("Offer accepted"),
    "OfferDeclined": _("Offer declined"),
    "OfferExpired": _("Offer not answered"),
    "OfferWithdrawn": _("Offer withdrawn"),
    "RouteAssigned": _("On a route"),
    "RouteChanged": _("The route changed"),
    "RouteWithdrawn": _("Off the route"),
    "StopArrived": _("Courier arrived"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of an order's life. `who`: a name where a person or courier is behind it."""

    at: datetime
    what: str | Promise
    who: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice with its person."""

    choice: Choice
    deliverer: Deliverer


def about_order(order: Order, choices: Sequence[Choice]) -> dict[str, Any]:
    """The context of the order's pane."""
    decisions = list(
        Decision.objects.filter(order=order)
        .select_related("deliverer__account", "route", "weights")
        .order_by("made_at", "pk")
    )
    stop = Stop.objects.filter(order=order, kind=Stop.Kind.DROPOFF).select_related("route__deliverer__account").first()
    route = stop.route if stop and stop.route and stop.route.status == Route.Status.ASSIGNED else None
    return {
        "order": order,
        "city": order.city,
        "status": STATUSES.get(order.status, order.status),
        "lines": order.lines.all(),
        "carrier": route.deliverer if route else None,
        **why_of(decisions),
        "choices": _with_people(choices),
        "moments": sorted(_moments(order, decisions), key=lambda moment: moment.at),
    }


def route_in_order(deliverer: Deliverer) -> dict[str, Any]:
    """The context of a deliverer's pane."""
    route = live_route_of(deliverer.pk)
    offer = deliverer.offers.filter(status=Offer.Status.OPEN).select_related("route").first()
    shown = route or (offer.route if offer else None)
    stops = shown.stops.select_related("order__restaurant") if shown else []
    return {"deliverer": deliverer, "city": deliverer.city, "route": route, "offer": offer, "stops": stops}


def street_path(deliverer: Deliverer) -> list[list[float]]:
    """Along the streets from the deliverer's place through the open stops of the route; [] without one of both."""
    position, route = getattr(deliverer, "position", None), live_route_of(deliverer.pk)
    if position is None or route is None:
        return []
    left = [Point(stop.lat, stop.lon) for stop in route.stops.all() if stop.status in OPEN_STOPS]
    points = [Point(position.lat, position.lon), *left]
    along = [path(start, end) for start, end in pairwise(points)]
    return [[round(point.lat, 5), round(point.lon, 5)] for leg in along for point in leg]


def _with_people(choices: Iterable[Choice]) -> list[Offered]:
    ids = [choice.deliverer_id for choice in choices]
    people = Deliverer.objects.select_related("account").in_bulk(ids)
    return [Offered(choice, people[choice.deliverer_id]) for choice in choices]


def _moments(order: Order, decisions: Sequence[Decision]) -> Iterable[Moment]:
    routes = {decision.route_id for decision in decisions if decision.route_id is not None}
    offers = dict(Offer.objects.filter(route__in=routes).values_list("pk", "deliverer__account__name"))
    facts = [
        *history(Order.aggregate_kind(), [order.pk]),
        *history(Route.aggregate_kind(), sorted(routes)),
        *history(Offer.aggregate_kind(), sorted(offers)),
    ]
    people = _people({fact.by for fact in facts} | {decision.made_by for decision in decisions})
    for fact in facts:
        words = MOMENTS.get(fact.event.kind())
        if words is not None and _is_about(fact, order):
            asked = offers.get(fact.aggregate_id) if fact.aggregate_kind == Offer.aggregate_kind() else None
            yield Moment(fact.occurred_at, words, asked or people.get(fact.by, ""))
    for decision in decisions:
        if decision.waits_because:
            yield Moment(decision.made_at, WAITS.get(decision.waits_because, decision.waits_because))
        elif decision.deliverer is not None:
            by = people.get(decision.made_by, "")
            chosen = decision.deliverer.account.name
            yield Moment(decision.made_at, _("Chosen"), f"{chosen} ({by})" if by else chosen)


def _is_about(fact: Recorded[Any], order: Order) -> bool:
    """Facts of a route speak of several orders."""
    payload = fact.event.as_payload()
    named = [payload.get("order_id"), *payload.get("joined_order_ids", []), *payload.get("left_order_ids", [])]
    return named == [None] or order.pk in named


def _people(refs: Iterable[str]) -> dict[str, str]:
    ids = [public_id_in(ref.removeprefix("account:")) for ref in refs if ref.startswith("account:")]
    accounts = Account.objects.filter(public_id__in=ids)
    return {f"account:{account.public_id}": account.name for account in accounts}
