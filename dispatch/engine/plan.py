"""The engine's one entry: `plan(problem) -> Plan`.

Every minute the whole future is planned anew as chains of bundles: insert what waits, move orders and bundles
to better places, deal the chains' tails anew. Only what must start before the next decision is sent; the rest
may still change, because a promise made early is a choice given away.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.engine.assign import reassign_tails
from dispatch.engine.chains import Itineraries
from dispatch.engine.cost import Board
from dispatch.engine.eta import Visit, forecast_visits
from dispatch.engine.explain import Decision, explain_bundle
from dispatch.engine.problem import Chains, Deliverer, Problem, Stop, picked_orders
from dispatch.engine.reasons import Reason, Waiting
from dispatch.engine.trips import Bundle, orders_of

ROUNDS = 3  # of improvement; more found nothing on the benchmark
MOST_PLANNED = 1000  # orders in one decision, the soonest ready first: a flood costs no more than a very big evening
MOST_OFFERS = 4.0  # of one order that time is left for


@dataclass(frozen=True, slots=True)
class SentRoute:
    """A bundle that must start before the next decision: the stops to add, and why."""

    deliverer: str
    stops: tuple[Stop, ...]
    leaves_at: float  # latest start that costs nobody a minute
    decision: Decision


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer. Every order of the problem is either in `routes` or in `waiting`."""

    sent: tuple[SentRoute, ...]
    routes: Mapping[str, tuple[Stop, ...]]  # by deliverer: everything that stands, locked and sent
    holds: Mapping[str, str]  # by deliverer: the restaurant to go to after that, to wait there without an order
    visits: Mapping[str, tuple[Visit, ...]]  # the same in time, leaving each place as soon as possible
    waiting: Mapping[str, Waiting]  # by order
    chains: Chains  # the whole future: `previous` of the next problem


def plan(problem: Problem) -> Plan:
    """Decides one minute. Raises EngineError `bad_travel`; `Problem` has refused the rest already."""
    waiting: dict[str, Waiting] = {}
    board = _board(problem, waiting)
    state = Itineraries(board, problem.previous)
    state.refresh_candidates()
    state.insert_waiting()
    for _ in range(ROUNDS):
        state.refresh_candidates()
        changed = [state.move_orders(), state.move_bundles(), reassign_tails(state)]
        if board.is_spent or not any(changed):
            break
    return _answer(problem, state, waiting)


def _board(problem: Problem, waiting: dict[str, Waiting]) -> Board:
    """Sorts out what can be planned; what cannot is left waiting with its reason."""
    sound = {demand.order for demand in problem.orders if demand.is_sound}
    deliverers = [
        _as_begun(deliverer, sound)
        for deliverer in sorted(problem.deliverers, key=lambda deliverer: deliverer.id)
        if deliverer.is_sound
    ]
    begun = {order for deliverer in deliverers for order in _changeable(deliverer)}
    held = {order for deliverer in problem.deliverers for order in picked_orders(deliverer.locked)} - begun
    demands = []
    for demand in sorted(problem.orders, key=lambda demand: demand.order):
        if demand.order in held:
            continue
        if demand.order not in sound:
            waiting[demand.order] = Waiting(Reason.BAD_NUMBERS)
        elif demand.ready_at > problem.now + problem.rules.horizon_min and demand.order not in begun:
            waiting[demand.order] = Waiting(Reason.LATER)
        else:
            demands.append(demand)
    if len(demands) > MOST_PLANNED:
        demands.sort(key=lambda demand: (demand.order not in begun, demand.ready_at, demand.order))
        waiting |= {
            demand.order: Waiting(Reason.LATER) for demand in demands[MOST_PLANNED:] if demand.order not in begun
        }
        demands = sorted((d for d in demands if d.order not in waiting), key=lambda demand: demand.order)
    pull = {place: weight for place, weight in problem.pull.items() if all(map(math.isfinite, (*place, weight)))}
    return Board(replace(problem, pull=pull), demands, deliverers)


def _as_begun(deliverer: Deliverer, sound: set[str]) -> Deliverer:
    """A begun trip can only change while every order of it is known."""
    if set(_changeable(deliverer)) <= sound:
        return deliverer
    return replace(deliverer, amendable=False, locked=(*deliverer.locked, *deliverer.flexible), flexible=())


def _changeable(deliverer: Deliverer) -> list[str]:
    """The orders that the deliverer will pick up in the trip under way, as far as it may change."""
    return picked_orders((*(deliverer.locked if deliverer.amendable else ()), *deliverer.flexible))


