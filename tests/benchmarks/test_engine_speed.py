"""What one decision costs, against one `linear_sum_assignment` of the same size in the same run.

Processor time, so that other work on the machine does not count; nothing is asserted about it. The city is made up:
12 km wide, kitchens in its middle, a third of the food ready.
"""

import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from dispatch.engine.plan import plan
from dispatch.engine.problem import Deliverer, Demand, Place, Problem, Rules, StraightTravel

NOW = 600.0


def busy_city(orders: int, people: int) -> Problem:
    """The same city each time."""
    chance = np.random.default_rng(7)
    kitchens: list[Place] = [
        (float(x), float(y)) for x, y in chance.normal(6000, 1800, (max(orders // 6, 1), 2)).round()
    ]
    doors = chance.uniform(0, 12000, (orders, 2)).round()
    cooked_by = chance.integers(len(kitchens), size=orders)
    ready = NOW + chance.integers(-8, 16, size=orders)
    homes = chance.uniform(0, 12000, (people, 2)).round()
    return Problem(
        now=NOW,
        rules=Rules(),
        travel=StraightTravel(320.0),
        orders=tuple(
            Demand(
                order=f"o{number}",
                restaurant=f"r{kitchen}",
                pickup=kitchens[kitchen],
                dropoff=(float(doors[number][0]), float(doors[number][1])),
                placed_at=float(ready[number]) - 15.0,
                ready_at=float(ready[number]),
            )
            for number, kitchen in enumerate(cooked_by.tolist())
        ),
        deliverers=tuple(
            Deliverer(id=f"d{number}", at=(float(x), float(y)), free_at=NOW, off_at=NOW + 240)
            for number, (x, y) in enumerate(homes.tolist())
        ),
    )


@pytest.mark.parametrize(("orders", "people"), [(300, 150), (1000, 500)])
def test_a_decision_beside_one_assignment_of_its_size(orders: int, people: int) -> None:
    city = busy_city(orders, people)
    begin = time.process_time()
    first = plan(city)
    cold = time.process_time() - begin
    begin = time.process_time()
    again = plan(replace(city, previous=first.chains))
    warm = time.process_time() - begin
    table = np.random.default_rng(7).uniform(0, 60, (orders, people))
    begin = time.process_time()
    linear_sum_assignment(table)
    bare = time.process_time() - begin
    sys.stdout.write(
        f"\n{orders} orders, {people} deliverers: first decision {cold * 1000:.0f} ms, next one {warm * 1000:.0f} ms, "
        f"bare assignment {bare * 1000:.1f} ms; ratio {cold / bare:.1f} and {warm / bare:.1f}\n"
    )
    for answer in (first, again):
        assert sum(len(trip) for chain in answer.chains.values() for trip in chain) == orders
