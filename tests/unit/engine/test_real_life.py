"""What streets, bags, rules and people add to the benchmark: each constraint and each term by itself."""

import math
from dataclasses import replace
from typing import Any

import pytest

from dispatch.engine.plan import Plan, plan
from dispatch.engine.problem import Deliverer, Demand, EngineError, Rules, StraightTravel
from dispatch.engine.reasons import Reason
from dispatch.engine.terms import order_prices
from dispatch.engine.uncertain import LEARNT_FROM, StretchedTravel, share_within, stretch
from tests.unit.engine.town import METRE_A_MINUTE, deliverer, demand, problem


def near_and_far(near: dict[str, Any], far: dict[str, Any]) -> list[Deliverer]:
    """Ana stands at the counter, ben ten minutes away."""
    return [replace(deliverer("ana"), **near), replace(deliverer("ben", at=(10, 0)), **far)]


def sent_to(answer: Plan) -> dict[str, str]:
    """Order -> who was sent for it."""
    return {order: sent.deliverer for sent in answer.sent for order in sent.decision.orders}


@pytest.mark.parametrize(
    ("order", "near", "far"),
    [
        ({"needs": frozenset({"cold_bag"})}, {"has": frozenset({"hot_bag"})}, {"has": frozenset({"cold_bag"})}),
        ({"needs": frozenset({"age_check"})}, {}, {"has": frozenset({"age_check", "cold_bag"})}),
        ({"zone": "north"}, {"zones": frozenset({"south"})}, {"zones": frozenset({"north"})}),
        ({"zone": "north"}, {"zones": frozenset()}, {}),
        ({"cash": 50.0}, {"cash_limit": 49.0}, {"cash_limit": 50.0}),
        ({"load": 3.0}, {"capacity": 2.0}, {"capacity": 3.0}),
    ],
)
def test_who_is_not_suited_is_passed_over(order: dict[str, Any], near: dict[str, Any], far: dict[str, Any]) -> None:
    wanted = replace(demand("a", ready=0), **order)
    assert sent_to(plan(problem([wanted], near_and_far(near, far)))) == {"a": "ben"}
    assert sent_to(plan(problem([wanted], near_and_far(far, far)))) == {"a": "ana"}
    alone = plan(problem([wanted], near_and_far(near, near)))
    assert (alone.waiting["a"].reason, alone.sent) == (Reason.NOBODY_SUITED, ())


def test_who_said_no_is_told_from_who_cannot() -> None:
    wanted = replace(demand("a"), needs=frozenset({"age_check"}))
    answer = plan(problem([wanted], near_and_far({"has": wanted.needs}, {}), forbidden={("ana", "a")}))
    assert answer.waiting["a"].reason is Reason.ALL_FORBIDDEN


def test_a_bag_holds_what_it_has_room_for() -> None:
    orders = [replace(demand(name, ready=0), load=2.0) for name in ("a", "b", "c")]
    small = plan(problem(orders, [replace(deliverer("ana"), capacity=4.0)]))
    large = plan(problem(orders, [replace(deliverer("ana"), capacity=6.0)]))
    assert (len(sent_to(small)), len(sent_to(large))) == (2, 3)


def test_cash_is_limited_over_everything_that_is_planned() -> None:
    orders = [replace(demand(name, ready=0), cash=30.0) for name in ("a", "b")]
    answer = plan(problem(orders, near_and_far({"cash_limit": 50.0}, {"cash_limit": 50.0})))
    assert sorted(sent_to(answer).values()) == ["ana", "ben"]
    assert len(sent_to(plan(problem(orders, near_and_far({"cash_limit": 60.0}, {}))))) == 2


def test_a_vehicle_rides_at_its_own_pace() -> None:
    people = near_and_far({"at": (-6.0, 0.0), "vehicle": "bicycle"}, {"vehicle": "car"})
    asked = problem([demand("a", ready=0, to=(0, 5))], people)
    assert sent_to(plan(asked)) == {"a": "ana"}
    slow, quick = StraightTravel(meters_per_minute=0.5), StraightTravel(meters_per_minute=2.0)
    answer = plan(replace(asked, travel_by={"bicycle": slow, "car": quick}))
    assert sent_to(answer) == {"a": "ben"}
    [visit, _] = answer.visits["ben"]
    assert (visit.arrives_at, visit.done_at) == (5, 7)
    terms = answer.sent[0].decision
    assert (terms.terms.approach_min, terms.runner_up_terms and terms.runner_up_terms.approach_min) == (5, 12)


def test_a_shift_that_ends_earlier_for_a_slow_vehicle_takes_no_order() -> None:
    person = replace(deliverer("ana", at=(8, 0), off=12), vehicle="bicycle")
    asked = problem([demand("a", ready=0)], [person])
    assert sent_to(plan(asked)) == {"a": "ana"}
    slow = plan(replace(asked, travel_by={"bicycle": StraightTravel(meters_per_minute=0.5)}))
    assert slow.waiting["a"].reason is Reason.SHIFTS_END


