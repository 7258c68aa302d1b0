"""What happens outside the platform: what the kitchen really needs, and bags that change hands at the counter."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from delivery.demo.line import Errors
from delivery.demo.replay.clock import DayClock
from delivery.demo.replay.instance import Demand, Instance


@dataclass
class Fate:
    """What one order's people saw with their own eyes; minutes of the day."""

    demand: Demand
    order_id: str = ""
    placed_min: float | None = None
    was_accepted: bool = False
    delivered_min: float | None = None
    bagged_min: float = 0.0
    is_bagged: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def bag(self) -> float:
        """Wait at the counter; returns since when the bag stands there."""
        await self.is_bagged.wait()
        return self.bagged_min


@dataclass
class Script:
    """Shared by all actors of one replay. Orders are known by the note that the customer wrote."""

    instance: Instance
    clock: DayClock
    errors: Errors
    fates: dict[str, Fate]

    @classmethod
    def of(cls, instance: Instance, clock: DayClock) -> "Script":
        return cls(instance, clock, Errors(), {d.place.id: Fate(d) for d in instance.orders})

    def fate_of_order(self, order_id: str) -> Fate | None:
        """The fate of the order that its customer knows by `order_id`."""
        return next((fate for fate in self.fates.values() if fate.order_id == order_id), None)

    def fate_of(self, row: dict[str, Any]) -> Fate | None:
        """The fate of the order that a row shows, by its note."""
        return self.fates.get(str(row.get("note", "")))

    def all_over(self) -> bool:
        return all(fate.is_over.is_set() for fate in self.fates.values())
