"""Who could carry a waiting order, and when deliverers are free again: for dispatchers' eyes, decides nothing.

Same rows, travel times and forecast as the planner's: what a person sees is what the engine would reckon with.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from delivery.ground import clock
from delivery.orders.models import Order
from dispatch.engine.eta import Legs, forecast_visits
from dispatch.engine.kitchens import Kitchens
from dispatch.engine.problem import Deliverer, Dropoff, Place, Problem
from dispatch.problems import place_of, problem_of, ready_estimate, watch_kitchens
from dispatch.snapshot import Snapshot, take_snapshot

MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One deliverer for one order.

    Attributes:
        deliverer_id: primary key. bags: orders that are delivered before.
        way_min: from where the deliverer is free to the counter. pickup_min: from now until the bag is taken.
        spare_min: what is left of the promise at the door, negative when late; None without a promise.
        has_said_no: declined, or did not answer, an offer of this order.
    """

    deliverer_id: int
    bags: int
    way_min: float
    pickup_min: float
    spare_min: float | None
    has_said_no: bool

    @property
    def late_min(self) -> float:
        return max(0.0, -(self.spare_min or 0.0))


@dataclass(frozen=True, slots=True)
class Outlook:
    """A city's deliverers after what they have accepted. Minutes are city minutes since `snapshot.taken_at`."""

    snapshot: Snapshot
    problem: Problem
    ends: Mapping[int, tuple[Place, float]]
    bags: Mapping[int, int]

    def free_at(self) -> dict[int, datetime]:
        """Deliverer (primary key) -> instant at which all accepted stops are done."""
        taken_at, city = self.snapshot.taken_at, self.snapshot.city
        return {pk: clock.after(city, minute * MINUTE, since=taken_at) for pk, (_, minute) in self.ends.items()}

    def choices(
        self, orders: Sequence[Order], *, limit: int, also: Mapping[int, int | None] | None = None
    ) -> dict[int, list[Choice]]:
        """By order id: the deliverers who would have the bag first, those who said no behind the others.

        `also`: order id -> a deliverer who is in its list in any case, at the end if need be.
        """
        people, ends = list(self.ends), list(self.ends.values())
        if not people or not orders:
            return {}
        counters = [self._place(order, to_door=False) for order in orders]
        ways = self.problem.travel.minutes([*(place for place, _ in ends), *counters])[: len(people), len(people) :]
        free = np.maximum(np.array([minute for _, minute in ends]), 0.0)
        left, said_no = self._left_after(orders), self._said_no(people)
        return {
            order.pk: self._ranked(
                people,
                ways[:, column],
                self._pickups(order, free + ways[:, column]),
                left[order.pk],
                said_no[order.pk],
                limit,
                (also or {}).get(order.pk),
            )
            for column, order in enumerate(orders)
        }

    def _pickups(self, order: Order, there: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minute at which each deliverer would have the bag, after the minute of standing at the counter."""
        service = self.problem.rules.pickup_min / 2
        found: NDArray[np.float64] = np.maximum(there + service, self._minute(ready_estimate(order)))
        return found

    def _ranked(
        self,
        people: Sequence[int],
        way: NDArray[np.float64],
        pickup: NDArray[np.float64],
        left: float | None,
        said_no: NDArray[np.bool_],
        limit: int,
        also: int | None,
    ) -> list[Choice]:
        ranking = np.lexsort((way, np.round(pickup), said_no))[:limit].tolist()
        if also in self.ends and (index := people.index(also)) not in ranking:
            ranking.append(index)
        return [
            Choice(
                deliverer_id=people[index],
                bags=self.bags[people[index]],
                way_min=float(way[index]),
                pickup_min=float(pickup[index]),
                spare_min=None if left is None else left - float(pickup[index]),
                has_said_no=bool(said_no[index]),
            )
            for index in ranking
            if np.isfinite(pickup[index])
        ]

    def _said_no(self, people: Sequence[int]) -> "defaultdict[int, NDArray[np.bool_]]":
        """Order -> which of the people have declined it, or not answered."""
        found: defaultdict[int, NDArray[np.bool_]] = defaultdict(lambda: np.zeros(len(people), bool))
        places = {pk: index for index, pk in enumerate(people)}
        for deliverer_id, order_id in self.snapshot.excluded:
            if deliverer_id in places:
                found[order_id][places[deliverer_id]] = True
        return found

    def _left_after(self, orders: Sequence[Order]) -> dict[int, float | None]:
        """Order -> minute of the pickup that would use up its promise; None without one."""
        rules, count = self.problem.rules, len(orders)
        places = [self._place(order, to_door=to_door) for to_door in (False, True) for order in orders]
        ways = np.diagonal(self.problem.travel.minutes(places)[:count, count:])
        service = rules.pickup_min / 2 + rules.dropoff_min / 2
        return {
            order.pk: None
            if order.promised_until is None
            else self._minute(order.promised_until) - float(way) - service
            for order, way in zip(orders, ways, strict=True)
        }

    def _place(self, order: Order, *, to_door: bool) -> Place:
        return place_of(self.snapshot.city, order.point if to_door else order.restaurant.point)

    def _minute(self, instant: datetime) -> float:
        return clock.between(self.snapshot.city, self.snapshot.taken_at, instant) / MINUTE


def look_ahead(city_id: int) -> Outlook:
    """The city as it is now; the queries of `take_snapshot`."""
    snapshot, kitchens = take_snapshot(city_id), Kitchens()
    watch_kitchens(kitchens, snapshot)
    problem = problem_of(snapshot, every=MINUTE, pull={}, previous={}, kitchens=kitchens)
    sound = [deliverer for deliverer in problem.deliverers if deliverer.is_sound]
    return Outlook(
        snapshot,
        problem,
        ends={int(deliverer.id): _end_of(deliverer, problem) for deliverer in sound},
        bags={int(each.id): sum(isinstance(stop, Dropoff) for stop in each.locked) for each in sound},
    )


def _end_of(deliverer: Deliverer, problem: Problem) -> tuple[Place, float]:
    """Where and when the deliverer has done all that is accepted."""
    if not deliverer.locked:
        return deliverer.at, deliverer.free_at
    travel = problem.travel_by.get(deliverer.vehicle, problem.travel)
    legs = Legs(travel, [deliverer.at, *(stop.place for stop in deliverer.locked)])
    visits = forecast_visits(
        deliverer.locked, at=deliverer.at, free_at=deliverer.free_at, now=problem.now, legs=legs, rules=problem.rules
    )
    return visits[-1].stop.place, visits[-1].free_at
