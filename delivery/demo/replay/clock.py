"""The city's clock as an actor reads it: minutes of the day, running `rate` times as fast as the world."""

import asyncio
import math
import time
from dataclasses import dataclass


@dataclass
class DayClock:
    """Shows `starts_at_min` once `start` has let its lead pass; before that it stands."""

    rate: float
    starts_at_min: float
    _zero: float = math.inf

    def start(self, *, in_s: float) -> None:
        """Begin to run in `in_s` real seconds."""
        self._zero = time.monotonic() + in_s

    def lead_left_s(self) -> float:
        """Real seconds until the clock runs; negative once it does."""
        return self._zero - time.monotonic()

    def minute(self) -> float:
        """Minutes since the start of business, now."""
        return self.starts_at_min + max(0.0, -self.lead_left_s()) * self.rate / 60

    async def until(self, minute: float) -> None:
        """Return when the clock shows `minute`."""
        await asyncio.sleep(max(0.0, self.lead_left_s() + (minute - self.starts_at_min) * 60 / self.rate))

    async def pass_by(self, minutes: float) -> None:
        await asyncio.sleep(minutes * 60 / self.rate)


def travel_min(a: tuple[float, float], b: tuple[float, float], meters_per_minute: float) -> int:
    """Whole minutes from a to b, as the benchmark counts them; a centimetre of projection error does not count."""
    return math.ceil((math.dist(a, b) - 0.01) / meters_per_minute)
