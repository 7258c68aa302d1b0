"""Shadow mode: the same minute planned with the weights on trial, beside the decision and after it, without acting.

It runs in the pause before the next decision and only when it fits there, and rests long enough to take no more than
SHARE of a city's time: the real plan never waits for it. What differs is a row per minute; a day is their sum.
"""

import time
from dataclasses import replace
from typing import Final

import structlog

from dispatch.engine.foresee import Foreseen, foresee
from dispatch.engine.plan import Plan, plan
from dispatch.engine.problem import Chains, EngineError, Problem
from dispatch.experience import Experience
from dispatch.models import ShadowPlan, Weights
from dispatch.problems import weighed
from dispatch.snapshot import Snapshot
from dispatch.travel import RememberedTravel
from dispatch.weighing import MINUTE, rules_of

log = structlog.get_logger(__name__)

SHARE: Final = 0.2  # of a city's time
SLACK: Final = 1.5  # a plan may take this much longer than the last one


class Shadow:
    """One city's trial. All of it may be lost: the trial's plan then starts anew."""

    def __init__(self) -> None:
        self._chains: Chains = {}
        self._weights: int | None = None
        self._took_s = 0.0
        self._rests_until = 0.0
        self._skipped = 0

    def plan_beside(
        self, snapshot: Snapshot, problem: Problem, answer: Plan, taught: Experience, *, took_s: float, within_s: float
    ) -> ShadowPlan | None:
        """Plan `problem`, to which `answer` was decided in `took_s`, with the weights on trial, if that fits.

        Args:
            within_s: real time until the next decision.
        """
        trial = snapshot.weights.get(Weights.Use.SHADOW)
        if trial is None or not trial.is_on or time.monotonic() < self._rests_until:
            return None
        if SLACK * max(took_s, self._took_s) > within_s:
            self._skipped += 1
            self._took_s *= 0.9  # a city that was busy once is tried again
            return None
        if self._weights != trial.pk:
            self._weights, self._chains = trial.pk, answer.chains
        began = time.monotonic()
        try:
            row = self._compare(snapshot, problem, answer, taught, trial)
        except EngineError as error:  # weights that no plan can be made with are the trial's result, and nobody's harm
            log.warning("shadow_failed", city=snapshot.city.slug, code=error.code)
            row = None
        self._took_s = time.monotonic() - began
        self._rests_until = time.monotonic() + self._took_s * (1 / SHARE - 1)
        if row is not None:
            row.took_ms, row.skipped, self._skipped = round(self._took_s * 1000), self._skipped, 0
            row.save()
        return row

    def _compare(
        self, snapshot: Snapshot, problem: Problem, answer: Plan, taught: Experience, trial: Weights
    ) -> ShadowPlan:
        rules = rules_of(snapshot.city, trial.values, every=problem.rules.every_min * MINUTE)
        remembered = replace(
            problem,
            travel=RememberedTravel(problem.travel),
            travel_by={name: RememberedTravel(travel) for name, travel in problem.travel_by.items()},
            previous=self._chains,
        )
        tried = plan(weighed(remembered, rules, taught))
        self._chains = tried.chains
        # Both are measured by the same clock: the ways as the decision saw them, the city's own target.
        yardstick = weighed(remembered, problem.rules, taught)
        return compared(snapshot, trial, foresee(yardstick, answer.chains), foresee(yardstick, tried.chains))


def compared(snapshot: Snapshot, trial: Weights, live: dict[str, Foreseen], shadow: dict[str, Foreseen]) -> ShadowPlan:
    """The row of one minute, over the orders that both plans hold; not saved."""
    both = sorted(live.keys() & shadow.keys(), key=int)
    differ = [order for order in both if live[order].deliverer != shadow[order].deliverer]
    return ShadowPlan(
        city=snapshot.city,
        live=snapshot.weights.get(Weights.Use.LIVE),
        shadow=trial,
        planned_at=snapshot.taken_at,
        orders=len(both),
        different=len(differ),
        live_door_min=sum(live[order].door_min for order in both),
        shadow_door_min=sum(shadow[order].door_min for order in both),
        live_food_min=sum(live[order].food_min for order in both),
        shadow_food_min=sum(shadow[order].food_min for order in both),
        live_late_min=sum(live[order].late_min for order in both),
        shadow_late_min=sum(shadow[order].late_min for order in both),
        differences=[
            [int(order), int(live[order].deliverer), int(shadow[order].deliverer)]
            for order in differ[: ShadowPlan.DIFFERENCES]
        ],
    )
