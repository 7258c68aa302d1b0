"""What may have become of an order: drawn with dice, in the city's own time. Pure.

Every stage has its usual length and, now and then, the trouble that makes it longer: the counter answers late, the
kitchen is behind, no courier is free, the ride takes a detour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

ORDERS_PER_DAY = 40
WEEKEND = 1.3
# How much of a day's orders falls into each hour.
RHYTHM = (2, 1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 4, 9, 11, 7, 4, 3, 3, 4, 7, 10, 11, 7, 4)
REASONS = ("busy", "sold_out", "closing")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class End(StrEnum):
    DELIVERED = "delivered"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Lengths of the stages, in city time. `ride` counts from the counter to the door, both stays included.

    `courier`: from the first offer until somebody stands at the counter.
    """

    end: End
    reason: str
    answer: timedelta
    prep_time: timedelta
    cooking: timedelta
    courier: timedelta
    ride: timedelta
    is_declined_once: bool


def placed_on(day: datetime, dice: Random) -> list[datetime]:
    """When the orders of a day come in, earliest first. `day`: its midnight on the city's clocks."""
    scale = ORDERS_PER_DAY / sum(RHYTHM) * (WEEKEND if day.weekday() >= 4 else 1.0)
    times = []
    for hour, share in enumerate(RHYTHM):
        wanted = share * scale * dice.uniform(0.8, 1.2)
        count = int(wanted) + (dice.random() < wanted % 1)
        times += [day + timedelta(hours=hour, seconds=dice.randrange(3600)) for _ in range(count)]
    return sorted(times)


def draw(dice: Random, *, usual: timedelta, way: timedelta, accept_within: timedelta, speed: float) -> Life:
    """The life of one order.

    Args:
        usual: the restaurant's preparation. way: from a ready bag to the door, as promised.
        accept_within: when an order expires. speed: how long this kitchen takes, 1 is what it says.
    """
    end = _end(dice)
    reason = dice.choice(REASONS) if end is End.REJECTED else _REASON.get(end, "")
    answer = SECOND * (20 + dice.expovariate(1 / 45))
    if dice.random() < 0.07:
        answer += MINUTE * dice.uniform(2, 3.5)
    cooking = usual * max(0.5, dice.gauss(speed, 0.16))
    if dice.random() < 0.09:
        cooking += MINUTE * dice.uniform(6, 20)
    courier = MINUTE * dice.uniform(3, 9) + usual * 0.35
    if dice.random() < 0.08:
        courier += MINUTE * dice.uniform(8, 22)
    ride = way * dice.uniform(0.75, 1.15)
    if dice.random() < 0.06:
        ride += MINUTE * dice.uniform(5, 14)
    return Life(
        end=end,
        reason=reason,
        answer=accept_within if end is End.EXPIRED else min(answer, accept_within - SECOND),
        prep_time=usual,
        cooking=cooking,
        courier=courier,
        ride=ride,
        is_declined_once=dice.random() < 0.1,
    )


_REASON = {End.EXPIRED: "not_answered", End.CANCELLED: "customer", End.FAILED: "nobody_there"}
_ENDS = ((End.REJECTED, 0.025), (End.EXPIRED, 0.012), (End.CANCELLED, 0.02), (End.FAILED, 0.008))


def _end(dice: Random) -> End:
    thrown = dice.random()
    for end, share in _ENDS:
        if thrown < share:
            return end
        thrown -= share
    return End.DELIVERED
