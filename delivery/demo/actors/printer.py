"""A printer on its port. A thirsty one runs out of paper now and then, until somebody has changed the roll."""

import asyncio
import random
from dataclasses import dataclass

from delivery.demo.actors.world import Town
from printing.simulator import Simulator

LOOK_S = 1.0
ROLL = (25, 60)  # tickets
CHANGES_ROLL_S = (3.0, 6.0)  # real, well below the time that a ticket has


@dataclass
class Printer:
    key: str
    town: Town
    shop_id: str
    simulator: Simulator
    mood: str
    chance: random.Random
    is_empty: bool = False  # somebody took the paper on purpose

    async def live(self) -> None:
        async with self.simulator:
            left = self.chance.randint(*ROLL)
            while True:
                await asyncio.sleep(LOOK_S)
                cut = self.simulator.take_tickets()
                self.town.diary.counts["tickets"] += len(cut)
                left -= len(cut)
                if self.mood == "thirsty" and left <= 0:
                    await self._change_roll()
                    left = self.chance.randint(*ROLL)

    async def _change_roll(self) -> None:
        self.simulator.set_fault("paper_out")
        await asyncio.sleep(self.chance.uniform(*CHANGES_ROLL_S))
        if not self.is_empty:
            self.simulator.clear()

    def set_paper(self, *, is_there: bool) -> None:
        """Somebody takes the roll away, or brings a new one."""
        self.is_empty = not is_there
        if is_there:
            self.simulator.clear()
        else:
            self.simulator.set_fault("paper_out")
