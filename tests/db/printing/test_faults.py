"""Whatever a printer does to a ticket: the state of its job, and what is on paper in the end."""

import pytest

from delivery.orders.models import Order
from printing.models import Attempt, PrintJob
from printing.services.requests import request_print
from printing.simulator import Timing
from tests.db.printing.facts import kinds_of
from tests.db.printing.kitchen import Kitchen, kitchen, time_passes

pytestmark = pytest.mark.django_db(transaction=True)

COPY = ("POSSIBLE DUPLICATE",)
QUICK = Timing(slow_s=0.1, late_s=60.0)


def job_of(order: Order) -> PrintJob:
    return PrintJob.objects.select_related("printer").get(ticket__order=order, supersedes=None)


def repair_and_go_on(place: Kitchen) -> None:
    """The fault is gone, and the worker has all the time it needs for whatever it still wants to do."""
    place.simulators["oven"].clear()
    for _ in range(4):
        time_passes(11)
        place.work()


@pytest.mark.parametrize("fault", ["slow", "twice"])
def test_a_printer_that_is_slow_or_says_it_twice_prints_once(fault: str) -> None:
    with kitchen(faults={"oven": [fault]}, timing=QUICK) as place:
        order = place.cook()
        place.work()
        assert (place.states(order), place.paper()) == (["printed"], [()])
        repair_and_go_on(place)
        assert place.paper() == [()]


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        ("offline", "offline", "offline"),
        ("paper_out", "paper", "paper"),
        ("cover", "cover", "cover"),
        ("silent", "offline", "silent"),
        ("one_way", "offline", "silent"),
    ],
)
def test_a_blocked_printer_gets_nothing_and_prints_once_when_it_recovers(fault: str, state: str, reason: str) -> None:
    with kitchen(faults={"oven": [fault]}) as place:
        order = place.cook()
        assert place.work() == 1
        job = job_of(order)
        assert (job.state, job.state_reason, job.printer.state) == ("blocked", reason, state)
        assert not Attempt.objects.filter(started_sending_at__isnull=False).exists()
        assert place.work() == 0, "it rests before it is asked again"
        repair_and_go_on(place)
        assert (place.states(order), place.paper()) == (["printed"], [()])
        assert kinds_of(job.printer) == [
            "PrinterRegistered",
            "PrinterStateChanged",
            "TicketPrinted",
            "PrinterStateChanged",
        ]


@pytest.mark.parametrize("fault", ["late", "wrong_id"])
def test_a_ticket_without_confirmation_is_copied_once_and_marked(fault: str) -> None:
    with kitchen(faults={"oven": [fault]}, timing=QUICK) as place:
        order = place.cook()
        place.work()
        assert place.states(order) == ["unconfirmed"]
        time_passes(5)
        place.work()
        assert place.states(order) == ["unconfirmed"], "late word gets ten seconds"
        for _ in range(4):
            time_passes(11)
            place.work()
        # The copy is in doubt too; a third ticket would help nobody: the alarm calls a person.
        assert place.states(order) == ["superseded", "unconfirmed"]
        assert place.paper() == [(), COPY]
        assert "TicketCopied" in kinds_of(job_of(order).printer)


def test_half_a_ticket_is_cut_off_before_the_marked_copy() -> None:
    with kitchen(faults={"oven": ["cut_off"]}) as place:
        order = place.cook("margherita", "regina")
        place.work()
        assert place.states(order) == ["unconfirmed"]
        repair_and_go_on(place)
        assert place.states(order) == ["superseded", "printed"]
        half, whole = place.simulators["oven"].tickets
        assert ("regina" in half.text, "regina" in whole.text) == (False, True)
        assert (half.marks, whole.marks) == ((), COPY)


def test_a_printer_that_can_say_nothing_is_believed() -> None:
    with kitchen(faults={"oven": ["one_way"]}) as place:
        printer = place.printers["oven"]
        printer.answers = 1
        printer.save(update_fields=["answers"])
        order = place.cook()
        place.work()
        assert (place.states(order), job_of(order).level) == (["assumed"], 1)
        repair_and_go_on(place)
        assert place.paper() == [()]