def _answer(problem: Problem, state: Itineraries, waiting: dict[str, Waiting]) -> Plan:
    board, rules = state.board, problem.rules
    sent, routes, holds = [], {}, {}
    for number, deliverer in enumerate(board.deliverers):
        chain, begun = state.chains[number], board.begun[number]
        stops = () if deliverer.amendable else deliverer.locked
        stops += board.stops(chain[0]) if begun else ()
        for position in range(begun, len(chain)):
            leaves_at = _leaves_at(state, number, position, board.wanted_at)
            commit_before = problem.now + rules.every_min + _lead_min(board, chain[position])
            if position == begun and _binds_at(state, number, leaves_at, position) < commit_before:
                added = board.stops(chain[position])
                decision = explain_bundle(state, number, position, leaves_at)
                sent.append(SentRoute(deliverer.id, added, leaves_at, decision))
                stops = (*stops, *added)
                continue
            if position == begun and rules.may_hold:
                counter = board.first_visit(chain[position])[0]
                place, _ = board.chain_end(number, chain[:position])
                is_there = place == board.pickup[counter]
                if not is_there and _leaves_at(state, number, position, board.held_at) < commit_before:
                    holds[deliverer.id] = board.restaurant[counter]
            reason = Reason.NOT_YET if position == 0 and not deliverer.locked else Reason.AFTER_OTHERS
            for order in orders_of(chain[position]):
                waiting[board.demands[order].order] = Waiting(reason, deliverer.id, leaves_at)
        if stops:
            routes[deliverer.id] = stops
    for order, demand in enumerate(board.demands):
        if order not in state.owner:
            waiting[demand.order] = Waiting(_why_nobody(board, order))
    visits = {
        deliverer.id: forecast_visits(
            routes[deliverer.id],
            at=deliverer.at,
            free_at=deliverer.free_at if deliverer.locked else max(deliverer.free_at, problem.now),
            now=problem.now,
            legs=legs,
            rules=rules,
        )
        for deliverer, legs in zip(board.deliverers, board.legs_of, strict=True)
        if deliverer.id in routes
    }
    return Plan(tuple(sent), routes, holds, visits, waiting, _chains(state))


def _lead_min(board: Board, trip: Bundle) -> float:
    """How long before its start a trip is offered: longer where offers are often refused, for they come after it."""
    offers = 1 / min(board.demands[order].acceptance for order in orders_of(trip))
    return board.rules.lead_min * min(offers, MOST_OFFERS)


def _leaves_at(state: Itineraries, deliverer: int, position: int, wanted: Sequence[float]) -> float:
    """The latest start that delays nothing: the deliverer arrives as the last food of the bundle is ready.

    Nobody knows when an uncertain one is: she is there early, for a minute of hers costs less than one of a guest.
    """
    board, chain = state.board, state.chains[deliverer]
    place, free_at = board.chain_end(deliverer, chain[:position])
    visited = board.first_visit(chain[position])
    wanted_at = max(wanted[order] for order in visited)
    way = board.legs_of[deliverer].rows[place][board.pickup[visited[0]]]
    return max(free_at, wanted_at - board.rules.pickup_min / 2 - way)


def _binds_at(state: Itineraries, deliverer: int, leaves_at: float, position: int) -> float:
    """When the deliverer has to be bound to the trip: as she leaves for it, or, for uncertain food, as she arrives."""
    board, chain = state.board, state.chains[deliverer]
    counter = board.first_visit(chain[position])
    if not board.rules.may_hold or not any(board.overdue[order] for order in counter):
        return leaves_at
    place, _ = board.chain_end(deliverer, chain[:position])
    return leaves_at + board.legs_of[deliverer].rows[place][board.pickup[counter[0]]]


def _why_nobody(board: Board, order: int) -> Reason:
    if not board.deliverers:
        return Reason.NO_DELIVERER
    if math.isfinite(board.solo[order].min()):
        return Reason.LATER  # all who could have as much to do as is planned at all
    pairs = [(deliverer, order) for deliverer in range(len(board.deliverers))]
    if all(pair in board.forbidden for pair in pairs):
        return Reason.ALL_FORBIDDEN if any(pair in board.declined for pair in pairs) else Reason.NOBODY_SUITED
    pickup, dropoff = board.pickup[order], board.dropoff[order]
    ways = zip(board.start, (legs.rows for legs in board.legs_of), strict=True)
    if not math.isfinite(min(rows[start][pickup] + rows[pickup][dropoff] for start, rows in ways)):
        return Reason.NO_WAY
    return Reason.SHIFTS_END


def _chains(state: Itineraries) -> Chains:
    """Trips by the names of their orders, those of a mixed trip twice: pickup and drop-off."""
    board = state.board
    names = [*(demand.order for demand in board.demands), *(stop.order for stop in board.on_board.values())]
    return {
        deliverer.id: tuple(tuple(names[max(code, ~code)] for code in trip) for trip in chain)
        for deliverer, chain in zip(board.deliverers, state.chains, strict=True)
        if chain
    }
