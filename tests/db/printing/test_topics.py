"""What the screens of a kitchen are told about paper: each row whole, newest version, gone when it is over."""

from typing import Any

import pytest

from delivery.ground.registry import wired
from printing.models import PrintJob
from printing.services import jobs
from printing.services.printers import pause_printer
from printing.services.watch import watch_jobs
from printing.simulator import Timing
from printing.topics import kitchen_tickets
from tests.db.printing.facts import facts_about
from tests.db.printing.kitchen import Kitchen, kitchen, time_passes

pytestmark = pytest.mark.django_db(transaction=True)


class Screen:
    """Applies rows as a screen does: an older version never replaces a newer one."""

    def __init__(self, place: Kitchen) -> None:
        self._place = place
        self._seen: dict[str, tuple[int, Any]] = {}

    def follow(self, aggregate: Any, *kinds: str) -> None:
        """Take in what the newest fact about something, or those of a kind, show on the topic of this kitchen."""
        for fact in facts_about(aggregate, *kinds):
            for projection in wired.topics[type(fact.event)]:
                for row in projection([fact]):
                    if row.topic == f"kitchen.{self._place.shop.public_id}" and row.entity.startswith("ticket:"):
                        assert row.version > self._seen.get(row.entity, (0, None))[0], "a screen would drop it"
                        self._seen[row.entity] = row.version, row.payload

    @property
    def shown(self) -> list[dict[str, Any]]:
        return [payload for _, payload in self._seen.values() if payload is not None]

    def equals_the_snapshot(self) -> bool:
        snapshot = {row.entity: (row.version, row.payload) for row in kitchen_tickets(str(self._place.shop.public_id))}
        return snapshot == {entity: seen for entity, seen in self._seen.items() if seen[1] is not None}


def test_a_screen_follows_a_ticket_from_the_queue_to_paper() -> None:
    with kitchen(faults={"oven": ["paper_out"]}) as place:
        screen, printer = Screen(place), place.printers["oven"]
        order = place.cook()
        screen.follow(order)
        (row,) = screen.shown
        assert (row["state"], row["order"], row["printer"], row["printer_state"], row["overdue"]) == (
            "queued",
            str(order.public_id),
            "Oven",
            "unknown",
            False,
        )
        place.work()
        screen.follow(printer)
        assert [(row["state"], row["reason"], row["printer_state"]) for row in screen.shown] == [
            ("blocked", "paper", "paper")
        ]
        time_passes(21)
        watch_jobs()
        screen.follow(printer)
        assert screen.shown[0]["overdue"]
        pause_printer(printer=printer, by="tests")
        screen.follow(printer)
        assert screen.shown[0]["printer_state"] == "paused"
        assert screen.equals_the_snapshot()


def test_a_copy_takes_the_place_of_what_it_copies_and_all_go_with_the_order() -> None:
    with kitchen(faults={"oven": ["late"]}, timing=Timing(late_s=60)) as place:
        screen, printer = Screen(place), place.printers["oven"]
        order = place.cook()
        screen.follow(order)
        place.work()
        screen.follow(printer)
        assert [row["state"] for row in screen.shown] == ["unconfirmed"]
        time_passes(11)
        place.simulators["oven"].clear()
        place.work()
        screen.follow(printer, "TicketCopied")
        assert [row["marks"] for row in screen.shown] == [["POSSIBLE DUPLICATE"]]
        copy = PrintJob.objects.get(supersedes__isnull=False)
        assert (copy.state, kitchen_tickets(str(place.shop.public_id))[0].entity) == (
            "printed",
            f"ticket:{copy.public_id}",
        )
        place.cancel(order)
        place.work()
        assert kitchen_tickets(str(place.shop.public_id)) == []


def test_a_ticket_called_off_under_its_lease_leaves_the_screen() -> None:
    with kitchen() as place:
        screen, printer = Screen(place), place.printers["oven"]
        order = place.cook()
        screen.follow(order)
        taken = jobs.take_next(printer_id=printer.pk, owner="tests")
        assert taken is not None
        place.cancel(order)
        assert place.states(order) == ["queued"], "a worker holds it"
        jobs.call_off(taken=taken, why=jobs.OrderCancelled())
        screen.follow(printer)
        assert screen.shown == []
