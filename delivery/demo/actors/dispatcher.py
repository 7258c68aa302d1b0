"""A dispatcher: takes each alarm after a moment, gives stuck orders to whoever is free, closes what is over."""

import asyncio
import random
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from delivery.demo.actors.cast import Desk
from delivery.demo.actors.world import Town
from delivery.demo.line import Line, Refused
from delivery.ground.geo import Point, distance_m

TAKES_AFTER_S = (3.0, 8.0)  # real
LOOKS_EVERY_S = 15.0
CLOSES = {"stop_failed": "customer_called", "wrong_pins": "customer_called"}  # what no fact answers by itself


@dataclass
class Dispatcher:
    key: str
    town: Town
    desk: Desk
    line: Line
    chance: random.Random
    _rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    async def live(self) -> None:
        self._rows.clear()
        self._known.clear()
        async with asyncio.TaskGroup() as shift, aclosing(self.line.follow(f"city.{self.town.public_id}")) as rows:
            async for row in rows:
                entity = str(row["entity"])
                if row.get("gone"):
                    self._rows.pop(entity, None)
                    self._known.discard(entity)
                    continue
                if entity.partition(":")[0] in ("alarm", "order", "route", "deliverer"):
                    self._rows[entity] = row
                if row.get("status") == "ready" and entity.startswith("order:"):
                    self.town.bag(entity.partition(":")[2]).set()  # also where nobody simulated is left to say so
                if entity.startswith("alarm:") and entity not in self._known:
                    self._known.add(entity)
                    self.town.diary.note(f"alarm {row['kind']}")
                    shift.create_task(self._look_after(entity))

    async def _look_after(self, entity: str) -> None:
        """From its opening until it is closed, by a fact or by us."""
        await asyncio.sleep(self.chance.uniform(*TAKES_AFTER_S))
        while (alarm := self._rows.get(entity)) is not None:
            try:
                await self._act(alarm)
            except Refused as refusal:  # taken or closed by somebody else, or nobody is free
                self.town.diary.refused("dispatcher", refusal.code)
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _act(self, alarm: dict[str, Any]) -> None:
        if alarm["owner"] is None and not alarm["snoozed_until"]:
            await self.line.post(f"/alarms/{alarm['id']}/take")
        elif alarm["owner_id"] != self.desk.account:
            return
        elif alarm["kind"] == "order_without_deliverer" and not self.town.is_on_strike:
            await self._assign(alarm["subject"].partition(":")[2])
        elif alarm["kind"] in CLOSES:
            await self.line.post(f"/alarms/{alarm['id']}/close", {"reason": CLOSES[alarm["kind"]]})

    async def _assign(self, order_id: str) -> None:
        """To the nearest who carries nothing."""
        order = self._rows.get(f"order:{order_id}")
        busy = {row["deliverer"] or row["offered_to"] for row in self._of("route")}
        places = (await self.line.get(f"/cities/{self.town.public_id}/positions"))["positions"]
        free = [place for place in places if place["deliverer"] not in busy]
        if order is None or not free:
            return
        shop = Point(order["shop_lat"], order["shop_lon"])
        nearest = min(free, key=lambda place: distance_m(shop, Point(place["lat"], place["lon"])))
        await self.line.post(f"/orders/{order_id}/assign", {"deliverer": nearest["deliverer"]})

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [row for entity, row in self._rows.items() if entity.startswith(f"{kind}:")]
