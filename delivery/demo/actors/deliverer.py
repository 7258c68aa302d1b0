"""A deliverer: works the planned shift, answers offers, and visits one stop of the route after the other.

Moods: a picky one declines now and then; one rides through tunnels, out of which nothing is heard for a while.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from delivery.demo.actors.cast import Rider
from delivery.demo.actors.ride import IDLE_POSITION_EVERY_S, Ride
from delivery.demo.actors.world import Town
from delivery.demo.line import Line, Refused
from delivery.ground import clock

TICK_S = 1.0  # real, as the next two
THINKS_S = (2.0, 6.0)
AFTER_REFUSAL_S = 3.0
DECLINES = {"keen": 0.02, "tunnel": 0.02, "picky": 0.25}
TO_VISIT = ("pending", "arrived")


@dataclass
class Deliverer:
    key: str
    town: Town
    rider: Rider
    line: Line
    mood: str
    chance: random.Random
    ride: Ride
    _me: dict[str, Any] = field(default_factory=dict)
    _offers: dict[str, Any] = field(default_factory=dict)
    _routes: dict[str, Any] = field(default_factory=dict)

    async def live(self) -> None:
        """Looks at the phone each second and does the next thing."""
        self._me, self._offers, self._routes = {}, {}, {}
        self.ride.rest()
        try:
            async with asyncio.TaskGroup() as day:
                day.create_task(self._listen())
                while True:
                    try:
                        await self._act()
                    except Refused as refusal:  # withdrawn, called off, taken by others: the next row says what is
                        self.town.diary.refused("deliverer", refusal.code)
                        await asyncio.sleep(AFTER_REFUSAL_S)
                    await asyncio.sleep(TICK_S)
        finally:
            self.town.on_duty.discard(self.key)

    async def _listen(self) -> None:
        kept = {"offer": self._offers, "route": self._routes}
        async for row in self.line.follow(f"deliverer.{self.rider.public_id}"):
            kind, _, thing = str(row["entity"]).partition(":")
            if kind == "deliverer":
                self._me = row
            elif row.get("gone"):
                kept[kind].pop(thing, None)
            else:
                kept[kind][thing] = row

    async def _act(self) -> None:
        if not self._me or time.monotonic() < self.ride.dark_until:
            return
        is_due = self.rider.works_at(clock.now()) and not self.town.is_on_strike
        if not self._me["on_shift"]:
            self.town.on_duty.discard(self.key)
            if is_due:
                await self.line.post("/shifts/start")
                await self.ride.say_where()
            return
        self.town.on_duty.add(self.key)
        if self._me["offers_paused"]:
            await self.line.post("/offers/resume")
        if offer := next((each for each in self._offers.values() if each["status"] == "open"), None):
            await self._answer(offer)
        if stop := next((each for each in self._stops() if each["status"] in TO_VISIT), None):
            if await self.ride.go_on(stop):
                stop["status"] = "done"  # the row that says so may come later than our next second
        elif not is_due:
            await self.line.post("/shifts/end")
        else:
            await self.ride.say_where(IDLE_POSITION_EVERY_S)

    def _stops(self) -> Iterator[dict[str, Any]]:
        return (stop for route in self._routes.values() for stop in route["stops"])

    async def _answer(self, offer: dict[str, Any]) -> None:
        await asyncio.sleep(min(self.chance.uniform(*THINKS_S), self.town.seconds(1.0) + 1.0))
        says_no = self.chance.random() < DECLINES[self.mood]
        self._offers.pop(offer["id"], None)
        await self.line.post(f"/offers/{offer['id']}/{'decline' if says_no else 'accept'}")
