"""One city's planning, tick by tick: snapshot, plan outside any transaction, a commit per route, why others wait."""

import math
import time
from collections import Counter
from datetime import timedelta
from typing import Final

import structlog
from django.db import connection

from delivery.cities.models import City
from dispatch.desk.hand_dispatch import is_by_hand
from dispatch.engine.kitchens import Kitchens
from dispatch.engine.plan import Plan, plan
from dispatch.engine.problem import Chains, Place, Problem
from dispatch.engine.reasons import Reason, Waiting
from dispatch.errors import LeaseLost, StalePlan
from dispatch.experience import Experience, learn
from dispatch.models import ShadowPlan, Weights
from dispatch.problems import instant_of, place_of, problem_of, proposal_of, watch_kitchens, weighed
from dispatch.services.decisions import note_waiting
from dispatch.services.leases import Lease
from dispatch.services.offers import offer_route
from dispatch.shadow import Shadow
from dispatch.snapshot import Snapshot, take_snapshot

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(seconds=60)  # city time between two decisions
FASTEST: Final = timedelta(seconds=0.25)  # real
SLOWEST: Final = timedelta(seconds=5)  # real
LEARNT_EVERY_S: Final = 600.0  # real
REMEMBERED: Final = 500  # orders whose restaurants say where the next approach will lead


class CityPlanning:
    """What a planner remembers of one city. All of it may be lost: plans then flicker once, nothing else."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.interval = FASTEST
        self._chains: Chains = {}
        self._recent: dict[int, Place] = {}
        self._kitchens = Kitchens()
        self._taught, self._learnt_at = Experience(), -math.inf
        self._shadow = Shadow()
        self._decided: tuple[Snapshot, Problem, Plan, float] | None = None

    def tick(self) -> int:
        """Decide once; returns how many orders were waiting.

        Raises LeaseLost, and what the database or the engine raises.
        """
        self._decided = None
        snapshot = take_snapshot(self.lease.city_id)
        self.interval = interval_of(snapshot.city)
        if not snapshot.orders:
            return 0
        self._learn(snapshot.city)
        connection.close()  # back to the pool: nobody holds a connection while thinking
        self._remember(snapshot)
        watch_kitchens(self._kitchens, snapshot)
        problem = problem_of(
            snapshot,
            every=self.interval * snapshot.city.time_rate,
            pull=Counter(self._recent.values()),
            previous=self._chains,
            kitchens=self._kitchens,
            taught=self._taught,
        )
        began = time.monotonic()
        answer = plan(weighed(problem, problem.rules, self._taught))
        self._chains = answer.chains
        self._decided = snapshot, problem, answer, time.monotonic() - began
        kept_back = _by_hand(answer) if is_by_hand(snapshot.city.pk) else self._offer(snapshot, problem, answer)
        waiting = {int(order): why for order, why in (dict(answer.waiting) | kept_back).items()}
        note_waiting(
            city=snapshot.city,
            waiting=waiting,
            weights=snapshot.weights.get(Weights.Use.LIVE),
            leaves_at={
                order: instant_of(snapshot, why.leaves_at)
                for order, why in waiting.items()
                if why.leaves_at is not None
            },
        )
        return len(snapshot.orders)

    def plan_beside(self, *, within_s: float) -> ShadowPlan | None:
        """The minute that was just decided, with the weights on trial; see `dispatch.shadow`."""
        if self._decided is None:
            return None
        (snapshot, problem, answer, took_s), self._decided = self._decided, None
        return self._shadow.plan_beside(snapshot, problem, answer, self._taught, took_s=took_s, within_s=within_s)

    def _learn(self, city: City) -> None:
        """Look now and then at what became of offers and rides."""
        if time.monotonic() - self._learnt_at > LEARNT_EVERY_S:
            self._taught, self._learnt_at = learn(city), time.monotonic()

    def _offer(self, snapshot: Snapshot, problem: Problem, answer: Plan) -> dict[str, Waiting]:
        """Propose what must leave now; returns the orders whose deliverer still has something else to do."""
        busy = {str(deliverer_id) for deliverer_id in snapshot.locked}
        waiting: dict[str, Waiting] = {}
        for sent in answer.sent:
            if sent.deliverer in busy:
                why = Waiting(Reason.AFTER_OTHERS, sent.deliverer, sent.leaves_at)
                waiting |= dict.fromkeys(sent.decision.orders, why)
                continue
            try:
                offer_route(city=snapshot.city, proposal=proposal_of(snapshot, problem, sent), lease=self.lease)
            except LeaseLost:
                raise
            except StalePlan as stale:  # the next tick sees what changed
                log.info("plan_was_stale", city=snapshot.city.slug, why=stale.detail)
        return waiting

    def _remember(self, snapshot: Snapshot) -> None:
        for pk, order in snapshot.orders.items():
            self._recent.setdefault(pk, place_of(snapshot.city, order.restaurant.point))
        for pk in list(self._recent)[:-REMEMBERED]:
            del self._recent[pk]


def _by_hand(answer: Plan) -> dict[str, Waiting]:
    """Nothing is proposed, but the dispatchers see whom the planner would have asked."""
    return {
        order: Waiting(Reason.BY_HAND, sent.deliverer, sent.leaves_at)
        for sent in answer.sent
        for order in sent.decision.orders
    }


def interval_of(city: City) -> timedelta:
    """Real time between two decisions: a minute of the city's, within what machines and people can follow."""
    return min(max(EVERY / city.time_rate, FASTEST), SLOWEST)
