"""The print worker as it is started: Celery, whose broker is away all the time."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from delivery import env
from delivery.ground.outbox.models import Heartbeat
from delivery.orders.models import Order
from printing.models import PrintJob
from printing.simulator import Timing
from tests.db.printing.kitchen import kitchen, time_passes

pytestmark = pytest.mark.django_db(transaction=True)

Worker = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker() -> Iterator[Worker]:
    """Starts print workers on the database of the tests; none of them is left."""
    database = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    started = []
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        valkey = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"

        def start() -> "subprocess.Popen[bytes]":
            command = "-m celery --quiet -A delivery worker -Q print -P threads -c 2 --without-mingle --without-gossip"
            process = subprocess.Popen(
                [sys.executable, *command.split()],
                cwd=env.BASE_DIR,
                env=os.environ | {"DATABASE_URL": database, "REDIS_URL": valkey, "PASSEPLAT_PROCESS": "worker-print"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            started.append(process)
            return process

        yield start
        for process in started:
            process.kill()
            process.wait()


def wait_until(holds: Callable[[], bool]) -> None:
    """Bounded by tries, not by the clock."""
    for _ in range(1800):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came true")


def has_state(order: Order, state: str) -> Callable[[], bool]:
    return PrintJob.objects.filter(ticket__order=order, state=state).exists


def test_it_prints_without_a_broker_beside_a_dead_printer_and_ends_when_told(start_worker: Worker) -> None:
    with kitchen("oven", "bar", faults={"bar": ["silent"]}) as place:
        worker = start_worker()
        stuck = place.cook("cola")
        wait_until(has_state(stuck, "blocked"))
        orders = [place.cook("margherita") for _ in range(5)]
        for order in orders:
            wait_until(has_state(order, "printed"))
        assert place.paper("oven") == [()] * 5
        assert place.states(stuck) == ["blocked"]
        assert Heartbeat.objects.filter(process="worker-print").exists()
        place.simulators["bar"].clear()
        wait_until(has_state(stuck, "printed"))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0


def test_a_worker_killed_while_it_waits_for_paper_leaves_one_marked_copy(start_worker: Worker) -> None:
    with kitchen(faults={"oven": ["late"]}, timing=Timing(late_s=60.0)) as place:
        worker = start_worker()
        order = place.cook()
        wait_until(lambda: len(place.paper()) == 1)
        assert place.states(order) == ["sending"]
        worker.kill()
        worker.wait()
        place.simulators["oven"].clear()
        start_worker()
        time_passes(60)
        wait_until(has_state(order, "unconfirmed"))
        time_passes(11)
        wait_until(has_state(order, "printed"))
        assert place.states(order) == ["superseded", "printed"]
        assert place.paper() == [(), ("POSSIBLE DUPLICATE",)]
