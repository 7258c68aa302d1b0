import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from dispatch.engine.plan import Plan, plan
from dispatch.engine.problem import EngineError, Place, Problem, Rules
from dispatch.engine.reasons import Reason, Waiting
from tests.unit.engine.town import METRE_A_MINUTE, deliverer, demand, locked_bundle, problem


class BrokenTravel:
    """A travel port that answers with whatever it was given."""

    def __init__(self, answer: NDArray[np.float64]) -> None:
        self.answer = answer

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        return self.answer


def sent_orders(answer: Plan) -> dict[str, tuple[str, ...]]:
    return {route.deliverer: route.decision.orders for route in answer.sent}


def test_a_leg_is_sent_in_the_minute_in_which_it_must_start() -> None:
    orders, people = [demand("a", ready=10)], [deliverer("ana", at=(4, 0))]
    # She needs four minutes and two of service, so she leaves at 4.
    assert sent_orders(plan(problem(orders, people, now=3))) == {}
    assert sent_orders(plan(problem(orders, people, now=3.5))) == {"ana": ("a",)}


def test_for_uncertain_food_somebody_goes_early() -> None:
    perhaps = (8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0)
    orders, people = [demand("a", ready=13, perhaps=perhaps)], [deliverer("ana", at=(4, 0))]
    # In one case of ten it is ready by 9; four minutes and two of service before that.
    assert sent_orders(plan(problem(orders, people, now=1.5))) == {}
    assert sent_orders(plan(problem(orders, people, now=2.5))) == {"ana": ("a",)}


def test_what_is_surely_ready_is_fetched_before_what_perhaps_is() -> None:
    orders = [
        demand("perhaps", ready=0, perhaps=(0.0, 40.0)),
        demand("sure", restaurant="pizza", to=(15.0, 0.0), ready=0),
    ]
    answer = plan(problem(orders, [deliverer("ana", at=(5, 0))]))
    assert sent_orders(answer) == {"ana": ("sure",)}


def test_the_lead_time_sends_earlier() -> None:
    orders, people = [demand("a", ready=10)], [deliverer("ana", at=(4, 0))]
    assert sent_orders(plan(problem(orders, people, rules=Rules(lead_min=3)))) == {}
    assert sent_orders(plan(problem(orders, people, rules=Rules(lead_min=3.5)))) == {"ana": ("a",)}


def test_the_nearest_deliverer_goes() -> None:
    people = [deliverer("far", at=(9, 0)), deliverer("near", at=(1, 0))]
    assert sent_orders(plan(problem([demand("a", ready=0)], people))) == {"near": ("a",)}


def test_of_two_equals_the_one_short_of_her_guarantee_goes() -> None:
    people = [deliverer("paid", at=(1, 0), paid=0.9), deliverer("short", at=(1, 0), paid=0.2)]
    assert sent_orders(plan(problem([demand("a", ready=0)], people))) == {"short": ("a",)}


def test_a_guarantee_is_not_worth_a_customers_minutes() -> None:
    people = [deliverer("near", at=(1, 0), paid=1), deliverer("short", at=(3, 0))]
    assert sent_orders(plan(problem([demand("a", ready=0)], people))) == {"near": ("a",)}


def test_a_deliverer_about_to_finish_beats_a_far_idle_one() -> None:
    busy = locked_bundle(demand("old", to=(1, 0), ready=0))
    people = [
        deliverer("busy", at=(1, 0), free=2, locked=busy[1:]),
        deliverer("idle", at=(60, 0)),
    ]
    answer = plan(problem([demand("a", ready=0)], people))
    assert answer.chains == {"busy": (("a",),)}
    assert answer.routes == {"busy": busy[1:]}  # she is not free before the next decision


def test_a_forbidden_pair_goes_to_the_next() -> None:
    people = [deliverer("far", at=(9, 0)), deliverer("near", at=(1, 0))]
    answer = plan(problem([demand("a", ready=0)], people, forbidden={("near", "a")}))
    assert sent_orders(answer) == {"far": ("a",)}


def test_orders_of_one_restaurant_to_one_street_travel_together() -> None:
    orders = [demand("a", to=(30, 0), ready=0), demand("b", to=(31, 0), ready=0)]
    assert sent_orders(plan(problem(orders, [deliverer("ana")]))) == {"ana": ("a", "b")}


def test_a_begun_pickup_takes_one_more_order_and_keeps_its_place() -> None:
    begun, late = demand("a", to=(30, 0), ready=20), demand("b", to=(31, 0), ready=20)
    ana = deliverer("ana", locked=locked_bundle(begun), amendable=True)
    answer = plan(problem([begun, late], [ana]))
    assert answer.routes["ana"] == locked_bundle(begun, late)
    assert answer.sent == ()


