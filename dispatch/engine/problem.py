"""What the engine is asked: one city at one minute, frozen. Minutes are floats, places (x, y) in metres."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]


class EngineError(Exception):
    """A problem that no plan can answer. `code` is stable: callers branch on it, never on the text."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Travel(Protocol):
    """The port to a travel-time source: straight lines, a street network, yesterday's traffic."""

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        """Minutes from each of n places (row) to each (column), shape (n, n); NaN or inf is unreachable."""
        ...


@dataclass(frozen=True, slots=True)
class StraightTravel:
    """The benchmark's travel: the straight line at one speed, rounded up to whole minutes."""

    meters_per_minute: float

    def minutes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        x, y = np.asarray(places, dtype=np.float64).reshape(-1, 2).T
        east, north = np.subtract.outer(x, x), np.subtract.outer(y, y)
        minutes: NDArray[np.float64] = np.ceil(np.sqrt(east * east + north * north) / self.meters_per_minute)
        return minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The city's rules and the engine's few weights; minutes."""

    pickup_min: float = 4.0  # service at a pickup: half before it, half after
    dropoff_min: float = 4.0  # service at a drop-off, likewise
    target_min: float = 40.0  # click to door that customers should not wait beyond
    every_min: float = 1.0  # time until the next decision
    lead_min: float = 0.0  # send a route this long before it must start: an offer needs time for its answer
    horizon_min: float = 40.0  # orders ready later than this are not planned yet
    bundle_limit: int = 6  # orders of one restaurant that one deliverer carries at once
    mixed_limit: int = 1  # orders of several restaurants in one trip; 1: a trip is of one restaurant
    over_target_weight: float = 0.3  # cost of a minute beyond the target, on top of the minute itself
    pay_weight: float = 1.0  # cost of an order for a deliverer who has earned her guarantee; less before
    approach_weight: float = 0.4  # cost of a minute of expected approach from where a deliverer ends
    early_share: float = 0.1  # be at the counter when the food is there with this probability, and wait for the rest
    may_hold: bool = False  # deliverers may be sent to a restaurant and wait there before they are bound to an order
    hold_share: float = 0.02  # with `may_hold`: the same probability for going there unbound
    travel_share: float = 0.5  # reckon with a way that suffices with this probability
    fair_pay_weight: float = 0.0  # cost of an order for who has earned twice the colleagues' mean; less below it
    fair_wait_weight: float = 0.0  # what an order costs less per minute that its deliverer has had none

    def __post_init__(self) -> None:
        if not all(0 <= amount < math.inf for amount in astuple(self)):
            raise EngineError("bad_rules", f"rules must be finite and not negative: {self}")
        if self.every_min <= 0 or min(self.bundle_limit, self.mixed_limit) < 1:
            raise EngineError("bad_rules", f"decisions and bundles need a positive size: {self}")
        if max(self.early_share, self.hold_share, self.travel_share) > 1:
            raise EngineError("bad_rules", f"a share is at most 1: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """An order that is placed and not yet picked up. What limits who may carry it: see `constraints`."""

    order: str
    restaurant: str
    pickup: Place
    dropoff: Place
    placed_at: float
    ready_at: float  # best estimate; in the past when the food stands there
    perhaps_at: tuple[float, ...] = ()  # equally likely instants, ascending, when the estimate is uncertain
    promised_at: float = math.inf  # until when it is promised: later costs as beyond the target, which it replaces
    load: float = 0.0  # room in the bag
    needs: frozenset[str] = frozenset()  # what its deliverer must have or be able to do
    cash: float = 0.0  # to be collected at the door
    zone: str = ""  # where the door lies
    acceptance: float = 1.0  # share of such offers that is accepted here and now, by whomever

    @property
    def is_sound(self) -> bool:
        numbers = (*self.pickup, *self.dropoff, self.placed_at, self.ready_at, *self.perhaps_at, self.load, self.cash)
        return all(map(math.isfinite, numbers)) and not math.isnan(self.promised_at) and 0 < self.acceptance <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickup:
    restaurant: str
    place: Place
    orders: tuple[str, ...]
    ready_at: float  # of the last of its orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropoff:
    order: str
    place: Place
    placed_at: float


Stop = Pickup | Dropoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    """One deliverer on shift (or soon on).

    With a leg under way `at` is its destination and `free_at` the arrival; otherwise the place and instant
    from which the next leg may start, never before the shift. `locked` are the stops that are begun or
    accepted, in order. They stay as they are, but with `amendable` the pickup `locked[0]` may still gain or
    lose orders; its place stays, and `locked` is that one bundle. `flexible` follows `locked`: what else
    belongs to the trip under way, drop-offs of food on board and further pickups. It may be done in another order,
    and with `mixed_limit` other pickups may come between.
    """

    id: str
    at: Place
    free_at: float
    off_at: float  # no pickup after it
    locked: tuple[Stop, ...] = ()
    flexible: tuple[Stop, ...] = ()
    amendable: bool = False
    pay_share: float = 0.0  # earned by orders so far / guaranteed for the shift: below 1 an order costs no extra pay
    vehicle: str = ""  # names a travel of `Problem.travel_by`
    capacity: float = math.inf  # room for orders carried at once
    has: frozenset[str] = frozenset()  # bags, permissions, abilities
    cash_limit: float = math.inf  # money that may still be collected
    zones: frozenset[str] | None = None  # the only zones to deliver to
    paid_ahead: float = 0.0  # pay by the hour above (+) or below (-) the colleagues' mean, as a share of it
    waited_min: float = 0.0  # time without an order

    @property
    def is_sound(self) -> bool:
        fair = (self.paid_ahead, self.waited_min)
        numbers = [
            *self.at,
            self.free_at,
            self.pay_share,
            *fair,
            *(axis for stop in (*self.locked, *self.flexible) for axis in stop.place),
        ]
        limits = (self.off_at, self.capacity, self.cash_limit)
        return all(map(math.isfinite, numbers)) and not any(map(math.isnan, limits))


def picked_orders(stops: Iterable[Stop]) -> list[str]:
    """The orders of the pickups among these stops."""
    return [order for stop in stops if isinstance(stop, Pickup) for order in stop.orders]


Chains = Mapping[str, tuple[tuple[str, ...], ...]]
"""By deliverer: the trips planned one after another, each the orders in their drop-off order, or, when food of several
restaurants is on board together, each order twice: where it is picked up and where it is dropped off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One city at one minute.

    `forbidden` holds (deliverer, order) pairs that must not meet: a declined offer, a quarrel, a missing bag.
    `travel_by` are the ways of vehicles that ride at another pace, or other streets, than `travel`.
    `pull` says how many orders came lately from each place: where the next approach will probably lead.
    `previous` are the chains of the last plan: the search goes on from them, so plans do not flicker.
    """

    now: float
    rules: Rules
    travel: Travel
    orders: tuple[Demand, ...]
    deliverers: tuple[Deliverer, ...]
    travel_by: Mapping[str, Travel] = field(default_factory=dict)
    forbidden: frozenset[tuple[str, str]] = frozenset()
    pull: Mapping[Place, float] = field(default_factory=dict)
    previous: Chains = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not math.isfinite(self.now):
            raise EngineError("bad_clock", f"now must be finite: {self.now}")
        for what, names in (
            ("order", [demand.order for demand in self.orders]),
            ("deliverer", [deliverer.id for deliverer in self.deliverers]),
        ):
            if len(set(names)) < len(names):
                raise EngineError("duplicate_id", f"one {what} is given twice")
        for deliverer in self.deliverers:
            if deliverer.amendable and not (deliverer.locked and isinstance(deliverer.locked[0], Pickup)):
                raise EngineError("bad_lock", f"{deliverer.id} is amendable without a pickup begun")
