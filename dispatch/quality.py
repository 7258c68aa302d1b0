"""How well a city delivers: click to door, waiting, causes of lateness, the engine against its trial.

All minutes are city minutes; all but `read_*` is pure. What made an order late is the step that lost most of its time.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from statistics import fmean
from typing import Any, Final

from django.db.models import Max, Sum
from django.db.models.functions import TruncHour, TruncMinute

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.geo import Point, distance_m
from delivery.orders.models import Fulfilment, Order
from dispatch.models import ShadowPlan

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
WHO: Final = ("live", "shadow")
READ: Final = (
    *("placed_at", "cook_at", "prep_time", "ready_at", "picked_up_at", "delivered_at", "promised_until", "lat", "lon"),
    *("restaurant__lat", "restaurant__lon"),
)


class Cause(StrEnum):
    """Why an order was late."""

    KITCHEN = "kitchen"  # ready later than the kitchen said
    SEARCH = "search"  # ready, and nobody had taken it yet
    APPROACH = "approach"  # taken, but the courier came after the food
    ROAD = "road"  # on the way longer than the way is: other doors first, traffic, a door that stayed shut


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One delivered order, in minutes since it was placed; None where nobody has said.

    `told_ready`: what the kitchen said when it accepted. `road`: what the way and the services take alone.
    """

    at: datetime
    told_ready: float | None
    ready: float | None
    taken: float | None
    picked: float
    door: float
    promised: float | None
    road: float

    @property
    def food_waits(self) -> float | None:
        return None if self.ready is None else max(0.0, self.picked - self.ready)

    @property
    def late(self) -> float:
        return 0.0 if self.promised is None else max(0.0, self.door - self.promised)

    @property
    def cause(self) -> Cause | None:
        """None for an order in time."""
        if not self.late:
            return None
        ready = self.picked if self.ready is None else self.ready
        told = ready if self.told_ready is None else self.told_ready
        taken = ready if self.taken is None else self.taken
        lost = {
            Cause.KITCHEN: ready - told,
            Cause.SEARCH: taken - ready,
            Cause.APPROACH: self.picked - max(ready, taken),
            Cause.ROAD: self.door - self.picked - self.road,
        }
        return max(lost, key=lambda cause: lost[cause])


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the orders delivered in one period; None where there were none."""

    delivered: int
    door_mean: float | None
    door_p90: float | None
    food_waits: float | None
    in_time: float | None
    late: Counter[Cause]


@dataclass(frozen=True, slots=True)
class Trial:
    """Engine and trial over the same minutes: orders weighed, share given to others, mean minutes of each."""

    orders: int = 0
    different: float | None = None
    live_door: float | None = None
    shadow_door: float | None = None
    live_food: float | None = None
    shadow_food: float | None = None
    live_late: float | None = None
    shadow_late: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Real instants. `shows_at`: what the city's clocks show at its beginning."""

    shows_at: datetime
    begins_at: datetime
    ends_at: datetime


def summarised(journeys: Sequence[Journey]) -> Summary:
    doors = sorted(journey.door for journey in journeys)
    waits = [wait for journey in journeys if (wait := journey.food_waits) is not None]
    promised = [journey for journey in journeys if journey.promised is not None]
    return Summary(
        delivered=len(journeys),
        door_mean=fmean(doors) if doors else None,
        door_p90=doors[ceil(0.9 * len(doors)) - 1] if doors else None,
        food_waits=fmean(waits) if waits else None,
        in_time=sum(not journey.late for journey in promised) / len(promised) if promised else None,
        late=Counter(journey.cause for journey in journeys if journey.cause is not None),
    )


def by_period(periods: Sequence[Period], journeys: Iterable[Journey]) -> list[Summary]:
    """A summary per period, of what was delivered in it."""
    found: list[list[Journey]] = [[] for _ in periods]
    for journey in journeys:
        for number, period in enumerate(periods):
            if period.begins_at <= journey.at < period.ends_at:
                found[number].append(journey)
                break
    return [summarised(each) for each in found]


def periods_of(city: City, *, days: int, now: datetime) -> list[Period]:
    """The hours of the city's day for one day, else its last `days` days with today."""
    midnight = clock.shown(city, now).replace(hour=0, minute=0, second=0, microsecond=0)
    step, first = (timedelta(hours=1), midnight) if days == 1 else (DAY, midnight - (days - 1) * DAY)
    shown = [first + number * step for number in range(25 if days == 1 else days + 1)]
    return [
        Period(here, clock.real(city, here), clock.real(city, there))
        for here, there in zip(shown, shown[1:], strict=False)
    ]


def read_journeys(city: City, since: datetime) -> list[Journey]:
    """What the platform delivered in the city since then; one query."""
    orders = Order.objects.filter(
        city=city, status="delivered", fulfilment=Fulfilment.PLATFORM, delivered_at__gte=since, wanted_at=None
    ).annotate(taken_at=Max("stops__route__assigned_at"))
    return [_journey(city, order) for order in orders.select_related("restaurant").only(*READ)]


def read_trials(city: City, periods: Sequence[Period]) -> list[Trial]:
    """Engine and trial per period; one query."""
    grain = TruncHour if city.time_rate < 2 else TruncMinute  # a fast city's hours end within ours
    rows: Any = ShadowPlan.objects.filter(city=city, planned_at__gte=periods[0].begins_at).order_by()
    sums = ("orders", "different", *(f"{who}_{what}_min" for what in ("door", "food", "late") for who in WHO))
    found: list[Counter[str]] = [Counter() for _ in periods]
    for row in (
        rows.annotate(at=grain("planned_at")).values("at").annotate(**{f"sum_{name}": Sum(name) for name in sums})
    ):
        for number, period in enumerate(periods):
            if period.begins_at <= row["at"] < period.ends_at:
                found[number].update({name: row[f"sum_{name}"] for name in sums})
    return [_trial(each) for each in found]


def _trial(sums: Counter[str]) -> Trial:
    orders = sums["orders"]
    if not orders:
        return Trial()
    return Trial(
        orders=orders,
        different=sums["different"] / orders,
        **{f"{who}_{what}": sums[f"{who}_{what}_min"] / orders for who in WHO for what in ("door", "food", "late")},
    )


def _journey(city: City, order: Order) -> Journey:
    def minute(instant: datetime | None) -> float | None:
        return None if instant is None else clock.between(city, order.placed_at, instant) / MINUTE

    told = order.cook_at and order.prep_time and clock.after(city, order.prep_time, since=order.cook_at)
    shop = Point(order.restaurant.lat, order.restaurant.lon)
    way_min = distance_m(shop, order.point) * city.detour / city.meters_per_minute
    door = minute(order.delivered_at) or 0.0
    picked = minute(order.picked_up_at)
    return Journey(
        at=order.delivered_at or order.placed_at,
        told_ready=minute(told or None),
        ready=minute(order.ready_at),
        taken=minute(getattr(order, "taken_at", None)),
        picked=door if picked is None else picked,
        door=door,
        promised=minute(order.promised_until),
        road=way_min + (city.pickup_service + city.dropoff_service) / 2 / MINUTE,
    )
