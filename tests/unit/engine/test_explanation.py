import math

import pytest

from dispatch.engine.explain import Terms
from dispatch.engine.plan import plan
from dispatch.engine.problem import Deliverer, Demand
from dispatch.engine.reasons import Reason, Waiting
from tests.unit.engine.town import deliverer, demand, problem


def test_a_decision_names_its_terms_and_the_runner_up() -> None:
    orders = [demand("a", ready=3, to=(5, 0))]
    people = [deliverer("ana", at=(4, 0)), deliverer("ben", at=(9, 0)), deliverer("cem", at=(20, 0))]
    (sent,) = plan(problem(orders, people)).sent
    # Ana is there at 4 and picks up at 6, three minutes after the food was ready; ben would need five minutes more.
    assert sent.decision.terms == Terms(
        approach_min=4,
        idle_min=0,
        food_waits_min=3,
        click_to_door_min=15,
        over_target_min=0,
        price=0,
        end_approach_min=0,
        cost=15,
    )
    assert (sent.deliverer, sent.decision.runner_up, sent.decision.runner_up_cost) == ("ana", "ben", 20)


def test_without_a_second_candidate_there_is_no_runner_up() -> None:
    (sent,) = plan(problem([demand("a", ready=0)], [deliverer("ana")])).sent
    assert (sent.decision.runner_up, sent.decision.runner_up_cost) == (None, None)


def test_an_order_that_needs_no_start_yet_says_who_will_leave_when() -> None:
    answer = plan(problem([demand("a", ready=30)], [deliverer("ana", at=(4, 0))]))
    assert answer.waiting == {"a": Waiting(Reason.NOT_YET, "ana", 24)}


def test_an_order_behind_another_says_so() -> None:
    orders = [demand("a", ready=0), demand("b", restaurant="pizza", ready=0)]
    answer = plan(problem(orders, [deliverer("ana")]))
    assert answer.waiting == {"b": Waiting(Reason.AFTER_OTHERS, "ana", 13)}


@pytest.mark.parametrize(
    ("people", "order", "forbidden", "reason"),
    [
        ([], demand("a"), set(), Reason.NO_DELIVERER),
        ([deliverer("ana", off=5)], demand("a", ready=10), set(), Reason.SHIFTS_END),
        ([deliverer("ana")], demand("a"), {("ana", "a")}, Reason.ALL_FORBIDDEN),
        ([deliverer("ana")], demand("a", ready=500), set(), Reason.LATER),
        ([deliverer("ana")], demand("a", to=(math.nan, 0)), set(), Reason.BAD_NUMBERS),
        ([deliverer("ana")], demand("a", ready=math.inf), set(), Reason.BAD_NUMBERS),
    ],
)
def test_an_order_that_nobody_can_take_says_why(
    people: list[Deliverer], order: Demand, forbidden: set[tuple[str, str]], reason: Reason
) -> None:
    answer = plan(problem([order], people, forbidden=forbidden))
    assert answer.waiting == {"a": Waiting(reason)}
    assert answer.sent == ()
