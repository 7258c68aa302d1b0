"""A lobby: its bell rings, somebody looks up, and answers. In the language of the trade: takes it or not.

Moods: a strict one refuses more, a forgetful one lets customers wait nearly as long as it may.
"""

import asyncio
import random
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from delivery.demo.actors.cast import Shop
from delivery.demo.actors.screen import Screen
from delivery.demo.actors.world import Town
from delivery.demo.line import Line, Refused

THINKS_MIN = (0.3, 1.8)
FORGETS_SHARE = (0.45, 0.7)  # of the time that it has
REFUSES = {"prompt": 0.01, "forgetful": 0.01, "strict": 0.06}
REASONS = ("busy", "sold_out")


@dataclass
class Lobby:
    key: str
    town: Town
    shop: Shop
    line: Line
    screen: Screen
    mood: str
    chance: random.Random
    _known: set[str] = field(default_factory=set)

    @property
    def shop_id(self) -> str:
        return self.shop.public_id

    async def live(self) -> None:
        """Follows its screen; whatever waits when it comes (back) is answered too."""
        self._known.clear()
        async with asyncio.TaskGroup() as counter, aclosing(self.line.follow(f"kitchen.{self.shop.public_id}")) as rows:
            async for row in rows:
                kind, _, thing = str(row["entity"]).partition(":")
                if kind != "order":
                    continue
                if row.get("gone"):
                    self._known.discard(thing)
                elif row["status"] == "ready":  # pressed here, in the kitchen or by a person
                    self.town.bag(thing).set()
                elif row["status"] == "placed" and thing not in self._known:
                    self._known.add(thing)
                    counter.create_task(self._answer(row))

    async def _answer(self, row: dict[str, Any]) -> None:
        await self.screen.press(f"/lobby/orders/{row['id']}/rang/")
        left = max(0.0, self.town.minutes_until(row["accept_by"]))
        thinks = self.chance.uniform(*THINKS_MIN)
        if self.mood == "forgetful":
            thinks = left * self.chance.uniform(*FORGETS_SHARE)
        await self.town.pass_by(min(thinks, left * 0.7))
        try:
            if self.chance.random() < REFUSES[self.mood]:
                await self.line.post(f"/orders/{row['id']}/reject", {"reason": self.chance.choice(REASONS)})
            else:
                await self.line.post(f"/orders/{row['id']}/accept")
        except Refused as refusal:  # called off, or too late
            self.town.diary.refused("lobby", refusal.code)

    async def close(self, minutes: int) -> bool:
        """Take no orders for `minutes` of city time; 0 opens again. Whether the platform did it."""
        return await self.screen.press("/lobby/pause/", minutes=str(minutes))
