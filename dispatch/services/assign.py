"""A dispatcher gives an order to a deliverer or takes it away, whatever the engine thinks of it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from delivery.cities.ways import way
from delivery.ground import clock, outbox
from delivery.ground.errors import Conflict, NotFound
from delivery.orders.models import Fulfilment, Order
from delivery.orders.transitions import Status
from dispatch.desk.logbook import account_of, note_act
from dispatch.errors import AssignedMeanwhile, DelivererOffDuty, OrderNotPlannable
from dispatch.events import RouteAssigned, RouteChanged
from dispatch.fleet.models import Deliverer
from dispatch.fleet.pay import PayRule, route_pay
from dispatch.models import LIVE_ROUTES, Decision, Exclusion, Offer, Route, Stop
from dispatch.selectors import is_on_shift
from dispatch.services.locks import lock_deliverer, lock_orders, lock_routes
from dispatch.services.routes import close_if_finished, release_orders, withdraw_locked
from dispatch.transitions import OPEN_STOPS

PLANNABLE = frozenset({Status.ACCEPTED, Status.PREPARING, Status.READY})


@dataclass(frozen=True, slots=True)
class Seen:
    """Who carried the order when the dispatcher decided (primary key); None: nobody."""

    deliverer_id: int | None


@transaction.atomic
def assign_order(*, order_id: int, deliverer_id: int, by: str, seen: Seen | None = None) -> Route:
    """Take the order from wherever it is planned and put it at the end of the deliverer's route.

    An offer that the deliverer had open is withdrawn: the answer would come too late.

    Raises:
        OrderNotPlannable: not ours to carry, not accepted, or already in a bag. DelivererOffDuty.
        AssignedMeanwhile: somebody else holds it than the dispatcher has seen.
        Conflict: the plan changed at this very moment; try again.
    """
    involved = _routes_involved(order_id, deliverer_id)
    routes = lock_routes(involved)
    if _routes_involved(order_id, deliverer_id) != involved:
        raise Conflict("the plan changed at this moment")
    held = next((route for route in routes.values() if _is_with(route, order_id)), None)
    _check_seen(order_id, held, seen)
    withdrawn = [route for route in routes.values() if route.status == Route.Status.PLANNED]
    deliverer = lock_deliverer(deliverer_id)
    order = Order.objects.select_related("restaurant").get(pk=order_id)
    if not is_on_shift(deliverer_id) or deliverer.city_id != order.city_id:
        raise DelivererOffDuty()
    for route in withdrawn:
        withdraw_locked(route, reason="assigned_by_dispatcher", by=by)
    own = next((route for route in routes.values() if route.deliverer_id == deliverer_id), None)
    if held is not None and held is own:
        return own
    if held is not None:
        _take_away(held, order_id, by=by)
    route = _give(order, deliverer, own, by=by)
    Decision.objects.create(
        city_id=order.city_id, order=order, route=route, deliverer=deliverer, made_at=clock.now(), made_by=by
    )
    _note("assigned", order, deliverer, by)
    return route


@transaction.atomic
def unassign_order(*, order_id: int, by: str, seen: Seen | None = None) -> None:
    """Take the order from whoever holds it, or is being asked; it waits again, and is not proposed to them again.

    Raises:
        NotFound: nobody holds it. OrderNotPlannable: the bag is already with a deliverer.
        AssignedMeanwhile, Conflict: as `assign_order`.
    """
    involved = _routes_with(order_id)
    routes = lock_routes(involved)
    if _routes_with(order_id) != involved:
        raise Conflict("the plan changed at this moment")
    route = next(iter(routes.values()), None)
    if route is None:
        raise NotFound("nobody holds this order")
    held = route if _is_with(route, order_id) else None
    _check_seen(order_id, held, seen)
    if held is None:
        withdraw_locked(route, reason="unassigned_by_dispatcher", by=by)
        deliverer = route.offers.select_related("deliverer__account").latest("made_at").deliverer
    else:
        deliverer = Deliverer.objects.select_related("account").get(pk=held.deliverer_id)
        _take_away(held, order_id, by=by, because=Exclusion.Because.HANDED_BACK)
    _note("unassigned", Order.objects.get(pk=order_id), deliverer, by)


def _check_seen(order_id: int, held: Route | None, seen: Seen | None) -> None:
    """Raises AssignedMeanwhile, with who holds it now."""
    if seen is None or seen.deliverer_id == (held.deliverer_id if held else None):
        return
    current: dict[str, str | None] = {"deliverer": None, "name": None, "by": None, "at": None}
    if held is not None:
        deliverer = Deliverer.objects.select_related("account").get(pk=held.deliverer_id)
        decision = Decision.objects.filter(order=order_id, route=held).order_by("made_at").last()
        author = account_of(decision.made_by) if decision else None
        current = {
            "deliverer": str(deliverer.public_id),
            "name": deliverer.account.name,
            "by": author.name if author else None,
            "at": clock.utc_text(decision.made_at) if decision else None,
        }
    raise AssignedMeanwhile(current=current)


def _note(kind: str, order: Order, deliverer: Deliverer, by: str) -> None:
    detail = {"number": order.number, "name": deliverer.account.name}
    note_act(city_id=order.city_id, kind=kind, by=by, about=f"order:{order.public_id}", detail=detail)


def _routes_with(order_id: int) -> set[int]:
    return set(Route.objects.filter(status__in=LIVE_ROUTES, stops__order=order_id).values_list("pk", flat=True))


def _routes_involved(order_id: int, deliverer_id: int) -> set[int]:
    """Live routes with the order, of the deliverer, or offered to the deliverer."""
    live = Route.objects.filter(status__in=LIVE_ROUTES)
    return {
        *live.filter(stops__order=order_id).values_list("pk", flat=True),
        *live.filter(deliverer=deliverer_id).values_list("pk", flat=True),
        *Offer.objects.filter(deliverer=deliverer_id, status=Offer.Status.OPEN).values_list("route_id", flat=True),
    }


def _is_with(route: Route, order_id: int) -> bool:
    return route.status == Route.Status.ASSIGNED and route.stops.filter(order=order_id).exists()


def _take_away(route: Route, order_id: int, *, by: str, because: Exclusion.Because | None = None) -> None:
    if route.stops.filter(order=order_id, status=Stop.Status.DONE).exists():
        raise OrderNotPlannable("the bag is already with a deliverer")
    release_orders(route, [order_id], because=because)
    event = RouteChanged(
        deliverer_id=route.deliverer_id, joined_order_ids=[], left_order_ids=[order_id], reason="reassigned"
    )
    outbox.record(route, event, by=by)
    close_if_finished(route, by=by)


def _give(order: Order, deliverer: Deliverer, own: Route | None, *, by: str) -> Route:
    """Append the order's stops to the deliverer's route, or make one of them."""
    status = lock_orders([order.pk])[order.pk]["status"]
    if status not in PLANNABLE or order.fulfilment != Fulfilment.PLATFORM:
        raise OrderNotPlannable(current={"id": str(order.public_id), "status": status})
    way_m = round(way(deliverer.city, order.restaurant.point, order.point, deliverer.vehicle).metres)
    route, position = own or _new_route(order, deliverer, way_m, by=by), 0
    if own is not None:
        last = own.stops.aggregate(position=Max("position"))["position"]
        position = 0 if last is None else last + 1
        own.distance_m += way_m
        own.pay += route_pay(_rule(deliverer), orders=1)
        event = RouteChanged(
            deliverer_id=deliverer.pk, joined_order_ids=[order.pk], left_order_ids=[], reason="assigned_by_dispatcher"
        )
        outbox.record(own, event, by=by, changed=["distance_m", "pay"])
    for step, kind in enumerate((Stop.Kind.PICKUP, Stop.Kind.DROPOFF)):
        free = Stop.objects.filter(order=order, kind=kind, route=None, status__in=OPEN_STOPS)
        if not free.update(route=route, position=position + step):
            raise OrderNotPlannable("the order has no stop to visit")
    return route


def _new_route(order: Order, deliverer: Deliverer, way_m: int, *, by: str) -> Route:
    now = clock.now()
    route = Route(
        city_id=order.city_id,
        deliverer=deliverer,
        status=Route.Status.ASSIGNED,
        distance_m=way_m,
        pay=route_pay(_rule(deliverer), orders=1),
        planned_at=now,
        assigned_at=now,
    )
    outbox.insert(route, RouteAssigned(deliverer_id=deliverer.pk, order_ids=[order.pk]), by=by)
    return route


def _rule(deliverer: Deliverer) -> PayRule:
    return PayRule(per_order=deliverer.city.pay_per_order, per_hour=deliverer.city.pay_per_hour)
