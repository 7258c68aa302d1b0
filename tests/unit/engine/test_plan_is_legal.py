"""Whatever the city looks like, the plan is legal, the same each time, and the next one goes on from it."""

import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.engine.plan import plan
from dispatch.engine.problem import Deliverer, Demand, Place, Problem, Rules, Stop
from tests.unit.engine.legality import broken_rules
from tests.unit.engine.town import KITCHENS, METRE_A_MINUTE, deliverer, demand, locked_bundle

NOW = 100.0
places: st.SearchStrategy[Place] = st.tuples(st.integers(-20, 20).map(float), st.integers(-20, 20).map(float))
odd_numbers = st.sampled_from([math.nan, math.inf, -math.inf])
rules = st.builds(
    Rules,
    pickup_min=st.sampled_from([0.0, 4.0]),
    dropoff_min=st.sampled_from([0.0, 4.0]),
    lead_min=st.sampled_from([0.0, 5.0]),
    bundle_limit=st.sampled_from([1, 2, 6]),
    mixed_limit=st.sampled_from([1, 2, 3]),
    may_hold=st.booleans(),
)


@st.composite
def demands(draw: st.DrawFn, name: str) -> Demand:
    placed = draw(st.integers(40, 100))
    preparation = draw(st.one_of(st.just(0), st.integers(0, 60), odd_numbers))
    return demand(
        name,
        restaurant=draw(st.sampled_from(sorted(KITCHENS))),
        to=draw(st.one_of(places, st.tuples(odd_numbers, odd_numbers))),
        placed=placed,
        ready=placed + preparation,
    )


@st.composite
def deliverers(draw: st.DrawFn, name: str, held: list[Demand]) -> Deliverer:
    """Idle, carrying (bringing: more may come on board), or with a pickup begun or accepted; rarely lost."""
    free, off = draw(st.integers(80, 140)), draw(st.integers(90, 240))
    state = draw(st.sampled_from(["idle", "carrying", "bringing", "begun", "accepted", "lost"]))
    if state == "lost":
        return deliverer(name, at=(math.nan, 0.0), free=free, off=off)
    if state == "idle" or not held or not all(each.is_sound for each in held):
        return deliverer(name, at=draw(places), free=free, off=off)
    locked: tuple[Stop, ...] = locked_bundle(*held)
    if state == "bringing":
        return deliverer(name, at=draw(places), free=free, off=off, flexible=locked[1:])
    if state == "carrying":
        return deliverer(name, at=draw(places), free=free, off=off, locked=locked[1:])
    at = held[0].pickup if state == "begun" else draw(places)
    return deliverer(name, at=at, free=free, off=off, locked=locked, amendable=state == "begun")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    held = [draw(demands(f"held{number}")) for number in range(draw(st.integers(0, 3)))]
    people = [
        draw(deliverers(f"person{number}", held[number : number + 1])) for number in range(draw(st.integers(0, 4)))
    ]
    carried = {
        each.order
        for each, person in zip(held, people, strict=False)
        if len(person.locked) + len(person.flexible) == 1  # on board: only its drop-off is left
    }
    orders = [each for each in held if each.order not in carried]
    orders += [draw(demands(f"order{number}")) for number in range(draw(st.integers(0, 6)))]
    pairs = [(person.id, each.order) for person in people for each in orders]
    return Problem(
        now=NOW,
        rules=draw(rules),
        travel=METRE_A_MINUTE,
        orders=tuple(orders),
        deliverers=tuple(people),
        forbidden=frozenset(draw(st.sets(st.sampled_from(pairs), max_size=4)) if pairs else ()),
        pull=draw(st.dictionaries(places, st.integers(0, 5).map(float), max_size=3)),
    )


@settings(max_examples=300, deadline=None)
@given(problems())
def test_every_plan_is_legal_and_the_same_each_time(city: Problem) -> None:
    answer = plan(city)
    assert broken_rules(city, answer) == []
    assert plan(city) == answer


@settings(max_examples=100, deadline=None)
@given(problems(), st.sampled_from([1.0, 7.0]))
def test_the_next_plan_goes_on_from_the_chains_of_the_last(city: Problem, minutes: float) -> None:
    later = replace(city, now=city.now + minutes, previous=plan(city).chains)
    assert broken_rules(later, plan(later)) == []
