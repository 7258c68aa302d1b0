"""A customer: orders when hungry, then watches the order's own topic until it is over."""

from dataclasses import dataclass
from typing import Any

from delivery.demo.line import Line, Refused
from delivery.demo.replay.script import Fate, Script

FINAL = frozenset(("delivered", "rejected", "expired", "cancelled", "failed"))


@dataclass
class Customer:
    script: Script
    fate: Fate
    line: Line
    basket: dict[str, Any]  # the body of POST /orders

    async def live(self) -> None:
        await self.script.clock.until(self.fate.demand.placed_min)
        self.fate.placed_min = self.script.clock.minute()
        try:
            order = await self.line.post("/orders", self.basket)
        except Refused as refusal:
            self.script.errors.add(f"order {self.fate.demand.place.id} was refused: {refusal}")
            self.fate.placed_min = None
            self.fate.is_over.set()
            return
        self.fate.order_id = str(order["id"])
        async for row in self.line.follow(f"order.{self.fate.order_id}"):
            self._see(row)
            if self.fate.is_over.is_set():
                return

    def _see(self, row: dict[str, Any]) -> None:
        status = str(row.get("status", ""))
        if not status:
            return
        if status not in ("placed", "rejected", "expired"):
            self.fate.was_accepted = True
        if status in FINAL:
            self.fate.is_over.set()

    async def look(self) -> str:
        """What the platform shows this customer now: the order's status, or "" for nothing."""
        if not self.fate.order_id:
            return ""
        try:
            return str((await self.line.get(f"/orders/{self.fate.order_id}"))["status"])
        except Refused:
            return ""
