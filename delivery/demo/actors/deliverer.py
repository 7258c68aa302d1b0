"""A deliverer: works the planned shift, answers offers, and visits one stop of the route after the other.

Moods: a picky one declines now and then; out of tunnels nothing is heard for a while.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

from delivery.demo.actors.cast import Rider
from delivery.demo.actors.ride import IDLE_POSITION_EVERY_S, Ride
from delivery.demo.actors.world import Town
from delivery.demo.line import Line, Refused
from delivery.ground import clock

TICK_S, THINKS_S, AFTER_REFUSAL_S = 1.0, (2.0, 6.0), 3.0  # real
DECLINES = {"keen": 0.02, "tunnel": 0.02, "picky": 0.25}


@dataclass
class Deliverer:
    key: str
    town: Town
    rider: Rider
    line: Line
    mood: str
    chance: random.Random
    ride: Ride
    _is_home: bool = False  # known to be off shift
    _me: dict[str, Any] = field(default_factory=dict)
    _offers: dict[str, Any] = field(default_factory=dict)
    _routes: dict[str, Any] = field(default_factory=dict)

    async def live(self) -> None:
        """Looks at the phone each second and does the next thing; at home the phone is off."""
        if self._is_home and not self._is_due():
            return
        self._me, self._offers, self._routes = {}, {}, {}
        self.ride.rest()
        try:
            async with asyncio.TaskGroup() as day:
                phone = day.create_task(self._listen())
                while self._is_due() or not self._me or self._me["on_shift"]:
                    await self._act()
                    await asyncio.sleep(TICK_S)
                phone.cancel()
            self._is_home = True
        finally:
            self.town.on_duty.discard(self.key)

    def _is_due(self) -> bool:
        return self.rider.works_at(clock.now()) and not self.town.is_on_strike

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
        try:
            if not self._me or time.monotonic() < self.ride.dark_until:
                return
            if self._me["on_shift"]:
                await self._work()
            elif self._is_due():
                await self.line.post("/shifts/start")
                await self.ride.say_where()
        except Refused as refusal:  # withdrawn, called off, taken by others: the next row says what is
            self.town.diary.refused("deliverer", refusal.code)
            await asyncio.sleep(AFTER_REFUSAL_S)

    async def _work(self) -> None:
        self.town.on_duty.add(self.key)
        if self._me["offers_paused"]:
            await self.line.post("/offers/resume")
        if offer := next((each for each in self._offers.values() if each["status"] == "open"), None):
            await self._answer(offer)
        stops = [stop for route in self._routes.values() for stop in route["stops"]]
        if stop := next((each for each in stops if each["status"] in ("pending", "arrived")), None):
            if await self.ride.go_on(stop):
                stop["status"] = "done"  # the row that says so may come later than our next second
        elif not self._is_due():
            await self.line.post("/shifts/end")
        else:
            await self.ride.say_where(IDLE_POSITION_EVERY_S)

    async def _answer(self, offer: dict[str, Any]) -> None:
        await asyncio.sleep(min(self.chance.uniform(*THINKS_S), self.town.seconds(1.0) + 1.0))
        self._offers.pop(offer["id"], None)
        answer = "decline" if self.chance.random() < DECLINES[self.mood] else "accept"
        await self.line.post(f"/offers/{offer['id']}/{answer}")
