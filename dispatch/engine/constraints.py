"""Who may carry what: bags, permissions, zones, cash and room. Where nothing is said, everybody carries everything."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product

from dispatch.engine.problem import Deliverer, Demand


def unsuited_pairs(demands: Sequence[Demand], deliverers: Sequence[Deliverer]) -> frozenset[tuple[int, int]]:
    """(deliverer, order) numbers that cannot meet. Asked once per kind of order and of deliverer: both are few."""
    orders: dict[object, list[int]] = defaultdict(list)
    people: dict[object, list[int]] = defaultdict(list)
    for number, demand in enumerate(demands):
        orders[demand.needs, demand.zone, demand.cash, demand.load].append(number)
    for number, deliverer in enumerate(deliverers):
        people[deliverer.has, deliverer.zones, deliverer.cash_limit, deliverer.capacity].append(number)
    return frozenset(
        pair
        for those, these in product(people.values(), orders.values())
        if not is_suited(deliverers[those[0]], demands[these[0]])
        for pair in product(those, these)
    )


def is_suited(deliverer: Deliverer, demand: Demand) -> bool:
    """Whether the deliverer may carry the order when it is the only one."""
    return (
        demand.needs <= deliverer.has
        and (deliverer.zones is None or demand.zone in deliverer.zones)
        and demand.cash <= deliverer.cash_limit
        and demand.load <= deliverer.capacity
    )


class Limits:
    """What several orders together must not exceed: the room for a bundle, the cash of a whole chain."""

    def __init__(self, demands: Sequence[Demand], deliverers: Sequence[Deliverer]) -> None:
        self._load = [demand.load for demand in demands]
        self._cash = [demand.cash for demand in demands]
        self._capacity = [deliverer.capacity for deliverer in deliverers]
        self._cash_limit = [deliverer.cash_limit for deliverer in deliverers]
        self.is_needed = any(self._load) or any(self._cash)  # else the search need not ask

    def hold(self, deliverer: int, chain: Iterable[Sequence[int]]) -> bool:
        """Whether the deliverer can carry each bundle at once and may collect all the cash."""
        cash = 0.0
        for bundle in chain:
            if sum(self._load[order] for order in bundle) > self._capacity[deliverer]:
                return False
            cash += sum(self._cash[order] for order in bundle)
        return cash <= self._cash_limit[deliverer]
