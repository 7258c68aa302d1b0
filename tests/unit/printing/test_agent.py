"""The box in a restaurant: whatever the line, the power and the printers do, a token is printed at most once."""

import base64
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from printing.agent import hands as hands_module
from printing.agent.hands import Hands
from printing.agent.journal import REMEMBERED, Entry, Journal
from printing.agent.line import Line
from printing.agent.websocket import Refused, WebSocket
from printing.simulator import Simulator, running

FOREVER = 4e9
WITHIN_S = 60.0


def job(simulator: Simulator, token: str = "aaaa0001", text: str = "one ticket") -> dict[str, Any]:
    return {
        "token": token,
        "process_id": b"ABCD".hex(),
        "not_after": FOREVER,
        "bytes": base64.b64encode(text.encode() + b"\n\x1dV\x00").decode(),
        "printer": {"uid": "oven", "host": "127.0.0.1", "port": simulator.port, "path": "", "confirm_s": 20},
    }


class Box:
    """A box without a line: its results arrive in `results`."""

    def __init__(self, journal: Path, *, is_connected: bool = True) -> None:
        self.results: queue.Queue[Entry] = queue.Queue()
        self.is_connected = is_connected
        self.journal = Journal(journal)
        self.hands = Hands(self.journal, self.results.put, lambda: self.is_connected)

    def result(self) -> Entry:
        return self.results.get(timeout=WITHIN_S)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def papers(simulator: Simulator) -> list[str]:
    return [ticket.text for ticket in simulator.tickets]


def test_a_ticket_is_printed_once_however_often_it_is_handed_over(journal: Path) -> None:
    simulator = Simulator()
    with running(simulator):
        box = Box(journal)
        box.hands.take(job(simulator))
        assert (box.result()["verdict"], papers(simulator)) == ("printed", ["one ticket"])
        box.hands.take(job(simulator))
        assert box.result()["verdict"] == "printed", "it says again what became of it"
        after_a_restart = Box(journal)
        after_a_restart.hands.recover()
        after_a_restart.hands.take(job(simulator))
        assert after_a_restart.result()["verdict"] == "printed"
        after_a_restart.hands.take(job(simulator, "aaaa0002", "another"))
        assert after_a_restart.result()["token"] == "aaaa0002"
        assert papers(simulator) == ["one ticket", "another"]


def test_a_crash_before_the_verdict_is_reported_as_doubt_and_prints_nothing_again(journal: Path) -> None:
    simulator = Simulator()
    with running(simulator):
        Journal(journal).write("aaaa0001", "printing")
        box = Box(journal)
        box.hands.recover()
        assert box.result()["verdict"] == "unconfirmed"
        box.hands.take(job(simulator))
        assert box.result()["verdict"] == "unconfirmed"
        assert papers(simulator) == []


def test_what_waited_when_the_power_went_is_printed_when_it_is_back(journal: Path) -> None:
    simulator = Simulator()
    with running(simulator):
        Journal(journal).write("aaaa0001", "received", job=job(simulator))
        box = Box(journal)
        box.hands.recover()
        assert (box.result()["verdict"], papers(simulator)) == ("printed", ["one ticket"])


def test_while_the_internet_is_away_a_ticket_waits_here_for_its_printer(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands_module, "RETRY_S", 0.05)
    simulator = Simulator(faults=["paper_out"])
    with running(simulator):
        box = Box(journal, is_connected=False)
        box.hands.take(job(simulator))
        simulator.clear()
        assert (box.result()["verdict"], papers(simulator)) == ("printed", ["one ticket"])


def test_with_a_line_the_platform_gets_it_back_and_may_use_another_printer(journal: Path) -> None:
    simulator = Simulator(faults=["paper_out"])
    with running(simulator):
        box = Box(journal)
        box.hands.take(job(simulator))
        result = box.result()
        assert (result["verdict"], result["blocked"]) == ("failed_clean", "paper")


def test_an_old_ticket_is_not_printed(journal: Path) -> None:
    simulator = Simulator()
    with running(simulator):
        box = Box(journal)
        box.hands.take(job(simulator) | {"not_after": 1.0})
        assert (box.result()["detail"], papers(simulator)) == ("too old", [])


