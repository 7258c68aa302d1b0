"""A past evening played again: the same orders and kitchens, today's decisions, other weights or couriers.

As in the city: each minute a decision, one route at a time for each deliverer, what was begun stays as it is. Offers
are accepted at once. Kitchens are ready when they were, and the engine learns of it only then.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

from dispatch.engine.eta import Legs, Visit, forecast_visits
from dispatch.engine.kitchens import Kitchens
from dispatch.engine.plan import plan
from dispatch.engine.problem import Chains, Deliverer, Demand, Dropoff, Pickup, Place, Problem, Rules, Stop, Travel

LONGEST_MIN = 24 * 60.0
AFTERWARDS_MIN = 120.0  # after the last shift, for what is on the way


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    """One order as it was; `demand.ready_at` is what the kitchen said, `ready_at` what came true."""

    demand: Demand
    known_at: float
    ready_at: float


@dataclass(frozen=True, slots=True)
class Delivered:
    """Minutes of the evening."""

    deliverer: str
    picked_at: float
    door_at: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an evening, in minutes; None where nothing was delivered."""

    orders: int
    delivered: int
    door_mean: float | None
    door_p90: float | None
    food_waits: float | None
    late: int
    late_mean: float | None


@dataclass(slots=True)
class Worker:
    """A deliverer during the evening: `visits` is the route under way, with the truth about the kitchens."""

    person: Deliverer
    on_at: float
    at: Place
    free_at: float
    visits: list[Visit] = field(default_factory=list)
    carried: int = 0


def play(
    orders: Sequence[PastOrder], people: Sequence[Deliverer], *, rules: Rules, travel: Travel
) -> dict[str, Delivered]:
    """What the engine would have done; orders that nobody could deliver are absent.

    `people`: `at` and `free_at` are where and when they begin, with `off_at` the end of the shift.
    """
    workers = [Worker(person, person.free_at, person.at, person.free_at) for person in people]
    evening = _Evening(orders, workers, rules, travel)
    begins_at = math.floor(min((order.known_at for order in orders), default=0.0))
    last = max([*(person.off_at for person in people), *(order.known_at for order in orders)], default=0.0)
    ends_at = min(last + AFTERWARDS_MIN, begins_at + LONGEST_MIN)
    now = float(begins_at)
    while now <= ends_at and len(evening.delivered) < len(orders):
        evening.decide(now)
        now += rules.every_min
    return evening.delivered


def outcome_of(orders: Sequence[PastOrder], delivered: dict[str, Delivered], rules: Rules) -> Outcome:
    """The figures of one way to deliver these orders."""
    doors, waits, late = [], [], []
    for order in orders:
        done, demand = delivered.get(order.demand.order), order.demand
        if done is None:
            continue
        doors.append(done.door_at - demand.placed_at)
        waits.append(max(0.0, done.picked_at - order.ready_at))
        promised = demand.promised_at if math.isfinite(demand.promised_at) else demand.placed_at + rules.target_min
        late.append(max(0.0, done.door_at - promised))
    doors.sort()
    return Outcome(
        orders=len(orders),
        delivered=len(doors),
        door_mean=fmean(doors) if doors else None,
        door_p90=doors[math.ceil(0.9 * len(doors)) - 1] if doors else None,
        food_waits=fmean(waits) if waits else None,
        late=sum(minutes > 0 for minutes in late),
        late_mean=fmean(late) if late else None,
    )


