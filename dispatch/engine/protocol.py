"""The engine's door for other programs: JSON lines on two streams, as mdrp/referee.py speaks them.

-> {"type": "city", ...}   <- {"type": "ready"}
-> {"type": "tick", ...}   <- {"type": "plans", "plans": {deliverer: [stop, ...]}}   only those that change
-> {"type": "end"}
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from dispatch.engine.kitchens import Kitchens
from dispatch.engine.plan import plan
from dispatch.engine.problem import (
    Chains,
    Deliverer,
    Demand,
    EngineError,
    Pickup,
    Place,
    Problem,
    Rules,
    Stop,
    StraightTravel,
)
from dispatch.engine.trips import dropoff_of, pickup_of

SOON_MIN = 40.0  # deliverers whose shift starts within this time are planned for already
MIXED_LIMIT = 3  # orders in a trip of several restaurants, where the city allows such trips
Message = dict[str, Any]


class BadLine(EngineError):
    """A line that is no message of the protocol, or not now."""

    def __init__(self, detail: str) -> None:
        super().__init__("bad_line", detail)


def answers(lines: Iterable[str]) -> Iterator[str]:
    """One answer line per message until `end` or the end of input. Raises BadLine, naming the line."""
    session: Session | None = None
    for number, line in enumerate(lines, start=1):
        try:
            message = json.loads(line)
            kind = message["type"]
            if kind == "end":
                return
            if kind == "city":
                session = Session(message)
                answer: Message = {"type": "ready"}
            elif kind == "tick" and session is not None:
                answer = {"type": "plans", "plans": session.decide(message)}
            else:
                raise BadLine("a tick before its city" if kind == "tick" else f"unknown type {kind!r}")
        except KeyError as missing:
            raise BadLine(f"line {number}: {missing} is missing or unknown") from missing
        except (ValueError, TypeError, AttributeError, IndexError, RecursionError, EngineError) as error:
            raise BadLine(f"line {number}: {error}") from error
        yield json.dumps(answer, separators=(",", ":"))


class Session:
    """One city from its first line on: what the protocol says once and a later tick needs again."""

    def __init__(self, city: Message) -> None:
        speed = float(city["travel"]["meters_per_minute"])
        if not 0 < speed < float("inf"):
            raise BadLine("meters_per_minute must be positive")
        self.travel = StraightTravel(speed)
        self.rules = Rules(
            pickup_min=float(city["service"]["pickup_min"]),
            dropoff_min=float(city["service"]["dropoff_min"]),
            target_min=float(city["target_min"]),
            every_min=float(city["every_min"]),
            may_hold=True,
            mixed_limit=MIXED_LIMIT if city.get("interleave") else 1,
        )
        self.places: dict[str, Place] = {
            row["id"]: (float(row["x"]), float(row["y"])) for row in (*city["restaurants"], *city["couriers"])
        }
        self.shifts = {row["id"]: (float(row["on"]), float(row["off"])) for row in city["couriers"]}
        self.pay_per_order, self.pay_per_hour = float(city["pay"]["per_order"]), float(city["pay"]["per_hour"])
        self.carried: dict[str, set[str]] = {name: set() for name in self.shifts}
        self.known: dict[str, Demand] = {}
        self.pull: Counter[Place] = Counter()
        self.chains: Chains = {}
        self.kitchens = Kitchens()

    def decide(self, tick: Message) -> Message:
        """The new stops of each courier whose plan changes. Raises what a malformed tick raises."""
        now = float(tick["t"])
        self._watch_kitchens(now, tick["orders"])
        orders = [self._demand(row, now) for row in tick["orders"]]
        plans = {row["id"]: row["plan"] for row in tick["couriers"]}
        deliverers = [self._deliverer(row) for row in tick["couriers"]]
        deliverers += [
            Deliverer(id=name, at=self.places[name], free_at=on, off_at=off)
            for name, (on, off) in self.shifts.items()
            if name not in plans and now < on <= now + SOON_MIN
        ]
        answer = plan(
            Problem(
                now=now,
                rules=self.rules,
                travel=self.travel,
                orders=tuple(orders),
                deliverers=tuple(deliverers),
                pull=self.pull,
                previous=self.chains,
            )
        )
        self.chains = answer.chains
        going = {row["id"]: row["plan"][:1] for row in tick["couriers"] if row["heading"] and "go" in row["plan"][0]}
        wanted = {
            name: going.get(name, []) + [_as_message(stop) for stop in answer.routes.get(name, ())]
            for name in answer.routes.keys() | going.keys()
        }
        for name, restaurant in answer.holds.items():
            if going.get(name) != [{"go": restaurant}]:
                wanted[name] = wanted.get(name, []) + [{"go": restaurant}]
        changed = {name: wanted.pop(name, []) for name, stops in plans.items() if wanted.get(name, []) != stops}
        return {**changed, **{name: stops for name, stops in wanted.items() if name not in plans}}

    def _watch_kitchens(self, now: float, rows: list[Message]) -> None:
        """Learns what became of estimates; an order that is gone was ready, and picked up since the last tick."""
        cooking = {row["id"]: row for row in rows if not row["is_ready"]}
        for row in rows:
            if row["is_ready"]:
                self.kitchens.see_ready(row["id"], after=float(row["ready"]), before=float(row["ready"]))
        for order in self.kitchens.cooking:
            if order not in cooking:
                self.kitchens.see_ready(order, after=now - self.rules.every_min, before=now)
        for name, row in cooking.items():
            told_at, placed_at = float(row["ready"]), float(row["placed"])
            self.kitchens.hear(name, restaurant=row["restaurant"], placed_at=placed_at, told_at=told_at)

    def _demand(self, row: Message, now: float) -> Demand:
        perhaps_at = () if row["is_ready"] else self.kitchens.perhaps_at(row["id"], now)
        demand = Demand(
            order=row["id"],
            restaurant=row["restaurant"],
            pickup=self.places[row["restaurant"]],
            dropoff=(float(row["x"]), float(row["y"])),
            placed_at=float(row["placed"]),
            ready_at=math.fsum(perhaps_at) / len(perhaps_at) if perhaps_at else float(row["ready"]),
            perhaps_at=perhaps_at,
        )
        if demand.order not in self.known:
            self.pull[demand.pickup] += 1
            self.places[demand.order] = demand.dropoff
        self.known[demand.order] = demand
        return demand

    def _deliverer(self, row: Message) -> Deliverer:
        """The referee's courier: `free_at` becomes the arrival of a begun leg, what is begun is locked."""
        stops: list[Message] = row["plan"]
        begun = bool(stops and "pickup" in stops[0] and (row["heading"] or row["waiting"]))
        trip = [self._stop(stop) for stop in self._trip(stops, row["carrying"], begun=begun)]
        fixed = 1 if begun or row["heading"] else 0
        if self.rules.mixed_limit == 1:
            fixed = len(trip)
        self.carried[row["id"]].update(row["carrying"])
        deliverer = Deliverer(
            id=row["id"],
            at=self.places[row["heading"] or row["at"]],
            free_at=float(row["free_at"]) - (self.rules.pickup_min / 2 if row["waiting"] else 0.0),
            off_at=self.shifts[row["id"]][1],
            locked=tuple(trip[:fixed]),
            flexible=tuple(trip[fixed:]),
            pay_share=self._pay_share(row["id"]),
            amendable=begun and (self.rules.mixed_limit > 1 or not row["carrying"]),
        )
        if not deliverer.is_sound:
            raise BadLine(f"courier {row['id']} has a place or a time that is no finite number")
        return deliverer

    def _pay_share(self, name: str) -> float:
        on, off = self.shifts[name]
        guaranteed = self.pay_per_hour * (off - on) / 60
        return self.pay_per_order * len(self.carried[name]) / guaranteed if guaranteed > 0 else 1.0

    def _trip(self, stops: list[Message], carrying: list[str], *, begun: bool) -> Iterator[Message]:
        """The stops that are hers already: of a trip under way all until her hands are empty."""
        on_board = set(carrying)
        for number, stop in enumerate(stops):
            if not on_board and not (begun and number == 0):
                return
            on_board ^= {*stop["orders"]} if "pickup" in stop else {stop["dropoff"]}
            yield stop

    def _stop(self, stop: Message) -> Stop:
        if "dropoff" in stop:
            return dropoff_of(self.known[stop["dropoff"]])
        return pickup_of([self.known[order] for order in stop["orders"]])


def _as_message(stop: Stop) -> Message:
    if isinstance(stop, Pickup):
        return {"pickup": stop.restaurant, "orders": list(stop.orders)}
    return {"dropoff": stop.order}
