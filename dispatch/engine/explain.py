"""Why: what each decision weighed, and who came second; `reasons` says what a waiting order waits for."""

import math
from dataclasses import dataclass

from dispatch.engine.chains import Itineraries
from dispatch.engine.cost import Board
from dispatch.engine.eta import forecast_visits
from dispatch.engine.problem import Dropoff
from dispatch.engine.trips import Bundle, Chain, orders_of


@dataclass(frozen=True, slots=True)
class Terms:
    """What one chain's first bundle means in minutes, and its price in the engine's cost."""

    approach_min: float  # way to the restaurant
    idle_min: float  # deliverer waits there for the food
    food_waits_min: float  # the first ready order waits for the pickup
    click_to_door_min: float  # mean over the bundle
    over_target_min: float  # sum over the bundle: beyond the promise, else the city's target
    price: float  # of its orders with this deliverer, in minutes: pay beyond the guarantee, fairness
    end_approach_min: float  # expected way to work from where the bundle ends
    cost: float  # what the chain costs more with the bundle than without


@dataclass(frozen=True, slots=True)
class Decision:
    """Why this bundle goes to this deliverer; `runner_up` is who would have come next, at which cost."""

    deliverer: str
    orders: tuple[str, ...]
    terms: Terms
    runner_up: str | None
    runner_up_cost: float | None
    runner_up_terms: Terms | None
    considered: int  # deliverers whose chains were priced for it


def explain_bundle(state: Itineraries, deliverer: int, position: int, leaves_at: float) -> Decision:
    """The decision behind the bundle at `position` of a chain, which starts at `leaves_at`."""
    board, chain = state.board, state.chains[deliverer]
    bundle = chain[position]
    other = tuple(placed for number, placed in enumerate(chain) if number != position)
    found = state.placement(bundle, math.inf, besides=deliverer)
    return Decision(
        deliverer=board.deliverers[deliverer].id,
        orders=tuple(board.demands[order].order for order in orders_of(bundle)),
        terms=_terms(
            board,
            deliverer,
            chain[: position + 1],
            leaves_at,
            cost=state.costs[deliverer] - board.chain_cost(deliverer, other),
        ),
        runner_up=board.deliverers[found[1]].id if found else None,
        runner_up_cost=found[0] if found else None,
        runner_up_terms=_terms_of_second(state, bundle, *found) if found else None,
        considered=len({deliverer, *state.candidates[bundle[0]]}),
    )


def _terms_of_second(state: Itineraries, bundle: Bundle, cost: float, deliverer: int, chain: Chain) -> Terms:
    """What the bundle would mean with who came second, leaving when it costs nobody a minute."""
    board = state.board
    before = chain[: chain.index(bundle)]
    place, free_at = board.chain_end(deliverer, before)
    visited = board.first_visit(bundle)
    way = board.legs_of[deliverer].rows[place][board.pickup[visited[0]]]
    leaves_at = max(free_at, max(board.wanted_at[order] for order in visited) - board.rules.pickup_min / 2 - way)
    return _terms(board, deliverer, (*before, bundle), leaves_at, cost)


def _terms(board: Board, deliverer: int, chain: Chain, leaves_at: float, cost: float) -> Terms:
    rules, trip, legs = board.rules, chain[-1], board.legs_of[deliverer]
    origin, _ = board.chain_end(deliverer, chain[:-1])
    at = legs.places[origin]
    visits = forecast_visits(board.stops(trip), at=at, free_at=leaves_at, now=board.now, legs=legs, rules=rules)
    first, orders = visits[0], orders_of(trip)
    waits = [visit.done_at - visit.stop.placed_at for visit in visits if isinstance(visit.stop, Dropoff)]
    return Terms(
        approach_min=first.arrives_at - first.leaves_at,
        idle_min=first.done_at - first.arrives_at - rules.pickup_min / 2,
        food_waits_min=first.done_at - min(board.ready_at[order] for order in board.first_visit(trip)),
        click_to_door_min=sum(waits) / len(waits),
        over_target_min=sum(
            max(0.0, wait - board.wanted_min[order]) for order, wait in zip(orders, waits, strict=True)
        ),
        price=board.order_price[deliverer] * len(orders),
        end_approach_min=board.approach[board.dropoff[orders[-1]]],
        cost=cost,
    )
