"""A snapshot as the engine's problem, and the engine's routes as proposals. Reads no database.

The engine knows orders, deliverers and restaurants by their primary keys as text, minutes as city minutes since the
snapshot, places as metres east and north of the city's centre.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from math import ceil, fsum, isfinite

from delivery.cities.models import City
from delivery.cities.ways import way
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.orders.models import Order
from dispatch.engine.kitchens import Kitchens
from dispatch.engine.plan import SentRoute
from dispatch.engine.problem import Chains, Deliverer, Demand, Dropoff, Pickup, Place, Problem, Rules, Travel
from dispatch.engine.problem import Stop as EngineStop
from dispatch.fleet.models import Shift
from dispatch.models import Stop
from dispatch.services.offers import Proposal
from dispatch.snapshot import PLANNABLE, Snapshot
from dispatch.travel import straight_legs, travel_of

MINUTE = timedelta(minutes=1)


def problem_of(
    snapshot: Snapshot, *, every: timedelta, pull: Mapping[Place, float], previous: Chains, kitchens: Kitchens
) -> Problem:
    """`every`: city time until the next decision. `pull`, `previous`, `kitchens`: what the planner remembers."""
    city = snapshot.city
    rules = Rules(
        pickup_min=city.pickup_service / MINUTE,
        dropoff_min=city.dropoff_service / MINUTE,
        target_min=city.target_time / MINUTE,
        every_min=every / MINUTE,
        # Who is asked a little before the latest start does not have to run for having thought about it.
        lead_min=city.offer_for / MINUTE,
    )
    travel = travel_of(city, _destinations(snapshot, pull))
    deliverers = (_deliverer(snapshot, shift, travel) for shift in snapshot.shifts)
    return Problem(
        now=0.0,
        rules=rules,
        travel=travel,
        orders=tuple(_demand(snapshot, order, kitchens) for order in snapshot.orders.values()),
        deliverers=tuple(deliverer for deliverer in deliverers if deliverer is not None),
        forbidden=frozenset((str(deliverer_id), str(order_id)) for deliverer_id, order_id in snapshot.excluded),
        pull=pull,
        previous=previous,
    )


def place_of(city: City, point: Point) -> Place:
    return city.plane.to_xy(point)


def proposal_of(snapshot: Snapshot, problem: Problem, sent: SentRoute) -> Proposal:
    """The engine's route with the versions of what it was planned from."""
    deliverer_id = int(sent.deliverer)
    [at] = [deliverer.at for deliverer in problem.deliverers if deliverer.id == sent.deliverer]
    [version] = [shift.deliverer.version for shift in snapshot.shifts if shift.deliverer_id == deliverer_id]
    places = [at, *(stop.place for stop in sent.stops)]
    points = [snapshot.city.plane.to_point(*place) for place in places]
    legs = [way(snapshot.city, a, b) for a, b in pairwise(points)]
    decision = sent.decision
    runner_up = {"deliverer": decision.runner_up, "cost": _json(decision.runner_up_cost)} if decision.runner_up else {}
    return Proposal(
        deliverer_id=deliverer_id,
        deliverer_version=version,
        stops=[visit for stop in sent.stops for visit in _visits(stop)],
        order_versions={pk: snapshot.orders[pk].version for pk in map(int, decision.orders)},
        distance_m=round(sum(leg.metres for leg in legs)),
        terms={
            **{name: _json(value) for name, value in asdict(decision.terms).items()},
            "straight_legs": straight_legs(problem.travel, places),
        },
        runner_up=runner_up,
    )


def watch_kitchens(kitchens: Kitchens, snapshot: Snapshot) -> None:
    """Tell the forecast what kitchens say now, and what has become ready; nobody has to press anything for it."""
    carried = (stop.order for stops in snapshot.locked.values() for stop in stops)
    seen = {str(order.pk): order for order in (*snapshot.orders.values(), *carried)}
    for name in kitchens.cooking:
        if name not in seen or (seen[name].ready_at is None and seen[name].status not in PLANNABLE):
            kitchens.forget(name)  # called off, or picked up without a word
    for name, order in seen.items():
        if order.ready_at is not None:
            kitchens.see_ready(name, after=_age(snapshot, order.ready_at), before=_age(snapshot, order.ready_at))
        elif order.ready_eta is not None and order.status in PLANNABLE:
            kitchens.hear(
                name,
                restaurant=str(order.restaurant_id),
                placed_at=_age(snapshot, order.placed_at),
                told_at=_age(snapshot, order.ready_eta),
            )


