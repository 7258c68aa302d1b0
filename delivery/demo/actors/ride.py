"""What a deliverer does outside: rides to a stop along the streets, serves there, waits for the bag, says where."""

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from delivery.demo.actors.roads import Way
from delivery.demo.actors.world import Town
from delivery.demo.line import Line
from delivery.ground.geo import Point

POSITION_EVERY_S, IDLE_POSITION_EVERY_S = 4.0, 30.0  # real: a phone is a phone
TUNNEL, TUNNEL_MIN = 0.3, 1.5  # chance on a leg; city minutes in which nothing is heard
WAITS_FOR_BAG_MIN = 20.0  # then somebody at the counter finds it


@dataclass
class Ride:
    town: Town
    line: Line
    vehicle: str
    has_tunnels: bool
    chance: random.Random
    at: Point
    dark_until: float = 0.0  # real seconds
    _leg: tuple[str, Way, float] | None = None  # stop, way, set out at
    _served: dict[str, float] = field(default_factory=dict)  # stop -> when we arrived, real seconds
    _said_at: float = 0.0

    def rest(self) -> None:
        """No way is begun: whoever rode in between, the next one begins here."""
        self._leg = None

    async def go_on(self, stop: dict[str, Any]) -> bool:
        """One more moment of the way, of the service, or of waiting for the bag; whether the visit is over."""
        now, order_id = time.monotonic(), str(stop["order"]["id"])
        if self._leg is None or self._leg[0] != stop["id"]:
            self._set_out(stop, now)
        assert self._leg is not None
        _, way, began = self._leg
        gone_min = (now - began) / self.town.seconds(1.0)
        self.at = way.after(gone_min)
        if gone_min < way.minutes:
            await self.say_where(POSITION_EVERY_S)
            return False
        if stop["id"] not in self._served:
            if stop["status"] == "pending":
                await self.line.post(f"/stops/{stop['id']}/arrive")
            self._served = {stop["id"]: now}
        waited_min = (now - self._served[stop["id"]]) / self.town.seconds(1.0)
        has_bag = stop["kind"] == "dropoff" or self.town.bag(order_id).is_set() or waited_min > WAITS_FOR_BAG_MIN
        if waited_min < self.town.service_min or not has_bag:
            await self.say_where(IDLE_POSITION_EVERY_S)
            return False
        await self.line.post(f"/stops/{stop['id']}/complete")
        self.town.forget(order_id)
        return True

    async def say_where(self, every_s: float = 0.0) -> None:
        """Report the place, unless that was done less than `every_s` ago."""
        if time.monotonic() - self._said_at < every_s:
            return
        self._said_at = time.monotonic()
        at = datetime.now(UTC).isoformat()
        await self.line.post("/positions", {"lat": self.at.lat, "lon": self.at.lon, "at": at})

    def _set_out(self, stop: dict[str, Any], now: float) -> None:
        to, pace = Point(stop["lat"], stop["lon"]), self.town.meters_per_minute
        way = self.town.roads.way(self.at, to, vehicle=self.vehicle, meters_per_minute=pace)
        self._leg = (stop["id"], way, now)
        if self.has_tunnels and self.chance.random() < TUNNEL:
            self.dark_until = now + self.town.seconds(TUNNEL_MIN)
