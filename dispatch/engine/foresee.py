"""What a plan promises: when each planned order would be picked up and delivered, whatever the plan's weights were.

Two plans of one minute are compared by this, because their costs are not in the same money.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispatch.engine.eta import Legs, forecast_visits
from dispatch.engine.problem import Chains, Deliverer, Demand, Place, Problem


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One order of a plan, in minutes: click to door, food waiting for the pickup, beyond the promise or the target."""

    deliverer: str
    door_min: float
    food_min: float
    late_min: float


def foresee(problem: Problem, chains: Chains) -> dict[str, Foreseen]:
    """By order, for every order of the chains whose ways are known."""
    demands = {demand.order: demand for demand in problem.orders}
    people = {deliverer.id: deliverer for deliverer in problem.deliverers}
    foreseen: dict[str, Foreseen] = {}
    for vehicle in {people[name].vehicle for name in chains if name in people}:
        travel = problem.travel_by.get(vehicle, problem.travel)
        theirs = {name: trips for name, trips in chains.items() if name in people and people[name].vehicle == vehicle}
        legs = Legs(travel, _places(theirs, people, demands))
        for name, trips in theirs.items():
            foreseen |= _of_one(problem, people[name], trips, demands, legs)
    return {order: each for order, each in foreseen.items() if math.isfinite(each.door_min)}


def _of_one(
    problem: Problem, person: Deliverer, trips: Sequence[Sequence[str]], demands: Mapping[str, Demand], legs: Legs
) -> Iterator[tuple[str, Foreseen]]:
    rules = problem.rules
    at, time = person.at, max(person.free_at, problem.now)
    if person.locked:
        last = forecast_visits(person.locked, at=at, free_at=person.free_at, now=problem.now, legs=legs, rules=rules)[
            -1
        ]
        at, time = last.stop.place, last.free_at
    picked: dict[str, float] = {}
    counter = ""
    for name, is_pickup in _steps(trips):
        demand = demands.get(name)
        if demand is None:
            continue
        place = demand.pickup if is_pickup else demand.dropoff
        if is_pickup:
            is_same = demand.restaurant == counter
            comes_at = time - rules.pickup_min / 2 if is_same else time + legs.minutes(at, place) + rules.pickup_min / 2
            picked[name] = max(comes_at, demand.ready_at)
            at, time, counter = place, picked[name] + rules.pickup_min / 2, demand.restaurant
            continue
        door_at = time + legs.minutes(at, place) + rules.dropoff_min / 2
        at, time, counter = place, door_at + rules.dropoff_min / 2, ""
        wanted = demand.promised_at if math.isfinite(demand.promised_at) else demand.placed_at + rules.target_min
        yield (
            name,
            Foreseen(
                deliverer=person.id,
                door_min=door_at - demand.placed_at,
                food_min=picked.get(name, demand.ready_at) - demand.ready_at,
                late_min=max(0.0, door_at - wanted),
            ),
        )


def _steps(trips: Sequence[Sequence[str]]) -> Iterator[tuple[str, bool]]:
    """(order, is its pickup). A trip that names each order once picks all up first; else a first name is a pickup."""
    for trip in trips:
        if len(set(trip)) == len(trip):
            yield from ((name, True) for name in trip)
            yield from ((name, False) for name in trip)
            continue
        seen: set[str] = set()
        for name in trip:
            yield name, name not in seen
            seen.add(name)


def _places(chains: Chains, people: Mapping[str, Deliverer], demands: Mapping[str, Demand]) -> Iterator[Place]:
    for name, trips in chains.items():
        yield people[name].at
        yield from (stop.place for stop in people[name].locked)
        for order in {order for trip in trips for order in trip} & demands.keys():
            yield from (demands[order].pickup, demands[order].dropoff)