def _demand(snapshot: Snapshot, order: Order, kitchens: Kitchens) -> Demand:
    now = _age(snapshot, snapshot.taken_at)
    perhaps_at = () if order.ready_at else tuple(at - now for at in kitchens.perhaps_at(str(order.pk), now))
    told_at = _minute(snapshot, ready_estimate(order))
    return Demand(
        order=str(order.pk),
        restaurant=str(order.restaurant_id),
        pickup=place_of(snapshot.city, order.restaurant.point),
        dropoff=place_of(snapshot.city, order.point),
        placed_at=_minute(snapshot, order.placed_at),
        ready_at=fsum(perhaps_at) / len(perhaps_at) if perhaps_at else told_at,
        perhaps_at=perhaps_at,
    )


def ready_estimate(order: Order) -> datetime:
    """When the bag stands on the counter, as well as we know."""
    return order.ready_at or order.ready_eta or order.cook_at or order.placed_at


def _destinations(snapshot: Snapshot, pull: Mapping[Place, float]) -> set[Place]:
    """Where somebody may ride to."""
    waiting = {point for order in snapshot.orders.values() for point in (order.restaurant.point, order.point)}
    begun = {Point(stop.lat, stop.lon) for stops in snapshot.locked.values() for stop in stops}
    carried = {stop.order.point for stops in snapshot.locked.values() for stop in stops}
    counters = {stop.order.restaurant.point for stops in snapshot.locked.values() for stop in stops}
    return {place_of(snapshot.city, point) for point in waiting | begun | carried | counters} | set(pull)


def _deliverer(snapshot: Snapshot, shift: Shift, travel: Travel) -> Deliverer | None:
    """None for somebody whose phone has not yet said where."""
    position = getattr(shift.deliverer, "position", None)
    if position is None:
        return None
    at, free_at = place_of(snapshot.city, Point(position.lat, position.lon)), 0.0
    stops = snapshot.locked.get(shift.deliverer_id, [])
    if stops:
        at, free_at = _next_arrival(snapshot, stops[0], at, position.measured_at, travel)
    return Deliverer(
        id=str(shift.deliverer_id),
        at=at,
        free_at=free_at,
        off_at=_minute(snapshot, shift.ends_at),
        locked=tuple(_locked(snapshot, stops)),
    )


def _next_arrival(
    snapshot: Snapshot, stop: Stop, seen_at_place: Place, seen_at: datetime, travel: Travel
) -> tuple[Place, float]:
    """The next stop and the minute of arrival there, in the past when the deliverer already waits at it."""
    place = place_of(snapshot.city, Point(stop.lat, stop.lon))
    if stop.arrived_at is not None:
        return place, _minute(snapshot, stop.arrived_at)
    way_min = ceil(travel.minutes([seen_at_place, place])[0, 1])
    return place, max(0.0, _minute(snapshot, seen_at) + way_min)


def _locked(snapshot: Snapshot, stops: Sequence[Stop]) -> list[EngineStop]:
    """Pickups at one counter that follow each other are one visit."""
    locked: list[EngineStop] = []
    for (kind, restaurant_id), visits in groupby(stops, key=_visit_key):
        orders = [stop.order for stop in visits]
        if kind == Stop.Kind.PICKUP:
            locked.append(
                Pickup(
                    restaurant=str(restaurant_id),
                    place=place_of(snapshot.city, orders[0].restaurant.point),
                    orders=tuple(str(order.pk) for order in orders),
                    ready_at=max(_minute(snapshot, ready_estimate(order)) for order in orders),
                )
            )
            continue
        for order in orders:
            place = place_of(snapshot.city, order.point)
            locked.append(Dropoff(order=str(order.pk), place=place, placed_at=_minute(snapshot, order.placed_at)))
    return locked


def _visit_key(stop: Stop) -> tuple[str, int]:
    return stop.kind, stop.order.restaurant_id


def _visits(stop: EngineStop) -> list[tuple[int, str]]:
    if isinstance(stop, Pickup):
        return [(int(order), Stop.Kind.PICKUP.value) for order in stop.orders]
    return [(int(stop.order), Stop.Kind.DROPOFF.value)]


def _minute(snapshot: Snapshot, instant: datetime) -> float:
    return clock.between(snapshot.city, snapshot.taken_at, instant) / MINUTE


def _age(snapshot: Snapshot, instant: datetime) -> float:
    """Minutes of the city's life: the same for every snapshot."""
    return clock.between(snapshot.city, snapshot.city.created_at, instant) / MINUTE


def _json(number: float | None) -> float | None:
    """JSON has no infinity."""
    return round(number, 3) if number is not None and isfinite(number) else None