def test_nothing_is_printed_that_the_disk_does_not_remember(journal: Path) -> None:
    simulator = Simulator()
    with running(simulator):
        box = Box(journal)
        journal.unlink()
        journal.mkdir()
        with pytest.raises(OSError, match="directory"):
            box.hands.take(job(simulator))
        assert papers(simulator) == []


def test_a_journal_survives_a_torn_line_and_forgets_only_what_was_noted(journal: Path) -> None:
    first = Journal(journal)
    first.write("waits", "over", verdict="printed", level=3)
    for number in range(5 * REMEMBERED):
        first.write(f"t{number}", "noted")
    with journal.open("ab") as file:
        file.write(b'{"token": "torn", "sta')
    again = Journal(journal)
    assert again.of("torn") is None
    assert again.in_state("over") == [{"token": "waits", "state": "over", "verdict": "printed", "level": 3}]
    assert len(again.in_state("noted")) == REMEMBERED - 1
    assert again.of(f"t{5 * REMEMBERED - 1}") is not None


class Platform:
    """The other end of the line: hands out what it is told, hears everything, hangs up on demand."""

    def __init__(self) -> None:
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self.lines: queue.Queue[ServerConnection] = queue.Queue()
        self.tokens: list[str | None] = []

    def talk(self, line: ServerConnection) -> None:
        self.tokens.append(line.request.headers.get("Authorization") if line.request else None)
        self.lines.put(line)
        try:
            for text in line:
                self.heard.put(json.loads(text))
        except ConnectionClosed:
            return

    def hear(self, kind: str) -> Any:
        """The next message of a kind."""
        while True:
            message = self.heard.get(timeout=WITHIN_S)
            if kind in message:
                return message[kind]


@contextmanager
def platform() -> Iterator[tuple[Platform, str]]:
    other = Platform()
    with serve(other.talk, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield other, f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws/printers/"
        finally:
            server.shutdown()
            thread.join()


def test_a_result_is_said_on_every_new_line_until_it_is_noted(journal: Path) -> None:
    simulator = Simulator()
    with running(simulator), platform() as (other, url):
        line = Line(url, token="ppd_box", journal=Journal(journal))
        running_line = threading.Thread(target=line.run)
        running_line.start()
        try:
            first = other.lines.get(timeout=WITHIN_S)
            assert other.hear("hello") == {"version": "1"}
            first.send(json.dumps({"job": job(simulator)}))
            assert other.hear("over")["verdict"] == "printed"
            first.close()
            second = other.lines.get(timeout=WITHIN_S)
            assert other.hear("over")["token"] == "aaaa0001"
            second.send(json.dumps({"noted": "aaaa0001"}))
            second.send(json.dumps({"job": job(simulator)}))
            assert other.hear("over")["state"] == "noted"
            second.close()
            other.lines.get(timeout=WITHIN_S)
            other.hear("hello")
            assert papers(simulator) == ["one ticket"]
            assert other.tokens == ["Bearer ppd_box"] * 3
        finally:
            line.stop()
            running_line.join(WITHIN_S)


def test_frames_of_all_sizes_go_both_ways() -> None:
    with platform() as (other, url):
        socket = WebSocket(url, token="x", timeout_s=WITHIN_S)
        line = other.lines.get(timeout=WITHIN_S)
        for size in (1, 125, 126, 65_535, 65_536, 300_000):
            socket.send(json.dumps({"n": "x" * size}))
            assert len(other.hear("n")) == size
            line.send("é" * size)
            assert socket.receive(WITHIN_S) == "é" * size
        line.ping()
        assert socket.receive(0.2) is None
        line.close()
        with pytest.raises(OSError, match="closed"):
            socket.receive(WITHIN_S)
        socket.close()


def test_a_door_that_stays_shut_says_its_number() -> None:
    with (
        serve(lambda line: None, "127.0.0.1", 0, process_request=lambda line, request: line.respond(403, "no")) as door,
    ):
        thread = threading.Thread(target=door.serve_forever)
        thread.start()
        try:
            with pytest.raises(Refused) as refused:
                WebSocket(f"ws://127.0.0.1:{door.socket.getsockname()[1]}/", token="x", timeout_s=WITHIN_S)
            assert refused.value.status == 403
        finally:
            door.shutdown()
            thread.join()
