"""What the clients of a replay saw, in numbers."""

from collections import Counter
from collections.abc import Iterable
from statistics import mean, quantiles
from typing import Any

from delivery.demo.replay.customer import FINAL
from delivery.demo.replay.script import Fate, Script
from printing.simulator.sheet import Ticket

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
    intents = _intents(tickets, placed)
    return {
        "instance": script.instance.name,
        "orders": len(script.fates),
        "placed": len(placed),
        "accepted": len(accepted),
        "delivered": len(delivered),
        "undelivered": len(script.fates) - len(delivered),
        "lost": len(lost),
        "tickets_due": len(accepted),  # each restaurant of a replay has one station
        "tickets_on_paper": len(intents),
        "duplicate_tickets_unmarked": sum(unmarked - 1 for unmarked in intents.values() if unmarked > 1),
        "click_to_door_mean_min": round(mean(waits), 2) if waits else None,
        "click_to_door_p90_min": round(quantiles(waits, n=10)[-1], 2) if len(waits) > 1 else None,
        "errors": script.errors.lines,
    }


def _intents(tickets: Iterable[Ticket], placed: list[Fate]) -> Counter[str]:
    """Order of the day -> unmarked tickets on paper; an order whose only tickets are marked counts 0."""
    intents: Counter[str] = Counter()
    names = {fate.demand.place.id for fate in placed}
    for ticket in tickets:
        for name in names & set(ticket.text.split()):
            intents[name] += 0 if ticket.marks else 1
    return intents
