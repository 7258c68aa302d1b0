"""Ways that take longer than they should: a travel stretched so that it suffices with a chosen probability."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.engine.problem import Place, Travel

LEARNT_FROM = 20  # legs ridden before estimates are doubted


@dataclass(frozen=True, slots=True)
class StretchedTravel:
    """Another travel, times a factor."""

    travel: Travel
    factor: float

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        stretched: NDArray[np.float64] = self.travel.minutes(places) * self.factor
        return stretched


def stretch(ratios: Sequence[float], share: float) -> float:
    """The factor within which `share` of the rides stayed; 1 while too few are known.

    Args:
        ratios: minutes ridden / minutes estimated, in any order.
    """
    if len(ratios) < LEARNT_FROM:
        return 1.0
    ordered = sorted(ratios)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def share_within(ratios: Sequence[float], factor: float) -> float:
    """How many of the rides took at most `factor` times as long as estimated."""
    ordered = sorted(ratios)
    return bisect_left(ordered, factor + 1e-9) / len(ordered) if ordered else 1.0
