import math

import pytest

from dispatch.engine.cost import Board, expected_approach
from dispatch.engine.eta import Legs
from dispatch.engine.problem import Demand, Place, Rules
from tests.unit.engine.town import METRE_A_MINUTE, deliverer, demand, problem


def board_of(
    *orders: Demand,
    rules: Rules | None = None,
    forbidden: set[tuple[str, str]] | None = None,
    at: Place = (0, 0),
    free: float = 0,
    off: float = 600,
    paid: float = 0,
) -> Board:
    ana = deliverer("ana", at=at, free=free, off=off, paid=paid)
    return Board(problem(list(orders), [ana], rules=rules, forbidden=forbidden), orders, [ana])


def test_a_chain_costs_the_minutes_from_click_to_door() -> None:
    board = board_of(demand("a", ready=10))
    # There at 0, food at 10, leaves at 12, five minutes of way, hands it over two minutes later.
    assert board.chain_cost(0, ((0,),)) == 19


def test_minutes_beyond_the_target_cost_more() -> None:
    board = board_of(demand("a", ready=10), rules=Rules(target_min=15, over_target_weight=0.5))
    assert board.chain_cost(0, ((0,),)) == 19 + 0.5 * 4


def test_the_second_bundle_waits_for_the_first() -> None:
    board = board_of(demand("a", ready=10), demand("b", restaurant="pizza", to=(10, 1), ready=0))
    # Free at 21 in (5, 0); pizza after 5 minutes, picked up at 28, leaves at 30, one minute of way, two of service.
    assert board.chain_cost(0, ((0,), (1,))) == 19 + 33


def test_an_order_costs_pay_as_far_as_the_guarantee_is_earned() -> None:
    rules = Rules(pay_weight=2)
    assert board_of(demand("a", ready=10), rules=rules, paid=0.5).chain_cost(0, ((0,),)) == 19 + 1
    assert board_of(demand("a", ready=10), rules=rules, paid=7).chain_cost(0, ((0,),)) == 19 + 2


def test_a_pickup_after_the_shift_is_impossible() -> None:
    assert board_of(demand("a", ready=10), off=9).chain_cost(0, ((0,),)) == math.inf
    assert board_of(demand("a", ready=10), off=10).chain_cost(0, ((0,),)) == 19


def test_a_chain_that_ends_far_from_the_pull_costs_its_approach() -> None:
    legs = Legs(METRE_A_MINUTE, [(0, 0), (4, 0), (10, 0)])
    assert expected_approach(legs, {(0, 0): 3, (10, 0): 1}) == [2.5, 4.5, 7.5]
    assert expected_approach(legs, {}) == [0, 0, 0]


def test_the_solo_cost_is_what_the_chain_of_that_order_alone_costs() -> None:
    board = board_of(demand("a", ready=3), demand("b", restaurant="pizza", ready=50), at=(7, 3), free=4, paid=0.5)
    assert board.solo.tolist() == [
        [pytest.approx(board.chain_cost(0, ((0,),)))],
        [pytest.approx(board.chain_cost(0, ((1,),)))],
    ]


def test_a_forbidden_pair_has_no_solo_cost() -> None:
    board = board_of(demand("a"), forbidden={("ana", "a"), ("nobody", "a"), ("ana", "nothing")})
    assert board.solo.tolist() == [[math.inf]]
    assert not board.is_allowed(0, [0])
