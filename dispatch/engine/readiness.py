"""When food, and whoever fetches it, should be there: what a board reads of each order before the search."""

import math

import numpy as np

from dispatch.engine.problem import Demand, Rules

FORESEEN_MIN = 90  # how far ahead the wait for uncertain food is told by the minute


def wanted_at(demand: Demand, early_share: float) -> float:
    """When somebody should stand at the counter."""
    perhaps_at = demand.perhaps_at
    return perhaps_at[int(early_share * (len(perhaps_at) - 1))] if perhaps_at else demand.ready_at


def wanted_min(demand: Demand, rules: Rules) -> float:
    """Minutes from click to door that the guest expects: what was promised, else the city's target."""
    return demand.promised_at - demand.placed_at if math.isfinite(demand.promised_at) else rules.target_min


def waits_of(demand: Demand, now: float) -> list[float]:
    """Minutes that somebody who comes 0, 1, ... FORESEEN_MIN minutes from now waits on average; empty when certain."""
    if not demand.perhaps_at or demand.perhaps_at[0] == demand.perhaps_at[-1]:
        return []
    comes_at = now + np.arange(FORESEEN_MIN + 1.0)
    waits: list[float] = np.maximum(np.subtract.outer(comes_at, demand.perhaps_at) * -1, 0.0).mean(axis=1).tolist()
    return waits
