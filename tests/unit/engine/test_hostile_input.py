"""Bad numbers and floods: a plan or a clear refusal, after a bounded search."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dispatch.engine.chains import LONGEST_CHAIN
from dispatch.engine.plan import MOST_PLANNED, plan
from dispatch.engine.problem import Place
from dispatch.engine.reasons import Reason, Waiting
from tests.unit.engine.legality import broken_rules
from tests.unit.engine.town import KITCHENS, METRE_A_MINUTE, deliverer, demand, locked_bundle, problem

POLE = (2.0e7, -1.0e7)  # metres from the city's centre


class Hostile:
    """Straight ways, some of which lead nowhere."""

    def __init__(self, nowhere: float) -> None:
        self.nowhere = nowhere

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        minutes = METRE_A_MINUTE.minutes(places)
        minutes[:, [number for number, place in enumerate(places) if place == KITCHENS["pizza"]]] = self.nowhere
        return minutes


@pytest.mark.parametrize("nowhere", [math.nan, math.inf, -math.inf, -1.0])
def test_what_no_way_leads_to_waits_and_the_others_are_fetched(nowhere: float) -> None:
    city = problem([demand("a", ready=0), demand("b", restaurant="pizza", ready=0)], [deliverer("ana")])
    answer = plan(replace(city, travel=Hostile(nowhere)))
    assert answer.waiting == {"b": Waiting(Reason.NO_WAY)}
    assert list(answer.routes) == ["ana"]


def test_nobody_at_all_is_no_error() -> None:
    assert plan(problem([demand("a")], [])).waiting == {"a": Waiting(Reason.NO_DELIVERER)}


def test_food_without_preparation_is_fetched_at_once() -> None:
    answer = plan(problem([demand("a", placed=0, ready=0)], [deliverer("ana")]))
    assert [route.leaves_at for route in answer.sent] == [0]


def test_a_door_at_the_pole_delays_nobody_else() -> None:
    orders = [demand("pole", to=POLE, ready=0), demand("near", ready=0)]
    people = [deliverer("ana"), deliverer("ben", at=(1, 0))]
    answer = plan(problem(orders, people))
    assert {route.decision.orders for route in answer.sent} == {("pole",), ("near",)}


def flood(count: int) -> list[str]:
    return [f"order{number:04}" for number in range(count)]


@pytest.mark.parametrize("people", [1, 40])
def test_a_flood_is_planned_as_far_as_it_goes(people: int) -> None:
    names = flood(5 * MOST_PLANNED)
    orders = [
        demand(name, restaurant=("thai", "pizza")[turn % 2], to=(turn % 71, turn % 37), ready=turn % 30)
        for turn, name in enumerate(names)
    ]
    city = problem(orders, [deliverer(f"person{number:02}", at=(number, 3)) for number in range(people)])
    answer = plan(city)
    assert broken_rules(city, answer) == []
    assert all(len(chain) <= LONGEST_CHAIN for chain in answer.chains.values())
    assert sum(len(trip) for chain in answer.chains.values() for trip in chain) <= MOST_PLANNED
    assert Waiting(Reason.LATER) in answer.waiting.values()
    assert len(answer.sent) == people


def test_what_is_begun_is_planned_in_any_flood() -> None:
    begun = demand("begun", ready=35)
    ana = deliverer("ana", locked=locked_bundle(begun), amendable=True)
    answer = plan(problem([begun, *(demand(name, ready=0) for name in flood(MOST_PLANNED))], [ana]))
    assert "begun" in answer.chains["ana"][0]
