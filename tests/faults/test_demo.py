"""The living demonstration as a stranger starts it: orders flow, what is broken is seen, owned and healed.

Long form (PROOF=full): half an hour at speed 10 from 03:00 and from 13:00, with the memory of each process.
"""

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest

from tests.faults.copies import WholeCopy, wait_for

FULL = os.environ.get("PROOF") == "full"
FULL_S, SAMPLE_S = 1800.0, 5.0
FLAT, SPARE_KB = 1.10, 15_000
HURRY, CALM = "40", "10"
START_WITHIN_S = 400.0  # 60 on a quiet machine; cities are seeded first
FIELD = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
Start = Callable[..., WholeCopy]


@pytest.fixture
def start() -> Iterator[Start]:
    copies: list[WholeCopy] = []

    def begin(*, at: str, speed: str) -> WholeCopy:
        folder = Path(tempfile.mkdtemp(prefix="passeplat-demo-"))
        copies.append(WholeCopy(folder))
        copy = copies[-1]
        copy.start("--demo", "--speed", speed, "--at", at)
        wait_for(lambda: copy.said(copy.ready_words), copy.text, patience_s=START_WITHIN_S)
        return copy

    yield begin
    for copy in copies:
        copy.end()
        shutil.rmtree(copy.folder, ignore_errors=True)


class Visitor:
    """Somebody at `/demo/`."""

    def __init__(self, copy: WholeCopy) -> None:
        self._http = httpx.Client(base_url=copy.run_file()["web_url"], follow_redirects=True, timeout=120)

    def press(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page with its token and a new key."""
        token = FIELD.search(self._http.get("/demo/").text)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "idempotency_key": os.urandom(8).hex(), **fields}
        answer = self._http.post(path, data=form)
        assert answer.status_code == 200, answer.text
        return answer

    def sees(self, path: str, words: str) -> bool:
        return words in self._http.get(path).text


def story(copy: WholeCopy) -> dict[str, Any]:
    """What the database says, and what the people of the demonstration say."""
    told: dict[str, Any] = copy.says("tests.faults.demo_story", "story()")
    return told


def assert_calm_logs(copy: WholeCopy) -> None:
    for file in (copy.data_dir / "log").glob("*.jsonl"):
        lines = [line for line in file.read_text().splitlines() if "Traceback" in line]
        assert lines == [], f"{file.name}: {lines[:1]}"


def assert_nothing_lost(told: dict[str, Any]) -> None:
    assert told["report"]["errors"] == []
    placed = told["report"]["counts"]["placed"]
    assert placed <= told["orders"], "a customer was told of an order that nobody has"
    assert told["report"]["counts"].get("given_up", 0) == 0


@pytest.mark.parametrize("at", ["03:00", "13:00"] if FULL else ["03:00"])
def test_a_stranger_finds_a_living_city(start: Start, at: str) -> None:
    copy = start(at=at, speed=CALM if FULL else HURRY)
    wait_for(lambda: len(story(copy)["cities"]) == 3, lambda: str(story(copy)))
    if FULL:
        _let_it_live(copy)
    visitor, city = Visitor(copy), story(copy)["cities"][0]
    visitor.press("/demo/break/", kind="printer_unplugged", city=city)
    wait_for(lambda: visitor.sees("/demo/", "Printer unplugged"))
    wait_for(lambda: _alarms(copy, "ticket_overdue") != [], lambda: str(story(copy)))
    told = story(copy)
    assert all(each["assigned_to"] for each in told["alarms"])
    for mishap in told["mishaps"]:  # none when it has healed by itself meanwhile
        visitor.press(f"/demo/heal/{mishap}/", city=city)
    wait_for(lambda: all(each["is_closed"] for each in _alarms(copy, "ticket_overdue")), lambda: str(story(copy)))
    wait_for(lambda: story(copy)["report"]["counts"].get("delivered", 0) > 0, lambda: str(story(copy)))
    visitor.press("/demo/sign-in/", role="dispatcher", city=city)
    assert visitor.sees("/demo/", "hold a place")
    assert_nothing_lost(story(copy))
    copy.signal(signal.SIGTERM)
    assert copy.wait() == 0
    assert not copy.leftovers()
    assert_calm_logs(copy)


def _alarms(copy: WholeCopy, kind: str) -> list[dict[str, Any]]:
    return [each for each in story(copy)["alarms"] if each["kind"] == kind]


def _let_it_live(copy: WholeCopy) -> None:
    """Half an hour: no alarm, and no process that grows."""
    memory: dict[str, list[int]] = {}
    until = time.monotonic() + FULL_S
    while time.monotonic() < until:
        for name, pid in copy.run_file()["pids"].items():
            memory.setdefault(name, []).append(_rss_kb(pid))
        time.sleep(SAMPLE_S)
    told = story(copy)
    assert_nothing_lost(told)
    assert told["alarms"] == []
    grown = {name: (_middle(kb, 1), _middle(kb, 2)) for name, kb in memory.items()}
    print(f"\n{told['orders']} orders; kB in the second and the last third: {grown}")  # noqa: T201  # the proof's table
    assert {name: kb for name, kb in grown.items() if kb[1] > kb[0] * FLAT + SPARE_KB} == {}


def _rss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def _middle(kb: list[int], third: int) -> int:
    return round(median(kb[len(kb) * third // 3 : len(kb) * (third + 1) // 3]))
