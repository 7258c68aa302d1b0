"""Workers die, race and come late: no paper is lost, none comes twice without a mark, none is mixed."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from delivery.orders.models import Order
from printing.drivers import Level, NetworkTransport, Outcome, Verdict, driver_for, process_id_for
from printing.models import Attempt, PrintJob
from printing.services import jobs
from printing.services.sending import payload_of
from printing.simulator import Timing
from tests.db.printing.kitchen import Kitchen, kitchen, time_passes

pytestmark = pytest.mark.django_db(transaction=True)

COPY = ("POSSIBLE DUPLICATE",)
MINUTE = timedelta(minutes=1)


def take(place: Kitchen) -> jobs.Taken:
    taken = jobs.take_next(printer_id=place.printers["oven"].pk, owner="doomed")
    assert taken is not None
    return taken


def send(place: Kitchen, taken: jobs.Taken) -> Outcome:
    """What a worker does up to the verdict, which it does not live to write down."""
    return driver_for(NetworkTransport(host="127.0.0.1", port=place.simulators["oven"].port)).send(
        payload_of(taken.job, attempt=1),
        process_id=process_id_for(taken.attempt.token),
        before_first_byte=lambda: jobs.begin_sending(taken=taken, sha256="", lease=MINUTE),
    )


def test_a_worker_that_dies_before_the_first_byte_costs_nothing_but_time() -> None:
    with kitchen() as place:
        order = place.cook()
        take(place)
        assert place.work() == 0, "the printer is in other hands"
        time_passes(31)
        place.work()
        assert (place.states(order), place.paper()) == (["printed"], [()])


def test_a_worker_that_dies_before_the_verdict_leaves_exactly_one_marked_copy() -> None:
    with kitchen() as place:
        order = place.cook()
        send(place, take(place))
        assert place.work() == 0
        time_passes(61)
        assert place.work() == 0
        assert place.states(order) == ["unconfirmed"]
        for _ in range(3):
            time_passes(11)
            place.work()
        assert place.states(order) == ["superseded", "printed"]
        assert place.paper() == [(), COPY]


def test_a_verdict_that_comes_after_the_lease_was_lost_still_counts() -> None:
    with kitchen() as place:
        order = place.cook()
        taken = take(place)
        outcome = send(place, taken)
        time_passes(61)
        place.work()
        assert place.states(order) == ["unconfirmed"]
        jobs.settle(taken=taken, outcome=outcome)
        assert place.states(order) == ["printed"]
        time_passes(11)
        assert place.work() == 0
        assert place.paper() == [()]


def test_late_word_of_an_earlier_ticket_calls_its_copy_off() -> None:
    with kitchen(faults={"oven": ["late"]}, timing=Timing(late_s=60.0)) as place:
        first = place.cook()
        place.work()
        late = process_id_for(Attempt.objects.get().token)
        second = place.cook()
        time_passes(11)
        taken = take(place)
        assert place.states(first) == ["unconfirmed"]
        assert taken.job.ticket.order_id == second.pk
        jobs.begin_sending(taken=taken, sha256="", lease=MINUTE)
        place.work()  # makes the copy; cannot print it, the printer being in other hands
        assert place.states(first) == ["superseded", "queued"]
        jobs.settle(taken=taken, outcome=Outcome(Verdict.PRINTED, Level.L3, True, other_process_ids=(late,)))
        assert place.states(first) == ["printed", "cancelled"]
        assert place.states(second) == ["printed"]
        time_passes(11)
        assert place.work() == 0
        assert place.paper() == [()]


def test_a_worker_that_lost_its_lease_sends_nothing() -> None:
    with kitchen() as place:
        order = place.cook()
        slow = take(place)
        time_passes(31)
        place.work()
        with pytest.raises(jobs.LeaseLost):
            send(place, slow)
        assert (place.states(order), place.paper()) == (["printed"], [()])


def test_four_workers_at_one_printer_print_each_ticket_once_and_in_order() -> None:
    with kitchen() as place:
        orders = [place.cook("margherita") for _ in range(12)]
        finished = threading.Event()

        def worker(owner: str) -> None:
            try:
                while not finished.is_set():
                    place.work(owner=owner)
                    if not PrintJob.objects.filter(state__in=["queued", "sending", "blocked"]).exists():
                        finished.set()
            finally:
                connection.close()

        threads = [threading.Thread(target=worker, args=(f"worker-{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        tickets = place.simulators["oven"].tickets
        assert [ticket.marks for ticket in tickets] == [()] * 12
        for order, ticket in zip(orders, tickets, strict=True):
            assert numbers_on(ticket.text, orders) == [order.number]
        assert set(PrintJob.objects.values_list("state", flat=True)) == {"printed"}


def numbers_on(text: str, orders: list[Order]) -> list[str]:
    return [order.number for order in orders if f" {order.number}" in text.splitlines()]


def test_the_database_itself_refuses_a_second_unmarked_sending() -> None:
    with kitchen() as place:
        place.cook("margherita")
        place.cook("margherita")
        place.work()
        job = PrintJob.objects.order_by("pk")[0]
        other = PrintJob.objects.order_by("pk")[1]
        again = Attempt(job=job, number=2, printer=job.printer, token="again", began_at=job.created_at)
        again.started_sending_at = job.created_at
        with pytest.raises(IntegrityError, match="print_job_is_sent_once"), transaction.atomic():
            again.save()
        leased = {"lease_token": job.public_id, "lease_until": Now() + MINUTE}
        PrintJob.objects.filter(pk=job.pk).update(**leased)
        with pytest.raises(IntegrityError, match="printer_has_one_lease"), transaction.atomic():
            PrintJob.objects.filter(pk=other.pk).update(**leased)
