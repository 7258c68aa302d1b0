"""Fourteen days behind the demonstration's cities: complete, over, and as the services would have left them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from pytest_django import DjangoDbBlocker

from delivery.cities.models import City
from delivery.console.promise.rows import compare
from delivery.ground import clock
from delivery.ground.events import Event
from delivery.ground.outbox.models import EventRow
from delivery.orders.models import FINAL_STATUSES, LedgerEntry, Order
from delivery.orders.transitions import Status
from delivery.payments.models import Tender
from dispatch.fleet.models import Shift
from dispatch.models import Decision, Offer, Route, Stop
from printing.models import ON_PAPER, Printer, PrintJob

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _past(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("history")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setenv("DATA_DIR", str(folder))
        call_command("seed_demo", verbosity=0, speed=6.0, stdout=(folder / "out").open("w"))
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def past(_past: None, db: None) -> None:
    """The cities live at six times the world's speed, as in `make demo`."""


def test_every_order_has_ended_and_its_money_with_it() -> None:
    orders = Order.objects.all()
    assert orders.count() > 1500
    assert not orders.exclude(status__in=FINAL_STATUSES).exists()
    assert set(orders.values_list("status", flat=True)) == set(FINAL_STATUSES)
    assert not orders.filter(closed_at__gt=clock.now()).exists()
    unequal = LedgerEntry.objects.values("order").annotate(left=Sum("amount")).exclude(left=0)
    assert not unequal.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the commit would ask: each order sums to zero
    paid = Tender.objects.filter(order__status=Status.DELIVERED, state=Tender.State.CAPTURED)
    assert paid.count() == orders.filter(status=Status.DELIVERED).count()
    assert not orders.exclude(total=F("subtotal") + F("delivery_fee") + F("tip")).exists()


def test_the_log_holds_every_version_once_and_nothing_is_left_to_relay() -> None:
    of_orders = EventRow.objects.filter(aggregate_kind=Order.aggregate_kind(), relayed_at__isnull=False)
    counted = dict(of_orders.values_list("aggregate_id").annotate(Count("pk")))
    assert counted == dict(Order.objects.values_list("pk", "version"))
    first, last = of_orders.earliest("occurred_at"), of_orders.latest("occurred_at")
    assert first.pk < last.pk
    rate = City.objects.all()[0].time_rate
    assert timedelta(days=13) / rate < last.occurred_at - first.occurred_at < timedelta(days=15) / rate
    for row in of_orders.order_by("aggregate_id", "seq")[:50]:
        assert Event.from_payload(row.kind, row.payload).as_payload() == row.payload
    for printer in Printer.objects.all():
        facts = EventRow.objects.filter(aggregate_kind=Printer.aggregate_kind(), aggregate_id=printer.pk)
        assert facts.count() == printer.version


def test_public_ids_tell_when_an_order_was_placed() -> None:
    for order in Order.objects.order_by("pk")[:200]:
        assert abs((order.public_id.int >> 80) / 1000 - order.placed_at.timestamp()) < 0.01


def test_what_was_delivered_was_carried_by_somebody_who_worked() -> None:
    delivered = Order.objects.filter(status=Status.DELIVERED)
    done = Stop.objects.filter(status=Stop.Status.DONE, order__in=delivered)
    assert done.count() == 2 * delivered.count()
    assert not Route.objects.filter(status__in=["planned", "assigned"]).exists()
    assert set(Offer.objects.values_list("status", flat=True)) == {"accepted", "declined"}
    assert Decision.objects.filter(order__in=delivered).values("order").distinct().count() == delivered.count()
    assert Shift.objects.filter(ended_at__lt=clock.now()).count() > 1000
    assert not Shift.objects.filter(started_at__isnull=False, ended_at__isnull=True).exists()
    assert not delivered.filter(Q(picked_up_at__lt=F("ready_at")) | Q(delivered_at__lte=F("picked_up_at"))).exists()


def test_every_ticket_came_to_paper_and_a_few_came_late() -> None:
    jobs = PrintJob.objects.all()
    assert not jobs.exclude(state__in=[*ON_PAPER, "superseded"]).exists()
    assert jobs.filter(state="superseded").count() == jobs.filter(supersedes__isnull=False).count() > 0
    assert 0 < jobs.filter(overdue_at__isnull=False).count() < jobs.count() / 50
    cooked = Order.objects.filter(accepted_at__isnull=False)
    assert not cooked.filter(tickets=None).exists()


def test_the_numbers_have_something_to_show_in_every_city() -> None:
    for city in City.objects.all():
        found = compare(city, clock.now())
        assert sum(day.whole.orders > 20 for day in found.before) >= 13
        assert 60 < (found.usual.in_time_share or 0) < 97
        assert 0.5 < (found.usual.lost_in_all or 0) < 12
        assert 20 < (found.usual.door_minutes or 0) < 70
        assert found.usual.alarms
        assert found.usual.copies
