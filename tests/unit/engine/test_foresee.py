"""What a plan promises, whatever it weighed."""

from dataclasses import replace

import pytest

from dispatch.engine.foresee import Foreseen, foresee
from dispatch.engine.plan import plan
from dispatch.engine.problem import StraightTravel
from tests.unit.engine.town import deliverer, demand, locked_bundle, problem


def test_a_single_order_is_foreseen_as_its_decision_says() -> None:
    asked = problem([demand("a", ready=3, to=(5, 0))], [deliverer("ana", at=(4, 0))])
    answer = plan(asked)
    [sent] = answer.sent
    terms = sent.decision.terms
    assert foresee(asked, answer.chains) == {
        "a": Foreseen("ana", terms.click_to_door_min, terms.food_waits_min, terms.over_target_min)
    }


def test_a_bundle_is_picked_up_once_and_dropped_off_in_its_order() -> None:
    asked = problem([demand("a", ready=0, to=(5, 0)), demand("b", ready=6, to=(8, 0))], [deliverer("ana")])
    seen = foresee(asked, {"ana": (("a", "b"),)})
    # Food is complete at 6; leaves at 8, five minutes to a, two of service on each side, three more to b.
    assert (seen["a"].door_min, seen["b"].door_min) == (15, 22)
    assert (seen["a"].food_min, seen["b"].food_min) == (2, 0)


def test_a_trip_of_two_restaurants_names_each_order_twice() -> None:
    orders = [demand("a", ready=0, to=(12, 0)), demand("b", restaurant="pizza", ready=0, to=(14, 0))]
    seen = foresee(problem(orders, [deliverer("ana")]), {"ana": (("a", "b", "a", "b"),)})
    assert (seen["a"].door_min, seen["b"].door_min) == (22, 28)


def test_what_is_locked_comes_first_and_late_is_beyond_promise_or_target() -> None:
    before = demand("old", ready=0, to=(5, 0))
    late = replace(demand("a", restaurant="pizza", ready=0, to=(10, 5)), promised_at=20)
    asked = problem([late], [deliverer("ana", locked=locked_bundle(before))])
    seen = foresee(asked, {"ana": (("a",),)})
    # Free in (5, 0) at 13, at the pizzeria at 18, food at 20, door at 29.
    assert (seen["a"].door_min, seen["a"].late_min, seen["a"].food_min) == (29, 9, 20)


def test_each_vehicle_is_foreseen_by_its_own_ways() -> None:
    people = [replace(deliverer(name, at=(10, 0)), vehicle=vehicle) for name, vehicle in (("ana", "bike"), ("ben", ""))]
    asked = replace(
        problem([demand("a", ready=0), demand("b", ready=0)], people),
        travel_by={"bike": StraightTravel(meters_per_minute=0.5)},
    )
    seen = foresee(asked, {"ana": (("a",),), "ben": (("b",),), "gone": (("c",),)})
    assert (seen["a"].door_min, seen["b"].door_min) == (20 + 2 + 2 + 10 + 2, 10 + 2 + 2 + 5 + 2)


@pytest.mark.parametrize("trip", [("gone",), ()])
def test_orders_that_are_gone_are_passed_over(trip: tuple[str, ...]) -> None:
    assert foresee(problem([demand("a")], [deliverer("ana")]), {"ana": (trip,)}) == {}
