"""What the clients of a replay saw, in numbers."""

from collections import Counter
from collections.abc import Iterable
from statistics import mean, quantiles
from typing import Any

from delivery.demo.replay.customer import FINAL
from delivery.demo.replay.script import Fate, Script
from printing.simulator.sheet import Ticket

NOT_TO_COOK = frozenset(("CANCELLED", "TEST"))
STILL_WAITING = frozenset(("placed", "accepted", "preparing", "ready", "picked_up"))


def make_report(script: Script, *, shown: dict[str, str], tickets: Iterable[Ticket]) -> dict[str, Any]:
    """The JSON report of SURFACES.

    Args:
        shown: order of the day -> the status its customer is shown at the end, "" for none.
        tickets: everything that was cut, by all printers.
    """
    placed = [fate for fate in script.fates.values() if fate.placed_min is not None and fate.order_id]
    accepted = [fate for fate in placed if fate.was_accepted]
    waits = [
        fate.delivered_min - fate.placed_min
        for fate in placed
        if fate.delivered_min is not None and fate.placed_min is not None
    ]
    lost = [fate for fate in placed if shown[fate.demand.place.id] not in FINAL | STILL_WAITING]
    delivered = [fate for fate in placed if shown[fate.demand.place.id] == "delivered"]
    unmarked = _unmarked_copies(tickets, placed)
    return {
        "instance": script.instance.name,
        "orders": len(script.fates),
        "placed": len(placed),
        "accepted": len(accepted),
        "delivered": len(delivered),
        "undelivered": len(script.fates) - len(delivered),
        "lost": len(lost),
        "tickets_due": len(accepted),  # each restaurant of a replay has one station
        "tickets_on_paper": len(unmarked),
        "duplicate_tickets_unmarked": sum(count - 1 for count in unmarked.values() if count > 1),
        "click_to_door_mean_min": round(mean(waits), 2) if waits else None,
        "click_to_door_p90_min": round(quantiles(waits, n=10)[-1], 2) if len(waits) > 1 else None,
        "errors": script.errors.lines,
    }


def _unmarked_copies(tickets: Iterable[Ticket], placed: list[Fate]) -> dict[str, int]:
    """Each order with paper to cook from -> how many of its tickets look like the first; 0 when all say copy."""
    names = {fate.demand.place.id for fate in placed}
    unmarked: Counter[str] = Counter()
    for ticket in tickets:
        if NOT_TO_COOK.isdisjoint(ticket.marks):
            unmarked.update(dict.fromkeys(names & set(ticket.text.split()), 0 if ticket.marks else 1))
    return dict(unmarked)