class _Evening:
    def __init__(self, orders: Sequence[PastOrder], workers: list[Worker], rules: Rules, travel: Travel) -> None:
        self._orders = {order.demand.order: order for order in orders}
        self._waiting = dict.fromkeys(order.demand.order for order in sorted(orders, key=lambda order: order.known_at))
        self._workers = {worker.person.id: worker for worker in workers}
        self._rules, self._travel = rules, travel
        self._kitchens = Kitchens()
        self._chains: Chains = {}
        self._pull: Counter[Place] = Counter()
        places = {place for order in orders for place in (order.demand.pickup, order.demand.dropoff)}
        self._legs = Legs(travel, sorted(places | {worker.at for worker in workers}))
        self.delivered: dict[str, Delivered] = {}

    def decide(self, now: float) -> None:
        """One minute: who has arrived has arrived, then the engine decides and routes begin."""
        known = [self._orders[name] for name in self._waiting if self._orders[name].known_at <= now]
        if not known:
            return
        self._watch(known, now)
        answer = plan(
            Problem(
                now=now,
                rules=self._rules,
                travel=self._travel,
                orders=tuple(self._demand(order, now) for order in known),
                deliverers=tuple(
                    self._deliverer(worker, now)
                    for worker in self._workers.values()
                    if worker.on_at <= now + self._rules.horizon_min and (now < worker.person.off_at or worker.visits)
                ),
                pull=self._pull,
                previous=self._chains,
            )
        )
        self._chains = answer.chains
        for sent in answer.sent:
            worker = self._workers[sent.deliverer]
            if not self._under_way(worker, now) and worker.on_at <= now:
                self._begin(worker, sent.stops, now)

    def _watch(self, known: Sequence[PastOrder], now: float) -> None:
        for order in known:
            name, told = order.demand.order, order.demand
            if name not in self._kitchens.cooking and order.known_at > now - self._rules.every_min:
                self._pull[told.pickup] += 1
            if order.ready_at <= now:
                self._kitchens.see_ready(name, after=order.ready_at, before=order.ready_at)
            else:
                self._kitchens.hear(name, restaurant=told.restaurant, placed_at=told.placed_at, told_at=told.ready_at)

    def _demand(self, order: PastOrder, now: float) -> Demand:
        if order.ready_at <= now:
            return replace(order.demand, ready_at=order.ready_at)
        perhaps_at = self._kitchens.perhaps_at(order.demand.order, now)
        if not perhaps_at:
            return replace(order.demand, ready_at=max(order.demand.ready_at, now))
        return replace(order.demand, ready_at=math.fsum(perhaps_at) / len(perhaps_at), perhaps_at=perhaps_at)

    def _deliverer(self, worker: Worker, now: float) -> Deliverer:
        visits = self._under_way(worker, now)
        locked: tuple[Stop, ...] = tuple(self._as_told(visit.stop, now) for visit in visits)
        at, free_at = (visits[0].stop.place, visits[0].arrives_at) if visits else (worker.at, worker.free_at)
        return replace(worker.person, at=at, free_at=free_at, locked=locked)

    def _as_told(self, stop: Stop, now: float) -> Stop:
        """The truth about a kitchen is known when it is ready."""
        if isinstance(stop, Dropoff) or stop.ready_at <= now:
            return stop
        told = max(self._orders[name].demand.ready_at for name in stop.orders)
        return replace(stop, ready_at=max(told, now))

    def _under_way(self, worker: Worker, now: float) -> list[Visit]:
        return [visit for visit in worker.visits if visit.done_at > now]

    def _begin(self, worker: Worker, stops: Sequence[Stop], now: float) -> None:
        true = [
            replace(stop, ready_at=max(self._orders[name].ready_at for name in stop.orders))
            if isinstance(stop, Pickup)
            else stop
            for stop in stops
        ]
        free_at = max(worker.free_at, now)
        visits = forecast_visits(true, at=worker.at, free_at=free_at, now=now, legs=self._legs, rules=self._rules)
        worker.visits, worker.at, worker.free_at = list(visits), visits[-1].stop.place, visits[-1].free_at
        picked: dict[str, float] = {}
        for visit in visits:
            if isinstance(visit.stop, Pickup):
                picked |= dict.fromkeys(visit.stop.orders, visit.done_at)
                continue
            name = visit.stop.order
            self.delivered[name] = Delivered(worker.person.id, picked[name], visit.done_at)
            self._waiting.pop(name, None)
