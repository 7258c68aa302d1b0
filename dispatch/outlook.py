"""Who could carry a waiting order, and when deliverers are free again: for dispatchers' eyes, decides nothing.

Same rows, travel times and forecast as the planner's: what a person sees is what the engine would reckon with.
"""

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
        counters = [self._place(order, to_door=False) for order in orders]
        if not people or not orders:
            return {}
        minutes = self.problem.travel.minutes([*(place for place, _ in ends), *counters])
        free = np.array([minute for _, minute in ends])
        return {
            order.pk: self._ranked(
                order, people, free, minutes[: len(people), len(people) + column], limit, (also or {}).get(order.pk)
            )
            for column, order in enumerate(orders)
        }

    def _ranked(
        self,
        order: Order,
        people: Sequence[int],
        free: NDArray[np.float64],
        way: NDArray[np.float64],
        limit: int,
        also: int | None,
    ) -> list[Choice]:
        service = self.problem.rules.pickup_min / 2
        pickup = np.maximum(np.maximum(free, 0.0) + way + service, self._minute(ready_estimate(order)))
        said_no = np.array([(pk, order.pk) in self.snapshot.excluded for pk in people])
        ranking = np.lexsort((way, np.round(pickup), said_no))[:limit].tolist()
        if also in self.ends and (index := people.index(also)) not in ranking:
            ranking.append(index)
        left = self._left_after(order)
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

    def _left_after(self, order: Order) -> float | None:
        """Minute of the pickup that would use up the promise."""
        if order.promised_until is None:
            return None
        rules = self.problem.rules
        way = self.problem.travel.minutes([self._place(order, to_door=False), self._place(order, to_door=True)])
        return self._minute(order.promised_until) - float(way[0, 1]) - rules.pickup_min / 2 - rules.dropoff_min / 2

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
    legs = Legs(problem.travel, [deliverer.at, *(stop.place for stop in deliverer.locked)])
    visits = forecast_visits(
        deliverer.locked, at=deliverer.at, free_at=deliverer.free_at, now=problem.now, legs=legs, rules=problem.rules
    )
    return visits[-1].stop.place, visits[-1].free_at
