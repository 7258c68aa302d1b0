"""Trips with food of several restaurants on board."""

from dataclasses import replace

from dispatch.engine.bundles import ways_to_add
from dispatch.engine.cost import Board
from dispatch.engine.plan import plan
from dispatch.engine.problem import Demand, Dropoff, Pickup, Rules, Stop
from dispatch.engine.trips import as_trip, without_order
from tests.unit.engine.town import deliverer, demand, locked_bundle, problem

MIXED = Rules(mixed_limit=3)
A, B = demand("a", ready=0, to=(11, 0)), demand("b", restaurant="pizza", ready=0, to=(12, 0))


def board_of(*orders: Demand, locked: tuple[Stop, ...] = (), flexible: tuple[Stop, ...] = ()) -> Board:
    ana = deliverer("ana", locked=locked, flexible=flexible, amendable=bool(locked))
    return Board(problem(list(orders), [ana], rules=MIXED), orders, [ana])


def names(stops: tuple[Stop, ...]) -> list[str]:
    """ "+a" picks up, "a" drops off."""
    return [f"+{'+'.join(stop.orders)}" if isinstance(stop, Pickup) else stop.order for stop in stops]


def test_an_order_of_another_restaurant_comes_on_board_at_each_turn() -> None:
    assert list(ways_to_add(board_of(A, B), 0, ((0,),), 1)) == [
        ((~1, ~0, 1, 0),),
        ((~1, ~0, 0, 1),),
        ((~0, ~1, 1, 0),),
        ((~0, ~1, 0, 1),),
        ((0,), (1,)),
        ((1,), (0,)),
    ]


def test_nobody_turns_away_from_the_restaurant_under_way() -> None:
    board = board_of(A, B, locked=locked_bundle(A))
    assert board.heads == [(0,)]
    assert list(ways_to_add(board, 0, ((0,),), 1)) == [((~0, ~1, 1, 0),), ((~0, ~1, 0, 1),), ((0,), (1,))]


def test_a_mixed_trip_costs_what_its_stops_take() -> None:
    board = board_of(A, B)
    # Leaves thai at 4, is 10 minutes away at 14, leaves pizza at 18, at doors 11 and 12 at 19 and 24; two for service.
    assert board.chain_cost(0, ((~0, ~1, 0, 1),)) == 21 + 26
    assert board.chain_end(0, ((~0, ~1, 0, 1),)) == (board.dropoff[1], 28)
    # Alone, thai's door is reached at 15 and left at 19; pizza at 20, left at 24, its door at 26.
    assert board.chain_cost(0, ((0,), (1,))) == 17 + 28


def test_two_orders_of_one_counter_are_one_visit() -> None:
    board = board_of(A, demand("a2", ready=3, to=(11, 0)), B)
    assert board.chain_cost(0, ((~0, ~1, 0, 1, ~2, 2),)) == board.chain_cost(0, ((0, 1), (2,)))
    assert names(board.stops((~0, ~1, 0, ~2, 1, 2))) == ["+a+a2", "a", "+b", "a2", "b"]


def test_what_is_left_of_a_mixed_trip_is_a_bundle() -> None:
    assert without_order(((~0, ~1, 0, 1), (2,)), 0) == ((1,), (2,))
    assert as_trip((~0, ~1, 0, 1)) == (~0, ~1, 0, 1)


def test_food_on_board_may_wait_for_a_pickup_on_the_way() -> None:
    on_board = Dropoff(order="old", place=(12, 0), placed_at=0)
    ana = deliverer("ana", at=(9, 0), flexible=(on_board,))
    answer = plan(problem([B], [ana], rules=MIXED))
    assert names(answer.routes["ana"]) == ["+b", "b", "old"]
    assert names(plan(problem([B], [ana])).routes["ana"]) == ["old"]


def test_food_on_board_is_brought_in_the_best_order_also_where_trips_are_not_mixed() -> None:
    doors = tuple(Dropoff(order=name, place=(x, 0), placed_at=0) for name, x in (("far", 9), ("near", 2)))
    answer = plan(problem([], [deliverer("ana", flexible=doors)]))
    assert names(answer.routes["ana"]) == ["near", "far"]


def test_a_mixed_trip_is_remembered_until_the_next_plan() -> None:
    far = [demand("a", ready=0, to=(50, 0)), demand("b", restaurant="pizza", ready=0, to=(51, 0))]
    first = problem(far, [deliverer("ana", at=(-9, 0))], rules=MIXED)
    answer = plan(first)
    assert answer.chains == {"ana": (("a", "b", "a", "b"),)}
    assert plan(replace(first, now=1, previous=answer.chains)).chains == answer.chains
    assert names(answer.routes["ana"]) == ["+a", "+b", "a", "b"]
