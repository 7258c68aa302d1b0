"""What is queued, what is taken back, what is too late: orders, deadlines, alarms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery.ground.outbox.models import EventRow
from delivery.orders import services as orders
from printing.models import PrintJob, Ticket
from printing.reactions import print_tickets
from printing.services import jobs
from printing.services.printers import pause_printer, resume_printer
from printing.services.tickets import queue_tickets
from printing.services.watch import watch_jobs
from printing.simulator import Timing
from restaurants.models import Station
from tests import world
from tests.db.printing.facts import facts_about, kinds_of
from tests.db.printing.kitchen import Kitchen, kitchen, time_passes

pytestmark = pytest.mark.django_db(transaction=True)


def take(place: Kitchen) -> jobs.Taken:
    taken = jobs.take_next(printer_id=place.printers["oven"].pk, owner="tests")
    assert taken is not None
    return taken


def test_a_cancelled_order_that_waits_is_never_printed() -> None:
    with kitchen(faults={"oven": ["paper_out"]}) as place:
        order = place.cook()
        place.work()
        place.cancel(order)
        place.simulators["oven"].clear()
        time_passes(6)
        assert place.work() == 0
        assert (place.states(order), place.paper()) == (["cancelled"], [])


def test_a_cancelled_order_that_is_on_paper_is_followed_by_a_ticket_that_says_so() -> None:
    with kitchen("oven", "bar") as place:
        order = place.cook("margherita", "cola")
        place.work("oven")
        place.cancel(order)
        waiting = place.cook()
        place.work()
        assert place.paper("oven") == [(), ("CANCELLED",), ()], "it overtakes nothing but what is queued"
        assert order.number in place.simulators["oven"].tickets[1].text
        assert place.paper("bar") == [], "the bar never had its ticket"
        assert place.states(order) == ["printed", "cancelled", "printed"]
        assert place.states(waiting) == ["printed"]


def test_a_cancelled_order_in_doubt_gets_no_copy_but_a_ticket_that_says_cancelled() -> None:
    with kitchen(faults={"oven": ["late"]}, timing=Timing(late_s=60)) as place:
        order = place.cook()
        place.work()
        place.cancel(order)
        place.simulators["oven"].clear()
        for _ in range(3):
            time_passes(11)
            place.work()
        assert place.states(order) == ["cancelled", "printed"]
        assert place.paper() == [(), ("CANCELLED",)]


def test_an_order_cancelled_between_lease_and_first_byte_is_not_sent() -> None:
    with kitchen() as place:
        order = place.cook()
        taken = take(place)
        place.cancel(order)
        assert place.states(order) == ["queued"]
        with pytest.raises(jobs.OrderCancelled):
            jobs.begin_sending(taken=taken, sha256="", lease=jobs.LEASE)
        time_passes(31)
        assert place.work() == 0
        assert (place.states(order), place.paper()) == (["cancelled"], [])


def test_tickets_leave_by_priority_and_then_in_the_order_of_their_arrival() -> None:
    with kitchen() as place:
        printer = place.printers["oven"]
        late, first, second = (place.cook() for _ in range(3))
        PrintJob.objects.filter(ticket__order=late).update(priority=9)
        place.work()
        assert [
            next(order.number for order in (late, first, second) if f" {order.number}" in ticket.text.splitlines())
            for ticket in place.simulators["oven"].tickets
        ] == [first.number, second.number, late.number]
        assert kinds_of(printer).count("TicketPrinted") == 3


def test_an_old_ticket_is_never_printed_and_somebody_is_told() -> None:
    with kitchen(faults={"oven": ["paper_out"]}) as place:
        order = place.cook()
        place.work()
        place.simulators["oven"].clear()
        time_passes(31 * 60)
        assert place.work() == 0, "also before the watch has seen it"
        watch_jobs()
        assert (place.states(order), place.paper()) == (["expired"], [])
        assert kinds_of(place.printers["oven"])[-2:] == ["TicketOverdue", "TicketExpired"]
        watch_jobs()
        assert kinds_of(place.printers["oven"]).count("TicketExpired") == 1


def test_a_ticket_that_is_not_on_paper_in_time_is_told_once_and_let_go_when_nobody_needs_it() -> None:
    with kitchen() as place:
        order, late = place.cook(), place.cook()
        place.cook()
        PrintJob.objects.exclude(ticket__order__in=[order, late]).update(paper_by=None)
        watch_jobs()
        assert kinds_of(place.printers["oven"]) == ["PrinterRegistered"], "it still has time"
        time_passes(21)
        watch_jobs()
        watch_jobs()
        assert kinds_of(place.printers["oven"]) == ["PrinterRegistered", "TicketOverdue", "TicketOverdue"]
        (fact, _) = facts_about(place.printers["oven"], "TicketOverdue")
        assert fact.event.order_id == order.pk
        assert fact.event.ticket_id == str(Ticket.objects.get(order=order).public_id)
        place.cancel(order)
        watch_jobs()
        watch_jobs()
        assert kinds_of(place.printers["oven"])[3:] == ["TicketWithdrawn"]
        place.work()
        watch_jobs()
        assert kinds_of(place.printers["oven"]).count("TicketOverdue") == 2


def test_a_paused_printer_prints_nothing_until_it_is_resumed_and_new_tickets_go_to_the_backup() -> None:
    with kitchen("oven", "backup") as place:
        before = place.cook()
        pause_printer(printer=place.printers["oven"], by="account:1")
        after = place.cook()
        place.work()
        assert (place.states(before), place.states(after)) == (["queued"], ["printed"])
        assert (place.paper("oven"), place.paper("backup")) == ([], [()])
        resume_printer(printer=place.printers["oven"], by="account:1")
        place.work()
        assert place.paper("oven") == [()]


def test_a_kitchen_without_any_printer_is_not_silent() -> None:
    shop = world.pizzeria()
    place = Kitchen(shop, {})
    first, second = place.cook("margherita", "cola"), place.cook()
    assert PrintJob.objects.count() == 0
    facts = EventRow.objects.filter(kind="TicketsUnrouted", aggregate_id=shop.pk).order_by("seq")
    assert [row.payload for row in facts] == [{"order_ids": [first.pk]}, {"order_ids": [second.pk]}]


def test_a_line_without_a_known_station_goes_to_the_catch_all() -> None:
    with kitchen("pass", "oven") as place:
        order = world.order(place.shop, "cola", "margherita")
        Station.objects.filter(name="bar").update(name="terrace")
        orders.accept_order(order_id=order.pk, by="tests")
        print_tickets(facts_about(order))
        place.work()
        (at_the_pass,) = place.simulators["pass"].tickets
        assert "1x cola" in at_the_pass.text
        assert "PASS" in at_the_pass.text
        assert "OVEN" in place.simulators["oven"].tickets[0].text
        assert place.states(order) == ["printed", "printed"]


def test_the_number_of_statements_does_not_grow_with_the_orders() -> None:
    with kitchen("oven", "bar") as place:
        cooked = [place.cook("margherita", "cola") for _ in range(8)]
        facts = [fact for order in cooked for fact in facts_about(order)]
        counts = []
        for few in (facts[:1], facts):
            PrintJob.objects.all().delete()
            Ticket.objects.all().delete()
            with CaptureQueriesContext(connection) as captured:
                print_tickets(few)
            counts.append(len(captured))
        assert PrintJob.objects.count() == 16
        assert counts[0] == counts[1] <= 14, counts
        queue_tickets(order_ids=[])
