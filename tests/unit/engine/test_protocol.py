import json
from typing import Any

import pytest

from dispatch.engine.protocol import BadLine, answers

CITY: dict[str, Any] = {
    "type": "city",
    "name": "small",
    "travel": {"meters_per_minute": 1},
    "service": {"pickup_min": 4, "dropoff_min": 4},
    "target_min": 40,
    "maximum_min": 90,
    "pay": {"per_order": 10, "per_hour": 15},
    "every_min": 1,
    "interleave": False,
    "restaurants": [{"id": "r1", "x": 0, "y": 0}],
    "couriers": [{"id": "c1", "x": 4, "y": 0, "on": 0, "off": 90}, {"id": "c2", "x": 9, "y": 0, "on": 0, "off": 90}],
}
ORDER = {"id": "o1", "x": 5, "y": 0, "restaurant": "r1", "placed": 0, "ready": 10, "is_ready": False}
WAY = [{"pickup": "r1", "orders": ["o1"]}, {"dropoff": "o1"}]


def courier(name: str = "c1", **state: Any) -> dict[str, Any]:
    idle = {"at": name, "free_at": 0, "heading": None, "waiting": False, "carrying": [], "plan": []}
    return {"id": name, **idle, **state}


def tick(now: float, orders: list[dict[str, Any]], couriers: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "tick", "t": now, "orders": orders, "couriers": couriers}


def ask(*messages: dict[str, Any]) -> list[Any]:
    return [json.loads(answer) for answer in answers(json.dumps(message) + "\n" for message in messages)]


def plans(*ticks: dict[str, Any]) -> list[Any]:
    ready, *answered = ask(CITY, *ticks)
    assert ready == {"type": "ready"}
    return [answer["plans"] for answer in answered]


def test_a_route_is_sent_when_it_must_start() -> None:
    assert plans(tick(3, [ORDER], [courier()]), tick(4, [ORDER], [courier()])) == [{}, {"c1": WAY}]


def punctual_but(error: float) -> list[dict[str, Any]]:
    """Ticks in which a kitchen is late, and early, by some minutes, often enough to be doubted."""
    seen = [{**ORDER, "id": f"seen{number}", "ready": 20} for number in range(20)]
    done = [{**each, "ready": 20 + error * (-1) ** number, "is_ready": True} for number, each in enumerate(seen)]
    return [tick(0, seen, []), tick(60, done, [])]


def test_a_courier_goes_to_uncertain_food_and_is_bound_to_it_only_when_she_arrives() -> None:
    order = {**ORDER, "placed": 100, "ready": 120}
    going = courier(heading="r1", free_at=114, plan=[{"go": "r1"}])
    free = {**CITY, "couriers": [{**CITY["couriers"][0], "off": 900}]}
    _, *answered = ask(
        free,
        *punctual_but(5),
        tick(100, [order], [courier()]),
        tick(110, [order], [courier()]),
        tick(112, [order], [going]),
        tick(114, [order], [going]),
    )
    assert [answer["plans"] for answer in answered[2:]] == [
        {},
        {"c1": [{"go": "r1"}]},
        {},
        {"c1": [{"go": "r1"}, *WAY]},
    ]


def test_somebody_nearer_takes_the_order_of_a_courier_who_is_on_her_way() -> None:
    going, there = courier(heading="r1", free_at=8, plan=[{"go": "r1"}]), courier("c2", at="r1")
    early = {**ORDER, "ready": 5, "is_ready": True}
    assert plans(tick(4, [ORDER], [going]), tick(5, [early], [going, there])) == [{}, {"c2": WAY}]


def test_nobody_is_sent_to_where_she_stands() -> None:
    early = {**ORDER, "ready": 30}
    assert plans(tick(8, [early], [courier(at="r1")])) == [{}]


def test_a_route_under_way_is_not_sent_again() -> None:
    assert plans(tick(5, [ORDER], [courier(heading="r1", free_at=8, plan=WAY)])) == [{}]


def test_a_waiting_courier_gets_one_more_order() -> None:
    second = {**ORDER, "id": "o2"}
    waiting = courier(at="r1", waiting=True, free_at=10, plan=WAY)
    (changed,) = plans(tick(9, [ORDER, second], [waiting]))
    assert changed["c1"][0]["pickup"] == "r1"
    assert sorted(changed["c1"][0]["orders"]) == ["o1", "o2"]