def test_a_promise_that_would_be_broken_goes_before_an_order_with_time() -> None:
    orders = [demand("a", ready=0), demand("b", restaurant="pizza", ready=0, to=(14, 0))]
    person = deliverer("ana", at=(5, 0))
    heavy = Rules(over_target_weight=5)

    def first(promised: dict[str, float]) -> str:
        wanted = [replace(each, promised_at=promised[each.order]) for each in orders]
        return next(iter(sent_to(plan(problem(wanted, [person], rules=heavy)))))

    assert first({"a": 20, "b": 500}) == "a"
    assert first({"a": 500, "b": 20}) == "b"


def test_an_order_placed_long_before_its_promise_is_not_late() -> None:
    preorder = replace(demand("a", placed=-600, ready=0), promised_at=30)
    [sent] = plan(problem([preorder], [deliverer("ana")])).sent
    assert sent.decision.terms.over_target_min == 0


def test_offers_that_are_often_refused_start_earlier() -> None:
    rules = Rules(lead_min=2)
    for acceptance, leaves in ((1.0, 10.0), (0.5, 10.0), (0.5, 4.5)):
        wanted = replace(demand("a", ready=leaves + 2), acceptance=acceptance)
        is_sent = bool(plan(problem([wanted], [deliverer("ana")], rules=rules)).sent)
        assert is_sent == (leaves < 1 + 2 / acceptance)


def test_fairness_breaks_a_tie_and_no_more_than_it_weighs() -> None:
    people = near_and_far({"paid_ahead": 0.5}, {"at": (1.0, 0.0), "paid_ahead": -0.5})
    asked = problem([demand("a", ready=0)], people)
    assert sent_to(plan(asked)) == {"a": "ana"}
    assert sent_to(plan(replace(asked, rules=Rules(fair_pay_weight=3)))) == {"a": "ben"}
    waited = [replace(people[0], paid_ahead=0.0), replace(people[1], paid_ahead=0.0, waited_min=20)]
    assert sent_to(plan(problem([demand("a", ready=0)], waited))) == {"a": "ana"}
    assert sent_to(plan(problem([demand("a", ready=0)], waited, rules=Rules(fair_wait_weight=0.1)))) == {"a": "ben"}


def test_prices_differ_by_what_is_fair_and_are_never_negative() -> None:
    people = [replace(deliverer(name), waited_min=wait) for name, wait in (("ana", 0), ("ben", 30), ("cem", 500))]
    assert order_prices(people, Rules(fair_wait_weight=0.1)) == pytest.approx([6.0, 3.0, 0.0])
    assert order_prices(people, Rules()) == [0.0, 0.0, 0.0]


def test_ways_are_stretched_to_the_quantile_that_was_asked_for() -> None:
    ratios = [0.9 + number / 100 for number in range(LEARNT_FROM * 2)]
    assert stretch(ratios[: LEARNT_FROM - 1], 0.9) == 1.0
    assert share_within(ratios, stretch(ratios, 0.75)) >= 0.75
    assert stretch(ratios, 0.9) > stretch(ratios, 0.5) > stretch(ratios, 0.1)
    longer = StretchedTravel(METRE_A_MINUTE, 1.5).minutes([(0, 0), (4, 0)])
    assert longer.tolist() == [[0, 6], [6, 0]]


@pytest.mark.parametrize(
    "broken",
    [{"promised_at": math.nan}, {"load": math.inf}, {"cash": math.nan}, {"acceptance": 0.0}, {"acceptance": math.nan}],
)
def test_an_order_with_wild_numbers_waits_and_disturbs_nobody(broken: dict[str, Any]) -> None:
    answer = plan(problem([replace(demand("a"), **broken), demand("b", ready=0)], [deliverer("ana")]))
    assert (answer.waiting["a"].reason, sent_to(answer)) == (Reason.BAD_NUMBERS, {"b": "ana"})


@pytest.mark.parametrize("broken", [{"capacity": math.nan}, {"waited_min": math.inf}, {"paid_ahead": math.nan}])
def test_a_deliverer_with_wild_numbers_is_passed_over(broken: dict[str, Any]) -> None:
    wanted: Demand = demand("a", ready=0)
    assert sent_to(plan(problem([wanted], near_and_far(broken, {})))) == {"a": "ben"}


@pytest.mark.parametrize("wild", [{"travel_share": 1.5}, {"fair_pay_weight": math.nan}, {"fair_wait_weight": -1.0}])
def test_wild_weights_are_refused(wild: dict[str, Any]) -> None:
    with pytest.raises(EngineError):
        Rules(**wild)
