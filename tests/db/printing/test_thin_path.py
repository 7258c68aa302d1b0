"""From an accepted order to paper."""

import pytest

from printing.models import Attempt, PrintJob, Ticket
from printing.reactions import print_tickets
from tests.db.printing.facts import facts_about, kinds_of
from tests.db.printing.kitchen import kitchen

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_station_gets_its_ticket_once() -> None:
    with kitchen("oven", "bar") as place:
        order = place.cook("margherita", "regina", "cola", note="no cutlery", allergies="Milk, badly")
        assert place.states(order) == ["queued", "queued"]
        assert place.work() == 2
        (oven,) = place.simulators["oven"].tickets
        (bar,) = place.simulators["bar"].tickets
    assert place.states(order) == ["printed", "printed"]
    assert "1x margherita" in oven.text
    assert "1x regina" in oven.text
    assert "cola" not in oven.text
    assert "ALLERGY: Milk, badly" in oven.text
    assert "no cutlery" in oven.text
    assert f" {order.number}" in oven.text.splitlines()
    assert "1x cola" in bar.text
    assert (oven.marks, bar.marks) == ((), ())
    job = PrintJob.objects.select_related("printer").order_by("pk").first()
    assert job is not None
    assert (job.level, job.lease_token, job.attempts) == (3, None, 1)
    assert kinds_of(job.printer) == ["PrinterRegistered", "TicketPrinted", "PrinterStateChanged"]
    assert Attempt.objects.filter(verdict="printed", level=3, started_sending_at__isnull=False).count() == 2


def test_a_reaction_that_runs_again_changes_nothing() -> None:
    with kitchen() as place:
        order = place.cook("margherita", "cola")
        print_tickets(facts_about(order))
        assert Ticket.objects.count() == PrintJob.objects.count() == 2
        place.work()
        print_tickets(facts_about(order))
        assert place.work() == 0
        # The bar has no printer of its own: its ticket came out of the only one there is.
        assert place.paper() == [(), ()]
