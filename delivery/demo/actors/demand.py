"""How hungry a town is: by the hour of its day, by how many carry, and four times as much in a rush."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from delivery.demo.actors.cast import Guest
from delivery.demo.actors.customer import Customer
from delivery.demo.actors.moods import mood_of
from delivery.demo.actors.world import Town
from delivery.demo.line import Line

# Share of the busiest hour, from midnight on.
HOURS = (5, 4, 4, 4, 4, 4, 5, 6, 6, 6, 7, 8, 10, 10, 9, 7, 6, 6, 7, 9, 10, 10, 8, 6)
PER_DELIVERER = 1.5  # orders of an hour in the busiest one: people wait little, and deliverers are seldom idle
RUSH = 4.0
TICK_S = 0.5
MOST_PER_S = 0.3  # real: a town that lives sixty times as fast shall leave the machine to whoever watches


@dataclass
class Demand:
    key: str
    town: Town
    guests: list[Guest]
    taken: set[str]  # keys of accounts that a person uses
    lines: Callable[[str], Line]
    seed: int
    chance: random.Random
    _usual: int = 0  # how many carry when nobody strikes

    async def live(self) -> None:
        hunger, wanted, at = 0.0, 0.3, time.monotonic()
        async with asyncio.TaskGroup() as crowd:
            while True:
                while self.town.cravings:
                    crowd.create_task(self._feed_one(self.town.cravings.pop()))
                await asyncio.sleep(TICK_S)
                now = time.monotonic()
                hunger, at = hunger + self.per_s() * (now - at), now
                if hunger >= wanted and not self._is_too_much():
                    hunger, wanted = 0.0, self.chance.expovariate(1.0)
                    crowd.create_task(self._feed_one())

    def per_s(self) -> float:
        """Orders in a real second."""
        self._usual = self._usual if self.town.is_on_strike else len(self.town.on_duty)
        per_hour = PER_DELIVERER * self._usual * HOURS[self.town.hour()] / max(HOURS)
        per_s = per_hour / 3600 * self.town.timed.time_rate * (RUSH if self.town.is_rushed else 1.0)
        return min(per_s, MOST_PER_S)

    def _is_too_much(self) -> bool:
        """Whoever sees a long queue does not join it."""
        most = self._usual * (4 if self.town.is_rushed else 1.5)
        return len(self.town.ordering) >= most

    async def _feed_one(self, shop_id: str = "") -> None:
        """A guest who has nothing on the way orders, from that shop if it is named."""
        idle = [guest for guest in self.guests if guest.key not in self.town.ordering | self.taken]
        if not idle:
            return
        guest = self.chance.choice(idle)
        mood = mood_of("customer", guest.login, self.seed)
        self.town.ordering.add(guest.key)
        try:
            await Customer(self.town, guest, self.lines(guest.token), mood, self.chance, shop_id).live()
        except Exception as error:  # one who stumbles must not take the town along; the diary has it
            self.town.diary.went_wrong(f"customer: {error!r}")
        finally:
            self.town.ordering.discard(guest.key)
