"""One city's planning, tick by tick: snapshot, plan outside any transaction, a commit per route, why others wait."""

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
from dispatch.problems import place_of, problem_of, proposal_of, watch_kitchens
from dispatch.services.decisions import note_waiting
from dispatch.services.leases import Lease
from dispatch.services.offers import offer_route
from dispatch.snapshot import Snapshot, take_snapshot

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(seconds=60)  # city time between two decisions
FASTEST: Final = timedelta(seconds=0.25)  # real
SLOWEST: Final = timedelta(seconds=5)  # real
REMEMBERED: Final = 500  # orders whose restaurants say where the next approach will lead


class CityPlanning:
    """What a planner remembers of one city. All of it may be lost: plans then flicker once, nothing else."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.interval = FASTEST
        self._chains: Chains = {}
        self._recent: dict[int, Place] = {}
        self._kitchens = Kitchens()

    def tick(self) -> int:
        """Decide once; returns how many orders were waiting.

        Raises LeaseLost, and what the database or the engine raises.
        """
        snapshot = take_snapshot(self.lease.city_id)
        self.interval = interval_of(snapshot.city)
        if not snapshot.orders:
            return 0
        connection.close()  # back to the pool: nobody holds a connection while thinking
        self._remember(snapshot)
        watch_kitchens(self._kitchens, snapshot)
        problem = problem_of(
            snapshot,
            every=self.interval * snapshot.city.time_rate,
            pull=Counter(self._recent.values()),
            previous=self._chains,
            kitchens=self._kitchens,
        )
        answer = plan(problem)
        self._chains = answer.chains
        kept_back = _by_hand(answer) if is_by_hand(snapshot.city.pk) else self._offer(snapshot, problem, answer)
        waiting = dict(answer.waiting) | kept_back
        note_waiting(city=snapshot.city, waiting={int(order): why for order, why in waiting.items()})
        return len(snapshot.orders)

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
