"""Reads of dispatch."""

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum

from delivery.ground import clock
from delivery.orders.models import FINAL_STATUSES, Order
from dispatch.fleet.models import Deliverer, Shift
from dispatch.fleet.pay import PayRule, shift_pay
from dispatch.models import LIVE_ROUTES, DoorRule, Offer, Route, RouteNotice, Stop, Weights
from dispatch.transitions import OPEN_STOPS


def is_on_shift(deliverer_id: int) -> bool:
    return Shift.objects.filter(deliverer=deliverer_id, started_at__isnull=False, ended_at__isnull=True).exists()


def orders_of(route: Route) -> list[int]:
    """Ids of the orders of a route, each once, in the order of their first stops."""
    return list(dict.fromkeys(route.stops.order_by("position", "id").values_list("order_id", flat=True)))


def routes_in_full(routes: "QuerySet[Route]") -> "QuerySet[Route]":
    """The routes with everything that a deliverer's screen shows of them, in a fixed number of queries."""
    stops = Stop.objects.select_related("order__restaurant")
    return routes.select_related("city", "deliverer").prefetch_related(Prefetch("stops", queryset=stops))


def offers_in_full(offers: "QuerySet[Offer]") -> "QuerySet[Offer]":
    """The offers with the stops of their routes."""
    stops = Stop.objects.select_related("order__restaurant")
    return offers.select_related("city", "deliverer").prefetch_related(Prefetch("route__stops", queryset=stops))


def open_offers_of(deliverer_id: int) -> list[Offer]:
    return list(offers_in_full(Offer.objects.filter(deliverer=deliverer_id, status=Offer.Status.OPEN)))


def live_route_of(deliverer_id: int) -> Route | None:
    """The route that the deliverer carries out now."""
    mine = Route.objects.filter(deliverer=deliverer_id, status=Route.Status.ASSIGNED)
    route: Route | None = routes_in_full(mine).first()
    return route


def pickups_under_way(order_ids: Iterable[int]) -> dict[int, Stop]:
    """The pickup of each order that somebody carries out now, with the route and the person; one query."""
    held = Stop.objects.filter(order__in=list(order_ids), kind=Stop.Kind.PICKUP, route__status=Route.Status.ASSIGNED)
    return {stop.order_id: stop for stop in held.select_related("route__deliverer__account")}


def deliverer_of_account(account_id: int | None) -> Deliverer | None:
    deliverer: Deliverer | None = Deliverer.objects.filter(account=account_id).first() if account_id else None
    return deliverer


def routes_to_prune() -> list[int]:
    """Ids of live routes with a closed order still to visit, and of offered ones whose deliverer went home or rests."""
    closed = Stop.objects.filter(status__in=OPEN_STOPS, route__status__in=LIVE_ROUTES, order__status__in=FINAL_STATUSES)
    working = Shift.objects.filter(deliverer=OuterRef("deliverer"), started_at__isnull=False, ended_at__isnull=True)
    open_offers = Offer.objects.filter(status=Offer.Status.OPEN)
    off_shift = open_offers.exclude(Exists(working))
    at_rest = open_offers.filter(deliverer__break_since__isnull=False)
    found = (rows.values_list("route_id", flat=True) for rows in (closed, off_shift, at_rest))
    return sorted({route_id for rows in found for route_id in rows if route_id is not None})


def pay_of_shift(shift: Shift) -> int:
    """Minor units for an ended shift: its routes as they were offered, or the hours' guarantee when that is more."""
    city = shift.deliverer.city
    started_at, ended_at = shift.started_at, shift.ended_at
    if started_at is None or ended_at is None:
        return 0
    carried = shift.deliverer.routes.filter(status=Route.Status.DONE, assigned_at__range=(started_at, ended_at))
    return shift_pay(
        PayRule(per_order=city.pay_per_order, per_hour=city.pay_per_hour),
        earned=carried.aggregate(sum=Sum("pay"))["sum"] or 0,
        worked=clock.between(city, started_at, ended_at),
    )


def offer_route_id(offer_id: UUID, deliverer_id: int) -> int | None:
    """The route behind one of the deliverer's own offers."""
    return Offer.objects.filter(public_id=offer_id, deliverer=deliverer_id).values_list("route_id", flat=True).first()


def newest_weights(city_id: int) -> dict[str, Weights]:
    """What the city's planner weighs now, by use; one query. No row: the engine's own weights, and no trial."""
    rows = Weights.objects.filter(city=city_id, valid_from__lte=clock.now())
    newest = rows.order_by("use", "-valid_from", "-number").distinct("use")
    return {weights.use: weights for weights in newest}


def door_rule_of(city_id: int) -> DoorRule:
    """What the city asks for at the door; the defaults for a city that has never said."""
    return DoorRule.objects.filter(city=city_id).first() or DoorRule(city_id=city_id)


def handover_pin(order: Order) -> str:
    """The four digits that the customer sees and the deliverer asks for.

    Made from the secret of the tracking link, which no deliverer ever gets.
    """
    digest = hmac.digest(order.tracking_token.encode(), b"handover", hashlib.sha256)
    return f"{int.from_bytes(digest[:4]) % 10_000:04d}"


def shown_pin(order: Order) -> str:
    """The customer's code while it is of use: from the counter to the door, in a city that asks for codes; else ""."""
    if order.status != "picked_up" or door_rule_of(order.city_id).pin == DoorRule.Need.OFF:
        return ""
    return handover_pin(order)


def unseen_notices(deliverer_id: int) -> list[RouteNotice]:
    """What others changed on the deliverer's route and the phone has not acknowledged, oldest first."""
    unseen = RouteNotice.objects.filter(deliverer=deliverer_id, seen_at=None).select_related("order__restaurant")
    return list(unseen.order_by("pk"))
