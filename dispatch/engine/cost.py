"""What a chain costs: the customers' minutes, more beyond the target, the deliverer's pay beyond her
guarantee, and how far its end is from work.

A chain is what one deliverer does next: trips, see `dispatch.engine.trips`.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from dispatch.engine.constraints import Limits, unsuited_pairs
from dispatch.engine.eta import Legs, Rows, forecast_visits
from dispatch.engine.problem import Deliverer, Demand, Dropoff, Place, Problem, Rules, Stop
from dispatch.engine.readiness import FORESEEN_MIN, waits_of, wanted_at, wanted_min
from dispatch.engine.terms import order_prices
from dispatch.engine.trips import Bundle, Chain, orders_of, stops_of

PRICED_LIMIT = 20_000  # stops moving, not placing; the busiest minute of the largest public day prices 11,000


def expected_approach(legs: Legs, pull: Mapping[Place, float]) -> list[float]:
    """Per place of `legs`: mean minutes to the pickups that the pull makes likely; 0 without a pull."""
    known = [(legs.index[place], weight) for place, weight in sorted(pull.items()) if weight > 0]
    if not known:
        return [0.0] * len(legs.index)
    columns, weights = zip(*known, strict=True)
    minutes = legs.matrix[:, columns]
    reachable = np.where(np.isfinite(minutes), minutes, 0.0)
    means: list[float] = (reachable @ np.asarray(weights) / sum(weights)).tolist()
    return means


class Board:
    """One problem as numbered orders, deliverers and places: what every step of the search reads."""

    def __init__(self, problem: Problem, demands: Sequence[Demand], deliverers: Sequence[Deliverer]) -> None:
        """`demands` and `deliverers` are those that can be planned: sound and wanted in this decision."""
        self.rules: Rules = problem.rules
        self.now = problem.now
        self.demands, self.deliverers = tuple(demands), tuple(deliverers)
        places = list(_places_of(demands, deliverers, problem.pull))
        self.legs = Legs(problem.travel, places)
        ridden = {deliverer.vehicle for deliverer in deliverers}
        legs_by = {name: Legs(travel, places) for name, travel in problem.travel_by.items() if name in ridden}
        self.legs_of = [legs_by.get(deliverer.vehicle, self.legs) for deliverer in deliverers]
        self.number = {demand.order: number for number, demand in enumerate(demands)}
        self.on_board: dict[int, Dropoff] = {}
        self.heads = [self._head(deliverer) for deliverer in deliverers]
        self.pickup = [self.legs.index[demand.pickup] for demand in demands]
        self.dropoff = [self.legs.index[place] for place in self._doors()]
        self.restaurant = [demand.restaurant for demand in demands]
        self.placed_at = [*(each.placed_at for each in demands), *(stop.placed_at for stop in self.on_board.values())]
        self.ready_at = [demand.ready_at for demand in demands]
        self.wanted_at = [wanted_at(demand, problem.rules.early_share) for demand in demands]
        self.held_at = [wanted_at(demand, problem.rules.hold_share) for demand in demands]
        self.overdue = [waits_of(demand, problem.now) for demand in demands]
        self.wanted_min = [wanted_min(demand, problem.rules) for demand in demands]
        self.wanted_min += [problem.rules.target_min] * len(self.on_board)
        self.order_price = order_prices(deliverers, problem.rules)
        self.limits = Limits(demands, deliverers)
        self.off_at = [deliverer.off_at for deliverer in deliverers]
        self.begun = [1 if head else 0 for head in self.heads]
        self.approach = expected_approach(self.legs, problem.pull)
        self.start, self.free_at = self._starts()
        self.declined = self._forbidden(problem.forbidden)
        self.forbidden = self.declined | unsuited_pairs(demands, deliverers)
        self.solo = self._solo_costs()
        self._costs: dict[tuple[int, Chain], float] = {}

    def _head(self, deliverer: Deliverer) -> Bundle:
        """The trip under way, as far as it may change; food on board gets numbers of its own."""
        stops = (*(deliverer.locked if deliverer.amendable else ()), *deliverer.flexible)
        codes: list[int] = []
        for stop in stops:
            if not isinstance(stop, Dropoff):
                codes += (~self.number[order] for order in stop.orders)
                continue
            if stop.order not in self.number:
                self.on_board[len(self.number)] = stop
                self.number[stop.order] = len(self.number)
            codes.append(self.number[stop.order])
        drops = tuple(code for code in codes if code >= 0)
        picks = {~code for code in codes[: len(drops)]}
        is_bundle = picks == set(drops) and len({self.demands[order].restaurant for order in picks}) == 1
        return drops if is_bundle else tuple(codes)

    def _doors(self) -> Iterator[Place]:
        yield from (demand.dropoff for demand in self.demands)
        yield from (stop.place for stop in self.on_board.values())

    def stops(self, trip: Bundle) -> tuple[Stop, ...]:
        """A trip as stops."""
        return tuple(stops_of(self.codes(trip), self.demands, self.on_board))

    def codes(self, trip: Bundle) -> Bundle:
        """A trip as codes; of a bundle everything is picked up first."""
        return trip if self.is_mixed(trip) else (*(~order for order in trip), *trip)

    def picked_on(self, trip: Bundle) -> Bundle:
        """The orders that a trip picks up."""
        return tuple(~code for code in trip if code < 0) if self.is_mixed(trip) else trip

    def is_mixed(self, trip: Bundle) -> bool:
        return trip[0] < 0 or trip[0] >= len(self.demands)

    def first_visit(self, trip: Bundle) -> Bundle:
        """The orders that are picked up at the first stop of a trip that starts with a pickup."""
        codes = self.codes(trip)
        restaurant = self.restaurant[~codes[0]]
        picks = takewhile(lambda code: code < 0 and self.restaurant[~code] == restaurant, codes)
        return tuple(~code for code in picks)

    def is_trip(self, trip: Bundle) -> bool:
        """Whether the rules allow these orders on board together."""
        orders = orders_of(trip)
        one_restaurant = len({self.restaurant[order] for order in orders}) == 1
        return len(orders) <= (self.rules.bundle_limit if one_restaurant else self.rules.mixed_limit)

    def _starts(self) -> tuple[list[int], list[float]]:
        """Where and when each deliverer's chain begins: after locked stops, or at the amendable pickup."""
        start, free_at = [], []
        for deliverer, legs in zip(self.deliverers, self.legs_of, strict=True):
            at, free = deliverer.at, deliverer.free_at
            if deliverer.amendable:
                free += legs.minutes(at, deliverer.locked[0].place)
                at, free = deliverer.locked[0].place, max(free, self.now - self.rules.pickup_min / 2)
            elif deliverer.locked:
                last = forecast_visits(
                    deliverer.locked, at=at, free_at=free, now=self.now, legs=legs, rules=self.rules
                )[-1]
                at, free = last.stop.place, last.free_at
            else:
                free = max(free, self.now)
            start.append(self.legs.index[at])
            free_at.append(free)
        return start, free_at

    def _forbidden(self, pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[int, int]]:
        deliverer_number = {deliverer.id: number for number, deliverer in enumerate(self.deliverers)}
        return frozenset(
            (deliverer_number[deliverer], self.number[order])
            for deliverer, order in pairs
            if deliverer in deliverer_number and order in self.number
        )

    def _solo_costs(self) -> NDArray[np.float64]:
        """(orders, deliverers): cost of the order when it is the first and only one; no chain can beat it."""
        if not self.demands or not self.deliverers:
            return np.full((len(self.demands), len(self.deliverers)), np.inf)
        count = len(self.demands)
        pickup, dropoff, placed_at = map(np.asarray, (self.pickup, self.dropoff[:count], self.placed_at[:count]))
        rules, start, free_at = self.rules, np.asarray(self.start), np.asarray(self.free_at)
        off_at, away = np.asarray(self.off_at), rules.pickup_min / 2 + rules.dropoff_min / 2 - placed_at
        wait, late = np.empty((2, len(self.demands), len(self.deliverers)))
        for legs, people in self._people_by_legs():
            arrives = free_at[people][None, :] + legs[start[people]][:, pickup].T
            done = np.maximum(arrives + rules.pickup_min / 2, np.asarray(self.ready_at)[:, None])
            late[:, people] = done > off_at[people][None, :]
            wait[:, people] = done + (away + legs[pickup, dropoff])[:, None]
        cost = wait + rules.over_target_weight * np.maximum(wait - np.asarray(self.wanted_min[:count])[:, None], 0.0)
        cost += np.asarray(self.order_price)
        for deliverer, order in self.forbidden:
            late[order, deliverer] = True
        solo: NDArray[np.float64] = np.where(late, np.inf, cost)
        return solo

    def _people_by_legs(self) -> Iterator[tuple[NDArray[np.float64], NDArray[np.int64]]]:
        """Each different matrix of legs with the deliverers who ride by it."""
        by_legs: dict[int, list[int]] = {}
        for number, legs in enumerate(self.legs_of):
            by_legs.setdefault(id(legs), []).append(number)
        for people in by_legs.values():
            yield self.legs_of[people[0]].matrix, np.asarray(people)

    def chain_cost(self, deliverer: int, chain: Chain) -> float:
        """Weighted minutes of the chain, inf when a pickup comes after the shift, a leg has no way, a bag no room."""
        key = (deliverer, chain)
        cost = self._costs.get(key)  # the search asks most questions several times
        if cost is None:
            cost = self._costs[key] = self._walk_cost(deliverer, chain)
        return cost

    @property
    def is_spent(self) -> bool:
        """Whether this decision has priced as many chains as it may; counted, not timed, so a plan can be repeated."""
        return len(self._costs) > PRICED_LIMIT

    def _walk_cost(self, deliverer: int, chain: Chain) -> float:
        if self.limits.is_needed and not self.limits.hold(deliverer, map(self.picked_on, chain)):
            return math.inf
        rules = self.rules
        half_pickup, half_dropoff = rules.pickup_min / 2, rules.dropoff_min / 2
        wanted_min, weight = self.wanted_min, rules.over_target_weight
        rows, dropoff, placed_at, ready_at = self.legs_of[deliverer].rows, self.dropoff, self.placed_at, self.ready_at
        overdue, now = self.overdue, self.now
        off_at, place, time, total = (
            self.off_at[deliverer],
            self.start[deliverer],
            self.free_at[deliverer],
            0.0,
        )
        price, count = self.order_price[deliverer], len(self.demands)
        for bundle in chain:
            if bundle[0] < 0 or bundle[0] >= count:
                place, time, cost = self._walk_mixed(rows, bundle, place, time, off_at)
                total += cost + price * sum(code < 0 for code in bundle)
                continue
            total += price * len(bundle)
            pickup = self.pickup[bundle[0]]
            done = time + rows[place][pickup] + half_pickup
            for order in bundle:
                waits = overdue[order]
                if waits:
                    done += waits[min(max(int(done - now), 0), FORESEEN_MIN)]
                elif ready_at[order] > done:
                    done = ready_at[order]
            if done > off_at:
                return math.inf
            place, time = pickup, done + half_pickup
            for order in bundle:
                time += rows[place][dropoff[order]] + half_dropoff
                wait, wanted = time - placed_at[order], wanted_min[order]
                total += wait + weight * (wait - wanted) if wait > wanted else wait
                time += half_dropoff
                place = dropoff[order]
        return total + rules.approach_weight * self.approach[place]

    def _walk_mixed(self, rows: Rows, trip: Bundle, place: int, time: float, off_at: float) -> tuple[int, float, float]:
        """Where and when a mixed trip ends, and what its customers' minutes cost; inf after the shift."""
        rules = self.rules
        half_pickup, half_dropoff = rules.pickup_min / 2, rules.dropoff_min / 2
        visited, total = "", 0.0
        for code in trip:
            if code >= 0:
                time += rows[place][self.dropoff[code]] + half_dropoff
                wait = time - self.placed_at[code]
                total += wait + rules.over_target_weight * max(wait - self.wanted_min[code], 0.0)
                time += half_dropoff
                place, visited = self.dropoff[code], ""
                continue
            order = ~code
            if self.restaurant[order] != visited:
                visited = self.restaurant[order]
                time += rows[place][self.pickup[order]] + rules.pickup_min
                place = self.pickup[order]
            done = self._has_food_at(order, time - half_pickup)
            if done > off_at:
                return place, time, math.inf
            time = done + half_pickup
        return place, time, total

    def _has_food_at(self, order: int, comes_at: float) -> float:
        waits = self.overdue[order]
        if waits:
            return comes_at + waits[min(max(int(comes_at - self.now), 0), FORESEEN_MIN)]
        return max(comes_at, self.ready_at[order])

    def is_allowed(self, deliverer: int, orders: Iterable[int]) -> bool:
        return not self.forbidden or all((deliverer, order) not in self.forbidden for order in orders)

    def chain_end(self, deliverer: int, chain: Chain) -> tuple[int, float]:
        """Place and minute at which the deliverer is free after the chain."""
        rules, rows = self.rules, self.legs_of[deliverer].rows
        place, time = self.start[deliverer], self.free_at[deliverer]
        for bundle in chain:
            if self.is_mixed(bundle):
                place, time, _ = self._walk_mixed(rows, bundle, place, time, math.inf)
                continue
            pickup = self.pickup[bundle[0]]
            ready = max(self.ready_at[order] for order in bundle)
            time = max(time + rows[place][pickup] + rules.pickup_min / 2, ready) + rules.pickup_min / 2
            place = pickup
            for order in bundle:
                time += rows[place][self.dropoff[order]] + rules.dropoff_min
                place = self.dropoff[order]
        return place, time


def _places_of(
    demands: Iterable[Demand], deliverers: Iterable[Deliverer], pull: Mapping[Place, float]
) -> Iterable[Place]:
    for demand in demands:
        yield from (demand.pickup, demand.dropoff)
    for deliverer in deliverers:
        yield deliverer.at
        yield from (stop.place for stop in (*deliverer.locked, *deliverer.flexible))
    yield from pull
