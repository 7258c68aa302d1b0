"""A kitchen: each station cooks its share and bumps it, and the pass puts the bag on the counter.

Moods: slow and quick ones need more or less than was said, a distracted one forgets to press "ready".
"""

import asyncio
import random
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from delivery.demo.actors.cast import Shop
from delivery.demo.actors.screen import Screen
from delivery.demo.actors.world import Town
from delivery.demo.line import Line, Refused

NEEDS = {"steady": (0.85, 1.1), "quick": (0.7, 0.95), "slow": (1.1, 1.4), "distracted": (0.9, 1.2)}  # of what was said
FORGETS = 0.5
FIRST_STATION = 0.6  # of the time, until the first of the stations is through


@dataclass
class Kitchen:
    key: str
    town: Town
    shop: Shop
    line: Line
    screen: Screen
    mood: str
    chance: random.Random
    _cooking: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def live(self) -> None:
        """Follows its rail; after a while away it goes on with what hangs there."""
        self._cooking.clear()
        async with asyncio.TaskGroup() as cooks, aclosing(self.line.follow(f"kitchen.{self.shop.public_id}")) as rows:
            async for row in rows:
                kind, _, thing = str(row["entity"]).partition(":")
                if kind != "order":
                    continue
                if row.get("gone"):
                    if task := self._cooking.pop(thing, None):
                        task.cancel()
                elif row["status"] in ("ready", "picked_up"):  # a person may have pressed it
                    self.town.bag(thing).set()
                elif row["status"] == "preparing" and thing not in self._cooking:
                    self._cooking[thing] = cooks.create_task(self._cook(row))

    async def _cook(self, row: dict[str, Any]) -> None:
        needs = max(0.0, self.town.minutes_until(row["ready_eta"])) * self.chance.uniform(*NEEDS[self.mood])
        stations = sorted(self._stations_of(row["lines"]))
        passed = 0.0
        for number, station in enumerate(stations, start=1):
            share = FIRST_STATION + (1 - FIRST_STATION) * number / len(stations)
            await self.town.pass_by(needs * share - passed)
            passed = needs * share
            await self.screen.press(f"/kitchen/orders/{row['id']}/bump/", station=station)
        await self.town.pass_by(max(0.0, needs - passed))
        self.town.bag(row["id"]).set()
        if self.mood == "distracted" and self.chance.random() < FORGETS:
            return
        try:
            await self.line.post(f"/orders/{row['id']}/ready")
        except Refused as refusal:  # called off, or a person was quicker
            self.town.diary.refused("kitchen", refusal.code)

    def _stations_of(self, lines: Iterable[dict[str, Any]]) -> set[str]:
        return {line["station"] or self.shop.first_station for line in lines}
