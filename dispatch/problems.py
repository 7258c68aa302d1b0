"""A snapshot as the engine's problem, and the engine's routes as proposals. Reads no database.

The engine knows orders, deliverers and restaurants by their primary keys as text, minutes as city minutes since the
snapshot, places as metres east and north of the city's centre.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from math import ceil, fsum, inf, isfinite
from statistics import fmean
from typing import Any

from delivery.cities.models import City
from delivery.cities.ways import way
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.orders.models import Order
from dispatch.cargo import NOTHING, equipment_of
from dispatch.engine.explain import Terms
from dispatch.engine.kitchens import Kitchens
from dispatch.engine.plan import SentRoute
from dispatch.engine.problem import Chains, Deliverer, Demand, Dropoff, Pickup, Place, Problem, Rules, Travel
from dispatch.engine.problem import Stop as EngineStop
from dispatch.engine.uncertain import StretchedTravel, stretch
from dispatch.experience import Experience
from dispatch.fleet.models import Shift
from dispatch.models import Stop, Weights
from dispatch.services.offers import Proposal
from dispatch.snapshot import OFFLINE_AFTER, PLANNABLE, Snapshot
from dispatch.travel import straight_legs, travels_of
from dispatch.weighing import rules_of

MINUTE = timedelta(minutes=1)


def problem_of(
    snapshot: Snapshot,
    *,
    every: timedelta,
    pull: Mapping[Place, float],
    previous: Chains,
    kitchens: Kitchens,
    taught: Experience | None = None,
) -> Problem:
    """`every`: city time until the next decision. `pull`, `previous`, `kitchens`, `taught`: what the planner knows.

    The rules are those in use; `weighed` gives the problem others.
    """
    city, taught = snapshot.city, taught or Experience()
    live = snapshot.weights.get(Weights.Use.LIVE)
    vehicles = {shift.deliverer.vehicle for shift in snapshot.shifts}
    travel, travel_by = travels_of(city, _destinations(snapshot, pull), vehicles)
    fair = _fairness(snapshot)
    deliverers = (
        _deliverer(snapshot, shift, travel_by.get(shift.deliverer.vehicle, travel), fair) for shift in snapshot.shifts
    )
    return Problem(
        now=0.0,
        rules=rules_of(city, live.values if live else {}, every=every),
        travel=travel,
        travel_by=travel_by,
        orders=tuple(_demand(snapshot, order, kitchens, taught) for order in snapshot.orders.values()),
        deliverers=tuple(deliverer for deliverer in deliverers if deliverer is not None),
        forbidden=frozenset((str(deliverer_id), str(order_id)) for deliverer_id, order_id in snapshot.excluded),
        pull=pull,
        previous=previous,
    )


def weighed(problem: Problem, rules: Rules, taught: Experience) -> Problem:
    """The same question under other rules, with the ways stretched as these rules reckon with delays."""
    factor = stretch(taught.rides, rules.travel_share)
    if factor == 1.0:
        return replace(problem, rules=rules)
    return replace(
        problem,
        rules=rules,
        travel=StretchedTravel(problem.travel, factor),
        travel_by={vehicle: StretchedTravel(travel, factor) for vehicle, travel in problem.travel_by.items()},
    )


def place_of(city: City, point: Point) -> Place:
    return city.plane.to_xy(point)


def proposal_of(snapshot: Snapshot, problem: Problem, sent: SentRoute) -> Proposal:
    """The engine's route with the versions of what it was planned from."""
    deliverer_id = int(sent.deliverer)
    [at] = [deliverer.at for deliverer in problem.deliverers if deliverer.id == sent.deliverer]
    [person] = [shift.deliverer for shift in snapshot.shifts if shift.deliverer_id == deliverer_id]
    places = [at, *(stop.place for stop in sent.stops)]
    points = [snapshot.city.plane.to_point(*place) for place in places]
    legs = [way(snapshot.city, a, b, person.vehicle) for a, b in pairwise(points)]
    decision, live = sent.decision, snapshot.weights.get(Weights.Use.LIVE)
    runner_up: dict[str, Any] = {}
    if decision.runner_up and decision.runner_up_terms:
        terms = _json_terms(decision.runner_up_terms)
        runner_up = {"deliverer": decision.runner_up, "cost": _json(decision.runner_up_cost), "terms": terms}
    return Proposal(
        deliverer_id=deliverer_id,
        deliverer_version=person.version,
        stops=[visit for stop in sent.stops for visit in _visits(stop)],
        order_versions={pk: snapshot.orders[pk].version for pk in map(int, decision.orders)},
        distance_m=round(sum(leg.metres for leg in legs)),
        terms={
            **_json_terms(decision.terms),
            "straight_legs": straight_legs(problem.travel_by.get(person.vehicle, problem.travel), places),
            "considered": decision.considered,
            "ride_min": _json(sum(leg.minutes for leg in legs[1:])),
        },
        runner_up=runner_up,
        weights_id=live.pk if live else None,
        leaves_at=instant_of(snapshot, sent.leaves_at),
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


def instant_of(snapshot: Snapshot, minute: float) -> datetime | None:
    """The real instant of one of the problem's minutes."""
    return clock.after(snapshot.city, minute * MINUTE, since=snapshot.taken_at) if isfinite(minute) else None


def _fairness(snapshot: Snapshot) -> Mapping[int, tuple[float, float, float]]:
    """By deliverer: share of the guarantee earned, pay by the hour against the mean, minutes without a route."""
    city, now = snapshot.city, snapshot.taken_at
    earned, waited, shares = {}, {}, {}
    for shift in snapshot.shifts:
        pk, worked, started_at = shift.deliverer_id, snapshot.worked.get(shift.deliverer_id), shift.started_at or now
        pay = worked.pay if worked else 0
        idle_since = worked.last_done_at if worked and worked.last_done_at else started_at
        hours = max(clock.between(city, started_at, now) / timedelta(hours=1), 0.25)
        guaranteed = city.pay_per_hour * (clock.between(city, started_at, shift.ends_at) / timedelta(hours=1))
        earned[pk], shares[pk] = pay / hours, pay / guaranteed if guaranteed > 0 else 1.0
        waited[pk] = 0.0 if snapshot.locked.get(pk) else max(0.0, clock.between(city, idle_since, now) / MINUTE)
    mean = fmean(earned.values()) if earned else 0.0
    return {pk: (shares[pk], earned[pk] / mean - 1 if mean > 0 else 0.0, waited[pk]) for pk in earned}


def _demand(snapshot: Snapshot, order: Order, kitchens: Kitchens, taught: Experience) -> Demand:
    cargo, zone = snapshot.cargo.get(order.pk, NOTHING), taught.zone_of(order.point)
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
        promised_at=_minute(snapshot, order.promised_until) if order.promised_until else inf,
        load=float(cargo.room),
        needs=cargo.needs,
        cash=float(cargo.cash),
        zone=zone,
        acceptance=taught.acceptance(zone, clock.shown(snapshot.city, snapshot.taken_at).hour),
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


def _deliverer(
    snapshot: Snapshot, shift: Shift, travel: Travel, fair: Mapping[int, tuple[float, float, float]]
) -> Deliverer | None:
    """None for somebody whose phone has not yet said where, or has said nothing for long and holds no route."""
    person = shift.deliverer
    position, stops = getattr(person, "position", None), snapshot.locked.get(person.pk, [])
    if position is None or (not stops and snapshot.taken_at - position.received_at > OFFLINE_AFTER):
        return None
    at, free_at, off_at = place_of(snapshot.city, Point(position.lat, position.lon)), 0.0, shift.ends_at
    if stops:
        at, free_at = _next_arrival(snapshot, stops[0], at, position.measured_at, travel)
    if shift.rests_at and shift.rests_until and snapshot.taken_at < shift.rests_until:
        if snapshot.taken_at < shift.rests_at:
            off_at = min(off_at, shift.rests_at)
        elif not stops:
            free_at = _minute(snapshot, shift.rests_until)
    collected = sum(snapshot.cargo.get(order_id, NOTHING).cash for order_id in {stop.order_id for stop in stops})
    pay_share, paid_ahead, waited_min = fair[person.pk]
    zones = frozenset(str(zone.pk) for zone in person.zones.all())
    return Deliverer(
        id=str(person.pk),
        at=at,
        free_at=free_at,
        off_at=_minute(snapshot, off_at),
        locked=tuple(_locked(snapshot, stops)),
        pay_share=pay_share,
        vehicle=person.vehicle,
        capacity=inf if person.bag_room is None else float(person.bag_room),
        has=equipment_of(person),
        cash_limit=inf if person.cash_limit is None else float(max(0, person.cash_limit - collected)),
        zones=zones or None,
        paid_ahead=paid_ahead,
        waited_min=waited_min,
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


def _json_terms(terms: Terms) -> dict[str, float | None]:
    return {name: _json(value) for name, value in asdict(terms).items()}


def _json(number: float | None) -> float | None:
    """JSON has no infinity."""
    return round(number, 3) if number is not None and isfinite(number) else None
