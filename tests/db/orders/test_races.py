"""Two people at once, on two real connections."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from delivery.ground.errors import IllegalTransition, Problem, VersionConflict
from delivery.ground.outbox.models import EventRow
from delivery.orders import ledger, services
from delivery.orders.models import Bearer, Order
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order() -> Order:
    return world.order(world.pizzeria())


@contextmanager
def held(order: Order) -> Iterator[None]:
    """Keeps the row locked, so that everybody below waits for the same instant."""
    with transaction.atomic():
        Order.objects.lock(pk=order.pk)
        yield


def at_once(order: Order, *steps: Callable[[], object]) -> list[type[Problem] | None]:
    """Runs the steps on own connections; all wait for the order's row before the first may go on."""
    ready = threading.Barrier(len(steps) + 1, timeout=10)

    def run(step: Callable[[], object]) -> type[Problem] | None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            ready.wait()
            step()
        except Problem as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(steps)) as pool:
        with held(order):
            runs = [pool.submit(run, step) for step in steps]
            ready.wait()
            wait_for_waiters(len(steps))
        return [future.result(timeout=20) for future in runs]


def wait_for_waiters(count: int) -> None:
    """Until `count` sessions of this database wait for a row; ten seconds at most on PostgreSQL's clock."""
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0] >= count:
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    pytest.fail("nobody waits for the row")


def facts(order: Order) -> list[str]:
    rows = EventRow.objects.filter(aggregate_kind="orders.order", aggregate_id=order.pk)
    return list(rows.order_by("seq").values_list("kind", flat=True))


def test_two_tablets_accept_and_one_order_is_accepted(order: Order) -> None:
    def accept() -> None:
        services.accept_order(order_id=order.pk, by="device:lobby")

    assert sorted(map(str, at_once(order, accept, accept))) == [str(IllegalTransition), "None"]
    assert facts(order) == ["OrderPlaced", "OrderAccepted", "CookingStarted"]


def test_the_loser_with_a_version_learns_that_it_moved(order: Order) -> None:
    def accept() -> None:
        services.accept_order(order_id=order.pk, by="device:lobby", version=1)

    assert sorted(map(str, at_once(order, accept, accept))) == [str(VersionConflict), "None"]


def test_accept_against_cancel_leaves_one_legal_life(order: Order) -> None:
    def accept() -> None:
        services.accept_order(order_id=order.pk, by="device:lobby", version=1)

    def cancel() -> None:
        services.cancel_order(
            order_id=order.pk, by=world.GUEST.ref, reason="changed", borne_by=Bearer.PLATFORM, version=1
        )

    outcomes = at_once(order, accept, cancel)
    assert sorted(map(str, outcomes)) == [str(VersionConflict), "None"]
    order.refresh_from_db()
    has_accepted = outcomes[0] is None
    assert order.status == ("preparing" if has_accepted else "cancelled")
    assert facts(order) == [
        "OrderPlaced",
        *(["OrderAccepted", "CookingStarted"] if has_accepted else ["OrderCancelled"]),
    ]
    owed = ledger.balances(order)
    assert sum(owed.values()) == 0
    assert any(owed.values()) is has_accepted


def test_expiry_against_accept_leaves_one_legal_life(order: Order) -> None:
    outcomes = at_once(
        order,
        lambda: services.accept_order(order_id=order.pk, by="device:lobby"),
        lambda: services.expire_order(aggregate_pk=order.pk),
    )
    assert sorted(map(str, outcomes)) == [str(IllegalTransition), "None"]
    order.refresh_from_db()
    assert order.status == ("preparing" if outcomes[0] is None else "expired")
