"""A small referee of our own: plays one instance minute by minute against an engine and asserts every rule.

It speaks the protocol of `dispatch.engine.protocol` and shares no code with the engine or the public referee, so
it runs where the public data is absent. Plain mode only: whole minutes, no pickup while carrying.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Message = dict[str, Any]
Ask = Callable[[Message], Message]
SERVICE, HALF = 4, 2


@dataclass
class Courier:
    id: str
    on: int
    off: int
    at: str
    free_at: int
    heading: str | None = None
    waiting: bool = False
    carrying: list[str] = field(default_factory=list)
    plan: list[Message] = field(default_factory=list)

    def view(self) -> Message:
        keys = ("id", "at", "free_at", "heading", "waiting", "carrying", "plan")
        return json.loads(json.dumps({key: getattr(self, key) for key in keys}))  # type: ignore[no-any-return]


class Day:
    """One instance being played; `dropped_at` and `picked_at` hold the result."""

    def __init__(self, folder: Path) -> None:
        table = {
            path.name: [line.split("\t") for line in path.read_text().splitlines()[1:]] for path in folder.iterdir()
        }
        self.meters_per_minute = float(table["instance_parameters.txt"][0][0])
        self.restaurants = [row[0] for row in table["restaurants.txt"]]
        self.orders: dict[str, Message] = {
            name: {"id": name, "restaurant": shop, "placed": int(placed), "ready": int(ready)}
            for name, _, _, placed, shop, ready in table["orders.txt"]
        }
        self.places = {
            row[0]: (float(row[1]), float(row[2]))
            for name in ("orders.txt", "couriers.txt", "restaurants.txt")
            for row in table[name]
        }
        self.couriers = [
            Courier(name, int(on), int(off), name, int(on)) for name, _, _, on, off in table["couriers.txt"]
        ]
        self.picked_at: dict[str, int] = {}
        self.dropped_at: dict[str, int] = {}

    def play(self, ask: Ask) -> None:
        """Asks the engine each minute until an hour after the last shift; AssertionError at the first broken rule."""
        assert ask(self._city()) == {"type": "ready"}
        for now in range(max(courier.off for courier in self.couriers) + 60):
            known = [order for order in self.orders.values() if order["placed"] <= now]
            views = [self._order_view(order, now) for order in known if order["id"] not in self.picked_at]
            shown = [courier.view() for courier in self.couriers if courier.on <= now + 1]
            answer = ask({"type": "tick", "t": now, "orders": views, "couriers": shown})
            assert answer["type"] == "plans"
            self._accept(answer["plans"], {order["id"] for order in views})
            for courier in self.couriers:
                self._advance(courier, now)

    def click_to_door(self) -> list[int]:
        return [at - self.orders[name]["placed"] for name, at in self.dropped_at.items()]

    def _city(self) -> Message:
        return {
            "type": "city",
            "travel": {"meters_per_minute": self.meters_per_minute},
            "service": {"pickup_min": SERVICE, "dropoff_min": SERVICE},
            "target_min": 40,
            "pay": {"per_order": 10, "per_hour": 15},
            "every_min": 1,
            "restaurants": [self._placed(name) for name in self.restaurants],
            "couriers": [{**self._placed(each.id), "on": each.on, "off": each.off} for each in self.couriers],
        }

    def _placed(self, name: str) -> Message:
        return {"id": name, "x": self.places[name][0], "y": self.places[name][1]}

    def _order_view(self, order: Message, now: int) -> Message:
        return {**order, **self._placed(order["id"]), "is_ready": order["ready"] <= now}

    def _minutes(self, origin: str, destination: str) -> int:
        return math.ceil(math.dist(self.places[origin], self.places[destination]) / self.meters_per_minute)

    def _accept(self, plans: dict[str, list[Message]], waiting: set[str]) -> None:
        for courier in self.couriers:
            if courier.id in plans:
                self._check(courier, plans[courier.id], waiting)
                courier.plan = plans[courier.id]
        planned = [order for courier in self.couriers for stop in courier.plan for order in stop.get("orders", [])]
        assert len(planned) == len(set(planned)), "an order has two couriers"

    def _check(self, courier: Courier, stops: list[Message], waiting: set[str]) -> None:
        if courier.heading or courier.waiting:
            assert stops, "a begun leg was cancelled"
            assert self._place(stops[0]) == (courier.heading or courier.at), "a begun leg was diverted"
        held = list(courier.carrying)
        for stop in stops:
            if "pickup" in stop:
                assert not held, "a pickup while carrying"
                assert stop["orders"], "a pickup of nothing"
                assert set(stop["orders"]) <= waiting, "an order that is not there"
                assert {self.orders[name]["restaurant"] for name in stop["orders"]} == {stop["pickup"]}
                held = list(stop["orders"])
            else:
                held.remove(stop["dropoff"])
        assert not held, "food that is never dropped off"

    @staticmethod
    def _place(stop: Message) -> str:
        return str(stop.get("pickup") or stop["dropoff"])

    def _advance(self, courier: Courier, now: int) -> None:
        """Does what the courier does in the minute from `now`; a step may end later, `free_at` says when."""
        while courier.plan and courier.free_at <= now:
            stop = courier.plan[0]
            if courier.heading:
                courier.at, courier.heading = courier.heading, None
                courier.free_at += HALF
                courier.waiting = True
                if "dropoff" in stop:
                    self.dropped_at[stop["dropoff"]] = courier.free_at
                    courier.carrying.remove(stop["dropoff"])
                    courier.plan.pop(0)
                    courier.free_at, courier.waiting = courier.free_at + HALF, False
            elif courier.waiting:
                if any(self.orders[name]["ready"] > now for name in stop["orders"]):
                    return
                assert now <= courier.off, "a pickup after the shift"
                self.picked_at.update(dict.fromkeys(stop["orders"], now))
                courier.carrying = list(stop["orders"])
                courier.plan.pop(0)
                courier.free_at, courier.waiting = now + HALF, False
            else:
                assert now >= courier.on, "a start before the shift"
                courier.heading = self._place(stop)
                courier.free_at = now + self._minutes(courier.at, courier.heading)
