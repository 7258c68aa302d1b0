"""A customer: looks who delivers, fills a basket, pays, and follows the order until it is over.

Moods: an impatient one calls off what nobody answers, a generous one tips.
"""

import asyncio
import random
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from delivery.demo.actors.cast import Guest
from delivery.demo.actors.world import Town
from delivery.demo.line import Line, Refused

FINAL = frozenset(("delivered", "rejected", "expired", "cancelled", "failed"))
GIVES_UP_AFTER_MIN = 240.0
IMPATIENT_AFTER = 0.8  # of the time that the restaurant has for an answer
MOST_LINES = 4


@dataclass
class Customer:
    """One hunger of one guest."""

    town: Town
    guest: Guest
    line: Line
    mood: str
    chance: random.Random
    shop_id: str = ""  # the only one that will do; empty: any

    async def live(self) -> None:
        try:
            order_id = await self._order()
        except Refused as refusal:  # closed, sold out, too far: she eats what is in the fridge
            self.town.diary.refused("customer", refusal.code)
            return
        if order_id is None:
            return
        self.town.diary.note("placed")
        self.town.diary.waiting[order_id] = self.line
        impatience = asyncio.create_task(self._grow_impatient(order_id)) if self.mood == "impatient" else None
        try:
            async with asyncio.timeout(self.town.seconds(GIVES_UP_AFTER_MIN)):
                self.town.diary.note(await self._follow(order_id))
            self.town.diary.waiting.pop(order_id, None)
        except TimeoutError:
            self.town.diary.note("given_up")
        finally:
            if impatience is not None:
                impatience.cancel()

    async def _order(self) -> str | None:
        home = self.guest.address
        shops = (await self.line.get(f"/restaurants?lat={home['lat']}&lon={home['lon']}"))["restaurants"]
        is_open = [shop for shop in shops if shop["is_open"] and self.shop_id in ("", shop["id"])]
        if not is_open:
            return None
        # Near ones are chosen more often: the list begins with them.
        shop = is_open[min(int(self.chance.expovariate(0.2)), len(is_open) - 1)]
        menu = await self.line.get(f"/restaurants/{shop['id']}/menu")
        lines = self._choose(menu, at_least=shop["minimum_order"])
        if not lines:
            return None
        quote = await self.line.post("/quotes", {"restaurant": shop["id"], "lines": lines, "address": home})
        tip = round(quote["subtotal"] / 10, -2) if self.mood == "generous" else 0
        wish = {"quote": quote["id"], "customer": {"name": self.guest.name}, "tip": int(tip)}
        tender = "cash" if self.chance.random() < 0.2 and not tip else "card"
        return str((await self.line.post("/orders", {**wish, "tender": tender}))["id"])

    def _choose(self, menu: dict[str, Any], *, at_least: int) -> list[dict[str, Any]]:
        """Two or three dishes, and more until the order is large enough."""
        dishes = [dish for category in menu["categories"] for dish in category["products"] if not dish["is_sold_out"]]
        wanted, amount = self.chance.randint(1, 3), 0
        lines: list[dict[str, Any]] = []
        while dishes and len(lines) < MOST_LINES and (len(lines) < wanted or amount < at_least):
            dish = dishes.pop(self.chance.randrange(len(dishes)))
            is_short = len(lines) == MOST_LINES - 1 and amount < at_least
            quantity = 1 + max(0, -(-(at_least - amount) // max(1, dish["amount"])) - 1) if is_short else 1
            options = [option["id"] for group in dish["choices"] for option in group["options"][: group["fewest"]]]
            lines.append({"product": dish["id"], "quantity": min(quantity, 9), "options": options})
            amount += dish["amount"] * quantity
        return lines if amount >= at_least else []

    async def _follow(self, order_id: str) -> str:
        async with aclosing(self.line.follow(f"order.{order_id}")) as rows:
            async for row in rows:
                if row.get("status") in FINAL:
                    return str(row["status"])
        raise AssertionError("a topic is followed for ever")

    async def _grow_impatient(self, order_id: str) -> None:
        try:
            order = await self.line.get(f"/orders/{order_id}")
            await self.town.pass_by(max(0.0, self.town.minutes_until(order["accept_by"])) * IMPATIENT_AFTER)
            if (await self.line.get(f"/orders/{order_id}"))["status"] == "placed":
                await self.line.post(f"/orders/{order_id}/cancel", {"reason": "too_slow"})
        except Refused as refusal:  # somebody answered at this very moment
            self.town.diary.refused("customer", refusal.code)
