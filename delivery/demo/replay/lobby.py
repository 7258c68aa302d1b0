"""A lobby: accepts each new order with the minutes the kitchen needs, and puts the bag on the counter."""

import asyncio
import math
from dataclasses import dataclass, field
from typing import Any

from delivery.demo.line import Line, Refused
from delivery.demo.replay.script import Fate, Script


@dataclass
class Lobby:
    script: Script
    restaurant_id: str
    line: Line
    _seen: set[str] = field(default_factory=set)

    async def live(self) -> None:
        async with asyncio.TaskGroup() as kitchen:
            async for row in self.line.follow(f"kitchen.{self.restaurant_id}"):
                fate = self.script.fate_of(row)
                if fate is None or row.get("status") != "placed" or row["id"] in self._seen:
                    continue
                self._seen.add(row["id"])
                kitchen.create_task(self._cook(row, fate))

    async def _cook(self, row: dict[str, Any], fate: Fate) -> None:
        clock = self.script.clock
        minutes = max(1, math.ceil(fate.demand.ready_min - clock.minute()))
        try:
            await self.line.post(f"/orders/{row['id']}/accept", {"prep_minutes": minutes})
            await clock.until(fate.demand.ready_min)
            fate.bagged_min = clock.minute()
            await self.line.post(f"/orders/{row['id']}/ready")
        except Refused as refusal:
            self.script.errors.add(f"kitchen of order {fate.demand.place.id}: {refusal}")
        fate.is_bagged.set()
