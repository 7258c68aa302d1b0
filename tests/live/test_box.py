"""A box as it is started in a restaurant, beside the real web server: paired by a code, stopped, started, put out."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from delivery.devices.models import Device, Kind
from delivery.devices.services import create_pairing_code, revoke_device
from delivery.orders.models import Order
from printing.models import Printer, PrintJob
from printing.services.printers import register_printer
from printing.simulator import Simulator, running
from tests import world
from tests.browser.conftest import served
from tests.db.printing.kitchen import Kitchen

pytestmark = pytest.mark.django_db(transaction=True)

WITHIN_S = 60.0


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(int(WITHIN_S * 10)):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it never came true")


@contextmanager
def agent(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """It knows nothing of Django: neither settings nor database are in its environment."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "printing.agent", *words], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def has_state(order: Order, state: str) -> Callable[[], bool]:
    return PrintJob.objects.filter(ticket__order=order, state=state).exists


def test_a_box_prints_what_nobody_else_can_reach(tmp_path: Path) -> None:
    place = Kitchen(world.pizzeria(), {})
    simulator = Simulator()
    code = create_pairing_code(kind=Kind.AGENT, restaurant=place.shop, by="tests")
    with running(simulator), served("delivery.asgi:application", tmp_path / "log") as site:
        folder = ["--server", site.url, "--folder", str(tmp_path / "box")]
        with agent("pair", *folder, "--code", code) as pairing:
            assert pairing.wait(WITHIN_S) == 0
        box = Device.objects.get(kind=Kind.AGENT)
        register_printer(
            restaurant=place.shop,
            uid="behind",
            name="Behind the box",
            transport=Printer.Transport.AGENT,
            agent=box,
            host="127.0.0.1",
            port=simulator.port,
            stations=["oven"],
        )
        first = place.cook()
        with agent("run", *folder) as running_box:
            wait_until(has_state(first, "printed"))
            simulator.set_fault("paper_out")
            second = place.cook()
            wait_until(has_state(second, "blocked"))
            assert Printer.objects.get().state == "paper"
            simulator.clear()
            wait_until(has_state(second, "printed"))
            running_box.send_signal(signal.SIGTERM)
            assert running_box.wait(WITHIN_S) == 0
        third = place.cook()
        with agent("run", *folder) as running_box:
            wait_until(has_state(third, "printed"))
            revoke_device(device=box)
            assert running_box.wait(WITHIN_S) == 1, "a box that was put out says so and ends"
        assert [ticket.marks for ticket in simulator.tickets] == [(), (), ()]
    assert "Traceback" not in (tmp_path / "log").read_text()
