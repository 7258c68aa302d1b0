"""What dead printers cost the others, in one run: the simulated ones live in a process of their own."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from typing import Any

import pytest
from django.db import connection

from printing.models import Printer
from printing.services.printers import register_printer
from printing.services.requests import request_print
from printing.worker import Hands
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

HEALTHY, DEAD, TICKETS = 180, 20, 540
EACH_S = 0.03
WITHIN_S = 240.0
# The aim is 1.2; the machine of the tests is shared, and what this must catch (others wait for the dead) costs seconds.
MOST_TIMES = 2.0


class Printers:
    """Simulated printers elsewhere."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.ports: list[int] = self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def cut(self) -> list[tuple[str, float]]:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return [(str(name), float(at)) for name, at in self._read()]


@contextmanager
def printers(count: int) -> Iterator[Printers]:
    command = [sys.executable, "-m", "tests.benchmarks.bare_printers", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Printers(process)
        finally:
            process.kill()


@contextmanager
def worker() -> Iterator[None]:
    """The hands of one print worker, looking for work as often as it does."""
    hands, is_over = Hands(), threading.Event()

    def look() -> None:
        while not is_over.wait(0.25):
            hands.hand_out()
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        hands._pool.shutdown()  # else its threads live until somebody collects them


def register(shop: Restaurant, port: int, name: str) -> Printer:
    return register_printer(restaurant=shop, uid=name, name=name, host="127.0.0.1", port=port)


def wait_for_paper(simulated: Printers, count: int) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for _ in range(int(WITHIN_S * 10)):
        found += simulated.cut()
        if len(found) >= count:
            return found
        time.sleep(0.1)
    pytest.fail(f"{len(found)} of {count} tickets came out")


def p99_s(simulated: Printers, healthy: list[Printer], dead: list[Printer]) -> float:
    """From the commit of a ticket to its cut, at the healthy printers; the dead ones get as much work each."""
    committed: dict[str, float] = {}
    for number in range(TICKETS):
        name = f"ticket {len(dead)} {number}"
        ask(healthy[number % len(healthy)], name)
        committed[name] = time.time()
        if dead:
            ask(dead[number % len(dead)], "nobody reads this")
        time.sleep(EACH_S)
    cut = dict(wait_for_paper(simulated, TICKETS))
    return quantiles([cut[name] - at for name, at in committed.items()], n=100)[98]


def ask(printer: Printer, text: str) -> None:
    request_print(printers=[printer], content=text, copies=1, priority=2, not_after=None, by="bench")


def test_dead_printers_cost_the_others_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    shop = world.pizzeria()
    with printers(HEALTHY) as simulated, socket.socket() as silent, worker():
        silent.bind(("127.0.0.1", 0))
        silent.listen(512)  # takes every connection and never says a word
        healthy = [register(shop, port, f"healthy-{port}") for port in simulated.ports]
        alone = p99_s(simulated, healthy, [])
        dead = [register(shop, silent.getsockname()[1], f"dead-{number}") for number in range(DEAD)]
        beside = p99_s(simulated, healthy, dead)
        with capsys.disabled():
            sys.stdout.write(
                f"\n  commit to paper, p99 of {HEALTHY} printers: {alone * 1000:.0f} ms alone, "
                f"{beside * 1000:.0f} ms beside {DEAD} dead ones: {beside / alone:.2f}\n"
            )
        assert beside <= MOST_TIMES * alone
