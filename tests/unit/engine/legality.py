"""An independent checker of plans: it shares the engine's problem, none of its arithmetic."""

import math

from dispatch.engine.plan import Plan
from dispatch.engine.problem import Deliverer, Dropoff, Pickup, Place, Problem, Stop

METRES_PER_MINUTE = 1.0  # as in town.METRE_A_MINUTE


def broken_rules(problem: Problem, plan: Plan) -> list[str]:
    """Every rule that the plan breaks, in words; empty when it is legal."""
    people = {deliverer.id: deliverer for deliverer in problem.deliverers}
    broken = [f"unknown deliverer {name}" for name in plan.routes if name not in people]
    for deliverer in problem.deliverers:
        broken += _route_breaks(problem, deliverer, plan.routes.get(deliverer.id, ()))
    return broken + _order_breaks(problem, plan)


def _order_breaks(problem: Problem, plan: Plan) -> list[str]:
    routed = [
        order for stops in plan.routes.values() for stop in stops if isinstance(stop, Pickup) for order in stop.orders
    ]
    broken = [f"{order} is fetched twice" for order in set(routed) if routed.count(order) > 1]
    for demand in problem.orders:
        places = (demand.order in routed) + (demand.order in plan.waiting)
        if places != 1:
            broken.append(f"{demand.order} stands {places} times among routes and waiting")
    chained = [(name, order) for name, chain in plan.chains.items() for bundle in chain for order in bundle]
    kept = {(person.id, order) for person in problem.deliverers for order in _locked_orders(person)}
    broken += [f"{pair} is forbidden" for pair in chained if pair in problem.forbidden and pair not in kept]
    return broken


def _locked_orders(deliverer: Deliverer) -> list[str]:
    stops = (*deliverer.locked, *deliverer.flexible)
    return [order for stop in stops if isinstance(stop, Pickup) for order in stop.orders]


def _route_breaks(problem: Problem, deliverer: Deliverer, stops: tuple[Stop, ...]) -> list[str]:
    broken = []
    if deliverer.amendable:
        if not stops or not isinstance(stops[0], Pickup) or stops[0].place != deliverer.locked[0].place:
            broken.append(f"{deliverer.id} is diverted")
    elif stops[: len(deliverer.locked)] != deliverer.locked and deliverer.is_sound:
        broken.append(f"{deliverer.id} loses a locked stop")
    added = stops if deliverer.amendable else stops[len(deliverer.locked) :]
    return broken + _walk_breaks(problem, deliverer, stops, added)


def _walk_breaks(problem: Problem, deliverer: Deliverer, stops: tuple[Stop, ...], added: tuple[Stop, ...]) -> list[str]:
    known = {demand.order: demand for demand in problem.orders}
    broken, at, time, carried = [], deliverer.at, max(deliverer.free_at, 0.0), _on_board(deliverer)
    if not deliverer.locked:
        time = max(time, problem.now)
    for position, stop in enumerate(stops):
        time += _minutes(at, stop.place)
        at = stop.place
        is_new = position >= len(stops) - len(added)
        if isinstance(stop, Pickup):
            if carried and is_new and len(carried | set(stop.orders)) > problem.rules.mixed_limit:
                broken.append(f"{deliverer.id} picks up while carrying")
            if not stop.orders:
                broken.append(f"{deliverer.id} picks up nothing")
            ready = [known[order].ready_at for order in stop.orders] if is_new else [stop.ready_at]
            if is_new and {known[order].restaurant for order in stop.orders} != {stop.restaurant}:
                broken.append(f"{deliverer.id} picks up at the wrong restaurant")
            time = max(time + problem.rules.pickup_min / 2, problem.now, *ready)
            if is_new and not deliverer.amendable and time > deliverer.off_at:
                broken.append(f"{deliverer.id} picks up after the shift")
            time += problem.rules.pickup_min / 2
            carried |= set(stop.orders)
        else:
            if is_new and stop.order not in carried:
                broken.append(f"{deliverer.id} drops off {stop.order}, which is not carried")
            carried.discard(stop.order)
            time += problem.rules.dropoff_min
    if carried:
        broken.append(f"{deliverer.id} never drops off {sorted(carried)}")
    return broken


def _on_board(deliverer: Deliverer) -> set[str]:
    stops = (*deliverer.locked, *deliverer.flexible)
    picked = {order for stop in stops if isinstance(stop, Pickup) for order in stop.orders}
    return {stop.order for stop in deliverer.flexible if isinstance(stop, Dropoff)} - picked


def _minutes(origin: Place, destination: Place) -> float:
    return 0.0 if origin == destination else math.ceil(math.dist(origin, destination) / METRES_PER_MINUTE)