def test_a_printer_that_is_not_there_is_asked_less_often_and_forgotten_by_no_one() -> None:
    with kitchen("oven", "bar") as place:
        printer = place.printers["bar"]
        printer.port = 1
        printer.save(update_fields=["port"])
        order = place.cook("cola")
        for tries in range(1, 4):
            assert place.work("bar") == 1
            printer.refresh_from_db()
            assert printer.failures == tries
            time_passes(2)
        assert place.work("bar") == 0, "the breaker is open"
        time_passes(4)
        printer.port = place.simulators["bar"].port
        printer.save(update_fields=["port"])
        assert place.work("bar") == 1
        assert (place.states(order), place.paper("bar")) == (["printed"], [()])
        printer.refresh_from_db()
        assert (printer.failures, printer.state) == (0, "ready")


def test_a_printer_that_moved_out_of_the_networks_is_not_contacted() -> None:
    with kitchen() as place:
        printer = place.printers["oven"]
        printer.host = "169.254.169.254"
        printer.save(update_fields=["host"])
        order = place.cook()
        place.work()
        assert (job_of(order).state, job_of(order).state_reason) == ("blocked", "unreachable")
        assert "outside the networks" in Attempt.objects.get().detail


def test_a_ticket_that_cannot_be_rendered_keeps_no_other_from_its_paper() -> None:
    with kitchen() as place:
        broken, fine = place.cook(), place.cook()
        ticket = job_of(broken).ticket
        whole, ticket.content = ticket.content, {"of": "another version"}
        ticket.save(update_fields=["content"])
        place.work()
        assert (place.states(broken), place.states(fine), place.paper()) == (["blocked"], ["printed"], [()])
        ticket.content = whole
        ticket.save(update_fields=["content"])
        time_passes(31)
        place.work()
        assert (place.states(broken), place.paper()) == (["printed"], [(), ()])


def test_what_is_stuck_goes_to_the_backup_and_says_so() -> None:
    with kitchen("oven", "backup", faults={"oven": ["paper_out"]}) as place:
        order = place.cook()
        place.work("oven")
        time_passes(20)
        place.work("oven", "backup")
        assert place.paper("backup") == [], "the cook may be changing the roll"
        time_passes(11)
        place.work("oven", "backup")
        assert (place.states(order), place.paper("backup")) == (["printed"], [("REROUTED",)])
        assert "REROUTED FROM OVEN" in place.simulators["backup"].tickets[0].text.upper()
        repair_and_go_on(place)
        assert place.paper("oven") == []


def test_a_copy_leaves_a_printer_that_cannot_print() -> None:
    with kitchen("oven", "backup", faults={"oven": ["late"]}, timing=QUICK) as place:
        order = place.cook()
        place.work("oven")
        place.simulators["oven"].set_fault("cover")
        second = place.cook()
        time_passes(2)
        place.work("oven")
        assert place.states(second) == ["blocked"]
        time_passes(11)
        place.work("oven", "backup")
        assert place.states(order) == ["superseded", "printed"]
        assert place.paper("backup") == [("POSSIBLE DUPLICATE", "REROUTED")]


def test_a_copy_waits_for_what_a_recovered_printer_still_holds() -> None:
    with kitchen(faults={"oven": ["paper_out@2"]}) as place:
        content = [{"type": "text", "text": "one"}, {"type": "cut"}, {"type": "text", "text": "two"}]
        printers = [place.printers["oven"]]
        request_print(printers=printers, content=content, copies=1, priority=2, not_after=None, by="tests")
        place.work()
        assert [job.state for job in PrintJob.objects.all()] == ["unconfirmed"]
        time_passes(11)
        place.work()
        assert [job.state for job in PrintJob.objects.order_by("pk")] == ["superseded", "blocked"]
        place.simulators["oven"].clear()
        time_passes(2)
        place.work()
        assert place.paper() == [(), ()], "the buffer has printed the rest"
        assert PrintJob.objects.get(supersedes__isnull=False).state_reason == "printer_just_back"
        assert place.work() == 0
        time_passes(11)
        place.work()
        assert place.paper() == [(), (), COPY, ()]
