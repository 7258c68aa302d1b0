"""A deliverer: starts the shift, accepts what is offered, rides as fast as the benchmark says, and goes home."""

import asyncio
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from delivery.demo.line import Line, Refused
from delivery.demo.replay.clock import travel_min
from delivery.demo.replay.instance import Duty
from delivery.demo.replay.script import Script
from delivery.ground.geo import Plane, Point

SAME_PLACE_M = 1.0


@dataclass
class Deliverer:
    script: Script
    duty: Duty
    deliverer_id: str
    line: Line
    plane: Plane
    _at: tuple[float, float] = (0.0, 0.0)
    _counter: tuple[float, float] | None = None
    _free_min: float = 0.0  # when the next leg may start
    _answered: set[str] = field(default_factory=set)
    _ridden: set[str] = field(default_factory=set)
    _riding: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def live(self) -> None:
        clock = self.script.clock
        await clock.until(self.duty.on_min)
        self._at = (self.duty.place.x_m, self.duty.place.y_m)
        await self.line.post("/shifts/start")
        await self._report_position()
        async with asyncio.TaskGroup() as day:
            watch = day.create_task(self._watch())
            await clock.until(self.duty.off_min)
            await self._go_home()
            watch.cancel()

    async def _watch(self) -> None:
        async with asyncio.TaskGroup() as acts:
            async for row in self.line.follow(f"deliverer.{self.deliverer_id}"):
                kind, _, thing = str(row["entity"]).partition(":")
                if row.get("gone"):
                    continue
                if kind == "offer" and row["status"] == "open" and thing not in self._answered:
                    self._answered.add(thing)
                    acts.create_task(self._accept(thing))
                if kind == "route" and row["status"] == "assigned" and thing not in self._ridden:
                    self._ridden.add(thing)
                    acts.create_task(self._ride(row))

    async def _accept(self, offer_id: str) -> None:
        try:
            await self.line.post(f"/offers/{offer_id}/accept")
        except Refused as refusal:
            if refusal.status != 409:  # expired or withdrawn meanwhile: another offer will come
                self.script.errors.add(f"deliverer {self.duty.place.id}, offer: {refusal}")

    async def _ride(self, route: dict[str, Any]) -> None:
        async with self._riding:
            self._free_min = max(self._free_min, self.script.clock.minute())
            for stop in route["stops"]:
                if stop["status"] in ("pending", "arrived"):
                    await self._visit(stop)

    async def _visit(self, stop: dict[str, Any]) -> None:
        """Ride there, do it between the halves of the service; a counter serves once, however many bags it hands.

        Bags and bicycles keep their own time: the answer to a button delays no leg.
        """
        clock, instance = self.script.clock, self.script.instance
        there = self.plane.to_xy(Point(stop["lat"], stop["lon"]))
        is_pickup = stop["kind"] == "pickup"
        is_same_counter = is_pickup and self._counter is not None and math.dist(self._counter, there) < SAME_PLACE_M
        service = instance.pickup_service_min if is_pickup else instance.dropoff_service_min
        half = 0.0 if is_same_counter else service / 2
        handed_min = self._free_min + travel_min(self._at, there, instance.meters_per_minute) + half
        await clock.until(handed_min - half)
        self._at, self._counter = there, there if is_pickup else None
        fate = self.script.fate_of_order(str(stop["order"]["id"]))
        try:
            await self._report_position()
            await self.line.post(f"/stops/{stop['id']}/arrive")
            await clock.until(handed_min)
            if is_pickup and fate is not None:
                handed_min = max(handed_min, await fate.bag())
            await self.line.post(f"/stops/{stop['id']}/complete")
        except Refused as refusal:
            self.script.errors.add(f"deliverer {self.duty.place.id}, {stop['kind']}: {refusal}")
        else:
            if not is_pickup and fate is not None:
                fate.delivered_min = handed_min
        self._free_min = handed_min + half
        await clock.until(self._free_min)
        await self._report_position()

    async def _report_position(self) -> None:
        point = self.plane.to_point(*self._at)
        at = datetime.now(UTC).isoformat()
        await self.line.post("/positions", {"lat": point.lat, "lon": point.lon, "at": at})

    async def _go_home(self) -> None:
        """End the shift as soon as no route is under way."""
        while True:
            async with self._riding:
                try:
                    await self.line.post("/shifts/end")
                except Refused as refusal:
                    if refusal.status != 409:
                        raise
                else:
                    return
            await self.script.clock.pass_by(1)
