"""What deliverers earn: per order carried, never less than the guarantee per hour of the shift. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRule:
    """A city's pay in minor units. What was offered is frozen on the offer, so a new rule changes nothing old."""

    per_order: int
    per_hour: int


def route_pay(rule: PayRule, *, orders: int) -> int:
    """The least that a route of `orders` earns, minor units. Shown before it is accepted."""
    return rule.per_order * orders


def shift_pay(rule: PayRule, *, earned: int, worked: timedelta) -> int:
    """Pay of a shift in minor units: what its routes earned, topped up to the hourly guarantee (rounded up)."""
    guarantee = -(-rule.per_hour * round(worked.total_seconds()) // 3600)
    return max(earned, guarantee)
