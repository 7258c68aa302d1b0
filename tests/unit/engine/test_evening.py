"""Evenings played again: what waits for whom, and that changes change something."""

from dataclasses import replace

import pytest

from dispatch.engine.evening import Delivered, Outcome, PastOrder, outcome_of, play
from dispatch.engine.problem import Deliverer, Rules
from tests.unit.engine.town import METRE_A_MINUTE, deliverer, demand

RULES = Rules()


def past(name: str, *, ready: float = 10, late: float = 0, known: float = 0, restaurant: str = "thai") -> PastOrder:
    """Told for `ready`, and `late` minutes later than that."""
    told = demand(name, restaurant=restaurant, ready=ready, to=(5, 0))
    return PastOrder(demand=told, known_at=known, ready_at=ready + late)


def evening(orders: list[PastOrder], people: list[Deliverer], rules: Rules = RULES) -> dict[str, Delivered]:
    return play(orders, people, rules=rules, travel=METRE_A_MINUTE)


def test_a_single_order_takes_what_it_takes() -> None:
    # Food at 10, leaves at 12, five minutes of way, two of service.
    assert evening([past("a")], [deliverer("ana")]) == {"a": Delivered("ana", 10, 19)}


def test_a_late_kitchen_is_waited_for_and_nobody_knows_before() -> None:
    assert evening([past("a", late=7)], [deliverer("ana")]) == {"a": Delivered("ana", 17, 26)}


def test_a_deliverer_carries_one_route_at_a_time() -> None:
    orders = [past("a", ready=0), past("b", restaurant="pizza", ready=0)]
    alone = evening(orders, [deliverer("ana")])
    both = evening(orders, [deliverer("ana"), deliverer("ben", at=(10, 0))])
    assert alone["b"].picked_at >= alone["a"].door_at + 2
    assert both["b"].door_at < alone["b"].door_at
    assert {both["a"].deliverer, both["b"].deliverer} == {"ana", "ben"}


def test_nobody_starts_before_the_shift_or_picks_up_after_it() -> None:
    assert evening([past("a", ready=0)], [deliverer("ana", free=30)])["a"].picked_at >= 30
    assert evening([past("a", ready=50)], [deliverer("ana", off=40)]) == {}


def test_what_is_known_later_is_planned_later() -> None:
    assert evening([past("a", ready=0, known=25)], [deliverer("ana")])["a"].picked_at >= 25


def test_weights_change_the_evening() -> None:
    orders = [past(name, ready=0) for name in ("a", "b")]
    together = evening(orders, [deliverer("ana")])
    apart = evening(orders, [deliverer("ana")], replace(RULES, bundle_limit=1))
    assert together["a"].picked_at == together["b"].picked_at
    assert apart["a"].picked_at != apart["b"].picked_at


def test_the_same_evening_is_played_the_same_way_twice() -> None:
    orders = [past(f"o{number}", ready=number, late=number % 5, known=number - 10) for number in range(12)]
    people = [deliverer(name) for name in ("ana", "ben", "cem")]
    first = evening(orders, people)
    assert first == evening(orders, people)
    assert len(first) == len(orders)
    assert all(
        done.picked_at >= past_order.ready_at for past_order in orders for done in [first[past_order.demand.order]]
    )


def test_figures_of_an_evening() -> None:
    orders = [past("a"), past("b"), past("c")]
    promised = replace(orders[1], demand=replace(orders[1].demand, promised_at=20.0))
    done = {"a": Delivered("ana", 12, 30), "b": Delivered("ana", 10, 26)}
    assert outcome_of([orders[0], promised, orders[2]], done, RULES) == Outcome(
        orders=3, delivered=2, door_mean=28, door_p90=30, food_waits=1, late=1, late_mean=3
    )


@pytest.mark.parametrize(("orders", "people"), [([], []), ([], [deliverer("ana")]), ([past("a")], [])])
def test_an_evening_without_orders_or_people_ends(orders: list[PastOrder], people: list[Deliverer]) -> None:
    assert evening(orders, people) == {}
    assert outcome_of(orders, {}, RULES).door_mean is None
