"""A recorded day through the whole platform: as it is, while processes are killed, and while Valkey is away.

The oracle is what the clients of `manage.py replay` saw: their orders, and the paper of the printers.
"""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.days import public_day
from tests.faults.copies import WholeCopy, wait_for
from tests.faults.own_valkey import OwnValkey

DAY = "0o50t100s1p100"
FULL = os.environ.get("PROOF") == "full"
SHORT_SPEED, FULL_SPEED = 240, 120
FIRST_ORDERS = 40
STEP_WITHIN_S, DAY_WITHIN_S, END_WITHIN_S = 300.0, 1200.0, 30.0
PROGRESS = re.compile(r"minute (?P<minute>-?\d+): (?P<placed>\d+) of \d+ placed, (?P<over>\d+) over")


class Replay:
    """A `manage.py replay` that plays beside a running platform."""

    def __init__(
        self, platform: WholeCopy, folder: Path, *, orders: int = FIRST_ORDERS, speed: int = SHORT_SPEED
    ) -> None:
        self.report_file = folder / "report.json"
        self.lines: list[str] = []
        words = ["replay", str(public_day(DAY, folder)), "--speed", str(speed), "--report", str(self.report_file)]
        words += ["--orders", str(orders)] if orders else []
        self._process: subprocess.Popen[str] = platform.manage(*words)
        self._said: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, name="replay-lines", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        """Its lines as they come; an empty one is the end."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._said.put(line)
        self._said.put("")

    def _lines_within(self, seconds: float, waits_for: str) -> Iterator[str]:
        """Lines until its end; a replay that stands still fails the test with what it was waited for."""
        give_up_at = time.monotonic() + seconds
        try:
            while line := self._said.get(timeout=max(0.0, give_up_at - time.monotonic())):
                self.lines.append(line)
                yield line
        except Empty:
            pytest.fail(f"the replay was waited for {seconds:.0f} s: {waits_for}\n{''.join(self.lines)}")

    def until(self, what: str, count: int) -> int:
        """Follow its progress until `minute`, `placed` or `over` has come to `count`; returns the day's minute."""
        for line in self._lines_within(STEP_WITHIN_S, f"{what} was to come to {count}"):
            progress = PROGRESS.search(line)
            if progress and int(progress[what]) >= count:
                return int(progress["minute"])
        pytest.fail(f"the replay ended before {what} came to {count}\n{''.join(self.lines)}")

    def report(self) -> dict[str, Any]:
        """Let it end and read what it saw."""
        for _ in self._lines_within(DAY_WITHIN_S, "it was to end"):
            pass
        code = self._process.wait(END_WITHIN_S)
        assert code == 0, "".join(self.lines)
        content: dict[str, Any] = json.loads(self.report_file.read_text())
        return content

    def end(self) -> None:
        """Kill it if it still plays; what it said is read to the end either way."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(END_WITHIN_S)
        self._reader.join(END_WITHIN_S)


Play = Callable[..., Replay]


@pytest.fixture
def play(platform: WholeCopy, tmp_path: Path) -> Iterator[Play]:
    started: list[Replay] = []

    def start(**options: Any) -> Replay:
        started.append(Replay(platform, tmp_path, **options))
        return started[-1]

    yield start
    for replay in started:
        replay.end()


def assert_nothing_lost(report: dict[str, Any]) -> None:
    """Every order placed, answered, cooked with one unmarked ticket, and at most 2 % not delivered."""
    assert report["errors"] == []
    assert report["placed"] == report["orders"]
    assert report["lost"] == 0
    assert report["tickets_on_paper"] == report["tickets_due"] == report["orders"]
    assert report["duplicate_tickets_unmarked"] == 0
    assert report["undelivered"] <= report["orders"] * 0.02


def kill(platform: WholeCopy, name: str) -> None:
    """`kill -9`, and wait until the supervisor has started the next life."""
    killed = platform.run_file()["pids"][name]
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: platform.run_file()["pids"].get(name, killed) != killed, platform.text)


def test_a_day_loses_nothing(play: Play) -> None:
    replay = play(orders=0, speed=FULL_SPEED) if FULL else play()
    assert_nothing_lost(replay.report())


def test_killed_processes_lose_nothing(platform: WholeCopy, play: Play) -> None:
    """Each of the five once, one after another, while orders flow."""
    replay = play()
    for number, name in enumerate(["worker-print", "relay", "web", "planner", "worker"], start=1):
        replay.until("placed", 6 * number)
        kill(platform, name)
    assert_nothing_lost(replay.report())


def test_an_emptied_and_stopped_valkey_stops_nothing(platform: WholeCopy, valkey: OwnValkey, play: Play) -> None:
    """Flushed, then gone for 30 s: orders, tickets and deadlines go on; an order that nobody answers expires."""
    customer = platform.says("tests.faults.silent_shop", "open_silent_shop()")
    replay = play()
    replay.until("placed", 3)
    valkey.flush()
    replay.until("placed", 6)
    valkey.stop()
    with httpx.Client(
        base_url=f"{platform.run_file()['web_url']}/api/v1", headers={"Authorization": f"Bearer {customer['token']}"}
    ) as browser:
        placed = browser.post("/orders", json=customer["order"], headers={"Idempotency-Key": str(uuid4())})
        assert placed.status_code == 201, placed.text
        gone_since = replay.until("placed", 7)
        wait_for(lambda: browser.get(f"/orders/{placed.json()['id']}").json()["status"] == "expired")
    replay.until("minute", gone_since + 30 * SHORT_SPEED // 60)
    valkey.start()
    assert_nothing_lost(replay.report())


def test_a_frozen_valkey_stops_nothing(valkey: OwnValkey, play: Play) -> None:
    """It takes connections and answers nothing, from the first order to the last."""
    valkey.freeze()
    try:
        report = play(orders=20).report()
    finally:
        valkey.thaw()
    assert_nothing_lost(report)