def test_a_carrying_courier_keeps_her_dropoffs() -> None:
    carrying = courier(at="r1", free_at=13, carrying=["o1"], plan=WAY[1:])
    assert plans(tick(0, [ORDER], [courier()]), tick(12, [], [carrying])) == [{}, {}]


def test_a_courier_with_food_fetches_more_only_where_trips_may_be_mixed() -> None:
    both = [{"id": "r1", "x": 0, "y": 0}, {"id": "r2", "x": 0, "y": 1}]
    single = {**CITY, "restaurants": both, "couriers": CITY["couriers"][:1]}
    mixed = {**single, "interleave": True}
    second = {**ORDER, "id": "o2", "restaurant": "r2", "ready": 0, "y": 1}
    has_first = courier(at="r1", free_at=12, carrying=["o1"], plan=WAY[1:])
    before, now = tick(9, [ORDER], [courier(at="r1")]), tick(11, [{**second, "placed": 9}], [has_first])
    assert ask(single, before, now)[-1]["plans"] == {}
    (changed,) = ask(mixed, before, now)[-1]["plans"].values()
    assert changed == [{"pickup": "r2", "orders": ["o2"]}, {"dropoff": "o2"}, {"dropoff": "o1"}]


def test_a_leg_under_way_is_finished_before_another_pickup() -> None:
    mixed = {**CITY, "interleave": True, "couriers": CITY["couriers"][:1]}
    leaving = courier(at="r1", heading="o1", free_at=17, carrying=["o1"], plan=WAY[1:])
    second = {**ORDER, "id": "o2", "placed": 9}
    answered = ask(mixed, tick(9, [ORDER], [courier(at="r1")]), tick(12, [second], [leaving]))
    assert answered[-1]["plans"] == {}


def test_an_order_moves_from_a_plan_that_is_not_begun() -> None:
    far = courier("c2", plan=WAY)
    assert plans(tick(8, [ORDER], [courier(at="r1"), far])) == [{"c1": WAY, "c2": []}]


def test_what_a_courier_has_carried_counts_towards_her_guarantee() -> None:
    twins = {**CITY, "couriers": [{**CITY["couriers"][0], "id": name} for name in ("c1", "c2")]}
    carrying = courier("c1", at="o1", heading="o1", free_at=3, carrying=["o1"], plan=WAY[1:])
    home = {"at": "o1", "free_at": 5}
    second = {**ORDER, "id": "o2", "ready": 9}
    answered = ask(
        twins,
        tick(0, [{**ORDER, "ready": 60}], [courier("c2")]),
        tick(2, [], [carrying]),
        tick(5, [second], [courier("c1", **home), courier("c2", **home)]),
    )
    assert set(answered[-1]["plans"]) == {"c2"}


def test_nothing_is_answered_after_the_end() -> None:
    assert ask(CITY, {"type": "end"}, CITY) == [{"type": "ready"}]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["{"], "line 1: Expecting property name"),
        (["[]"], "line 1: "),
        (['{"type": "hello"}'], "line 1: unknown type 'hello'"),
        ([json.dumps(tick(0, [], []))], "line 1: a tick before its city"),
        ([json.dumps({**CITY, "travel": {"meters_per_minute": 0}})], "line 1: meters_per_minute must be positive"),
        ([json.dumps({**CITY, "service": {}})], "line 1: 'pickup_min' is missing or unknown"),
        ([json.dumps(CITY), json.dumps(tick(0, [{**ORDER, "restaurant": "r9"}], []))], "line 2: 'r9' is missing"),
        ([json.dumps(CITY), json.dumps(tick(0, [], [courier(at="moon")]))], "line 2: 'moon' is missing"),
        ([json.dumps(CITY), json.dumps(tick(0, [], [courier(free_at=float("nan"))]))], "line 2: courier c1 has"),
    ],
)
def test_a_bad_line_is_named(lines: list[str], complaint: str) -> None:
    with pytest.raises(BadLine) as refusal:
        list(answers(lines))
    assert str(refusal.value).startswith(complaint)
