"""Going to uncertain food without being bound to it, where the rules allow that."""

from dispatch.engine.plan import Plan, plan
from dispatch.engine.problem import Rules
from dispatch.engine.reasons import Reason
from tests.unit.engine.town import deliverer, demand, problem

PERHAPS = (8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0)
UNCERTAIN = demand("a", ready=13, perhaps=PERHAPS)
HOLDING = Rules(may_hold=True, hold_share=0.0, early_share=0.1)


def answer_at(now: float, at: float, rules: Rules = HOLDING) -> Plan:
    return plan(problem([UNCERTAIN], [deliverer("ana", at=(at, 0))], now=now, rules=rules))


def test_she_leaves_early_and_unbound() -> None:
    # In the earliest case the food is ready at 8: two minutes of service and four of way before that.
    assert answer_at(now=1, at=4).holds == {}
    answer = answer_at(now=1.5, at=4)
    assert (answer.holds, answer.sent) == ({"ana": "thai"}, ())
    assert answer.waiting["a"].reason == Reason.NOT_YET


def test_she_is_bound_in_the_minute_in_which_she_arrives_when_it_may_soon_be_ready() -> None:
    assert answer_at(now=6.5, at=1).holds == {"ana": "thai"}
    answer = answer_at(now=7.5, at=0.0)
    assert (answer.holds, [route.deliverer for route in answer.sent]) == ({}, ["ana"])


def test_at_the_counter_she_stays_free_as_long_as_it_is_not_likely() -> None:
    answer = answer_at(now=5.5, at=0)
    assert (answer.holds, answer.sent, answer.routes) == ({}, (), {})


def test_to_certain_food_she_is_bound_as_she_leaves() -> None:
    certain = problem([demand("a", ready=10)], [deliverer("ana", at=(4, 0))], now=3.5, rules=HOLDING)
    assert [route.leaves_at for route in plan(certain).sent] == [4]


def test_where_nobody_may_hold_she_is_bound_as_she_leaves() -> None:
    answer = answer_at(now=2.5, at=4, rules=Rules())
    assert (answer.holds, [route.deliverer for route in answer.sent]) == ({}, ["ana"])
