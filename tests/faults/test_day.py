"""A recorded day through the whole platform: as it is, while processes are killed, and while Valkey is away.

The oracle is what the clients of `manage.py replay` saw: their orders, and the paper of the printers.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.days import public_day
from tests.faults.copies import WholeCopy, wait_for

DAY = "0o50t100s1p100"
FULL = os.environ.get("PROOF") == "full"
SHORT_SPEED, FULL_SPEED = 240, 120
FIRST_ORDERS = 40


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

    def until(self, words: str) -> None:
        """Wait for a line of progress that holds `words`."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.lines.append(line)
            if words in line:
                return
        pytest.fail("".join(self.lines))

    def has_placed(self, count: int) -> None:
        """Wait until `count` orders are placed."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.lines.append(line)
            if " placed" in line and int(line.split(":")[1].split()[0]) >= count:
                return
        pytest.fail("".join(self.lines))

    def report(self) -> dict[str, Any]:
        """Let it end and read what it saw."""
        _, rest = self._process.communicate(timeout=1200)
        assert self._process.returncode == 0, "".join(self.lines) + rest
        content: dict[str, Any] = json.loads(self.report_file.read_text())
        return content

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


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


def test_a_day_loses_nothing(play: Play) -> None:
    replay = play(orders=0, speed=FULL_SPEED) if FULL else play()
    assert_nothing_lost(replay.report())


@pytest.mark.parametrize("name", ["web", "relay", "planner", "worker-print", "worker"])
def test_a_killed_process_loses_nothing(platform: WholeCopy, play: Play, name: str) -> None:
    replay = play(orders=20)
    replay.has_placed(5)
    killed = platform.run_file()["pids"][name]
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: platform.run_file()["pids"][name] != killed, platform.text)
    assert_nothing_lost(replay.report())


def test_a_flushed_valkey_loses_nothing(platform: WholeCopy, play: Play) -> None:
    replay = play(orders=20)
    replay.has_placed(5)
    with redis.Redis.from_url(platform.run_file()["redis_url"]) as valkey:
        valkey.flushall()
    assert_nothing_lost(replay.report())


def test_a_frozen_valkey_stops_no_order(platform: WholeCopy, play: Play) -> None:
    replay = play(orders=20)
    replay.has_placed(5)
    frozen = platform.run_file()["pids"]["valkey"]
    os.kill(frozen, signal.SIGSTOP)
    try:
        report = replay.report()
    finally:
        os.kill(frozen, signal.SIGCONT)
    assert_nothing_lost(report)


def test_a_stopped_valkey_stops_no_order(platform: WholeCopy, play: Play) -> None:
    """Killed again and again for as long as 30 s: the supervisor brings it back, the day goes on."""
    replay = play(orders=20)
    replay.has_placed(5)
    give_up_at = time.monotonic() + 30
    while time.monotonic() < give_up_at:
        pid = platform.run_file()["pids"]["valkey"]
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda pid=pid: platform.run_file()["pids"]["valkey"] != pid, platform.text)  # type: ignore[misc]
    assert_nothing_lost(replay.report())
