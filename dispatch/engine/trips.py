"""Trips of a chain, from the first pickup with empty hands to the last drop-off.

A trip of one restaurant is its bundle: the orders (numbers) in drop-off order. A mixed trip has food of several
restaurants on board, or food that is on board already; it is a sequence of codes: `~order` picks up, `order` drops off.
A mixed trip starts with a pickup or with the number of an order on board, which a bundle never holds.
"""

from collections.abc import Iterator, Mapping, Sequence

from dispatch.engine.problem import Demand, Dropoff, Pickup, Stop

Bundle = tuple[int, ...]
Chain = tuple[Bundle, ...]


def orders_of(trip: Bundle) -> Bundle:
    """The orders that a trip drops off, in that order."""
    return tuple(code for code in trip if code >= 0)


def without_order(chain: Chain, order: int) -> Chain:
    """The chain with one order less; a trip that becomes empty is gone."""
    shorter = (as_trip(tuple(code for code in trip if code not in (order, ~order))) for trip in chain)
    return tuple(trip for trip in shorter if trip)


def as_trip(codes: Bundle) -> Bundle:
    """Codes of a single order are its bundle; others stay."""
    return codes[1:] if len(codes) == 2 and codes[0] == ~codes[1] else codes


def stops_of(codes: Bundle, demands: Sequence[Demand], on_board: Mapping[int, Dropoff]) -> Iterator[Stop]:
    """The stops of a trip's codes; pickups that follow each other at one restaurant are one stop."""
    visit: list[Demand] = []
    for code in (*codes, None):
        demand = demands[~code] if code is not None and code < 0 else None
        if visit and (demand is None or demand.restaurant != visit[0].restaurant):
            yield pickup_of(visit)
            visit = []
        if demand is not None:
            visit.append(demand)
        elif code is not None:
            yield on_board[code] if code in on_board else dropoff_of(demands[code])


def pickup_of(demands: Sequence[Demand]) -> Pickup:
    return Pickup(
        restaurant=demands[0].restaurant,
        place=demands[0].pickup,
        orders=tuple(demand.order for demand in demands),
        ready_at=max(demand.ready_at for demand in demands),
    )


def dropoff_of(demand: Demand) -> Dropoff:
    return Dropoff(order=demand.order, place=demand.dropoff, placed_at=demand.placed_at)