def test_a_locked_route_is_left_as_it_is_even_when_it_comes_too_late() -> None:
    accepted = demand("a", ready=30)
    ana = deliverer("ana", off=5, locked=locked_bundle(accepted))
    answer = plan(problem([accepted, demand("b")], [ana]))
    assert answer.routes == {"ana": locked_bundle(accepted)}
    assert "a" not in answer.waiting


def test_visits_say_when_each_stop_happens() -> None:
    answer = plan(problem([demand("a", ready=0, to=(5, 0))], [deliverer("ana", at=(3, 0))]))
    pickup, dropoff = answer.visits["ana"]
    assert (pickup.leaves_at, pickup.arrives_at, pickup.done_at, pickup.free_at) == (0, 3, 5, 7)
    assert (dropoff.leaves_at, dropoff.arrives_at, dropoff.done_at, dropoff.free_at) == (7, 12, 14, 16)


def test_an_empty_city_has_an_empty_plan() -> None:
    answer = plan(problem([], []))
    assert (answer.sent, answer.routes, answer.waiting, answer.chains) == ((), {}, {}, {})


def test_a_deliverer_whose_position_is_unknown_is_passed_over() -> None:
    people = [deliverer("lost", at=(math.nan, 0)), deliverer("ana", at=(9, 0))]
    assert sent_orders(plan(problem([demand("a", ready=0)], people))) == {"ana": ("a",)}


def test_unreachable_legs_leave_the_order_waiting() -> None:
    lonely = Problem(
        now=0,
        rules=Rules(),
        travel=BrokenTravel(np.full((3, 3), np.nan)),
        orders=(demand("a", ready=0, to=(5, 0)),),
        deliverers=(deliverer("ana", at=(7, 7)),),
    )
    assert plan(lonely).waiting == {"a": Waiting(Reason.NO_WAY)}


@pytest.mark.parametrize(
    ("code", "build"),
    [
        ("bad_clock", lambda: problem([], [], now=math.nan)),
        ("bad_rules", lambda: Rules(pickup_min=math.inf)),
        ("bad_rules", lambda: Rules(every_min=0)),
        ("duplicate_id", lambda: problem([demand("a"), demand("a")], [])),
        ("duplicate_id", lambda: problem([], [deliverer("ana"), deliverer("ana")])),
        ("bad_lock", lambda: problem([], [deliverer("ana", amendable=True)])),
        (
            "bad_travel",
            lambda: plan(
                Problem(
                    now=0,
                    rules=Rules(),
                    travel=BrokenTravel(np.zeros((1, 7))),
                    orders=(demand("a"),),
                    deliverers=(deliverer("ana"),),
                )
            ),
        ),
    ],
)
def test_nonsense_is_refused_with_a_code(code: str, build: Callable[[], object]) -> None:
    with pytest.raises(EngineError) as refusal:
        build()
    assert refusal.value.code == code


def test_straight_travel_rounds_up_to_whole_minutes() -> None:
    assert METRE_A_MINUTE.minutes([(0, 0), (0, 1.5)]).tolist() == [[0, 2], [2, 0]]


def test_a_begun_pickup_never_loses_its_last_order() -> None:
    begun = demand("a", ready=0)
    slow = deliverer("slow", free=50, locked=locked_bundle(begun), amendable=True)
    answer = plan(problem([begun], [slow, deliverer("near")]))
    assert answer.chains == {"slow": (("a",),)}


def test_a_begun_pickup_may_give_an_order_to_somebody_sooner() -> None:
    begun = [demand("a", ready=0), demand("b", ready=0)]
    slow = deliverer("slow", free=50, locked=locked_bundle(*begun), amendable=True)
    answer = plan(problem(begun, [slow, deliverer("near")]))
    assert {name: len(chain[0]) for name, chain in answer.chains.items()} == {"near": 1, "slow": 1}


def test_one_bundle_is_sent_at_a_time() -> None:
    orders = [demand("a", ready=0), demand("b", restaurant="pizza", ready=0)]
    answer = plan(problem(orders, [deliverer("ana")], rules=Rules(lead_min=60)))
    assert answer.chains == {"ana": (("a",), ("b",))}
    assert sent_orders(answer) == {"ana": ("a",)}


def test_a_decision_without_search_left_still_places_every_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.engine.cost.PRICED_LIMIT", 0)
    orders = [demand("a", ready=0), demand("b", restaurant="pizza", ready=0), demand("c", ready=5)]
    answer = plan(problem(orders, [deliverer("ana"), deliverer("ben", at=(9, 0))]))
    assert sorted(order for chain in answer.chains.values() for bundle in chain for order in bundle) == ["a", "b", "c"]
    assert sent_orders(answer)["ben"] == ("b",)
