"""What children say reaches the file whole, and people only as far as they need it."""

import io
import json
import os
import threading
from pathlib import Path
from typing import Any

from delivery.ground.supervisor.output import WAITING_LINES, ProcessLog, Terminal


def _follow(tmp_path: Path, terminal: Terminal, text: str) -> list[dict[str, Any]]:
    reader, writer = os.pipe()
    log = ProcessLog("relay", tmp_path, terminal)
    thread = log.follow(os.fdopen(reader, "rb"))
    with os.fdopen(writer, "w") as stream:
        stream.write(text)
    thread.join()
    return [json.loads(line) for line in log.path.read_text().splitlines()]


def test_json_lines_are_kept_and_others_wrapped_without_private_values(tmp_path: Path) -> None:
    ours = {"timestamp": "2026-11-22T12:00:00Z", "level": "info", "process": "relay", "event": "relayed", "city": 3}
    text = f'{json.dumps(ours)}\n\nFATAL:  role "+33612345678" is unknown\n{{"no": "event"}}\n'
    kept, fatal, other = _follow(tmp_path, Terminal(io.StringIO()), text)
    assert kept == ours
    assert (fatal["level"], fatal["process"], fatal["event"]) == (
        "error",
        "relay",
        'FATAL:  role "[hidden]" is unknown',
    )
    assert (other["level"], other["event"]) == ("info", '{"no": "event"}')


def test_people_see_warnings_and_progress(tmp_path: Path) -> None:
    shown = io.StringIO()
    terminal = Terminal(shown)
    records: list[dict[str, object]] = [
        {"level": "info", "event": "dull"},
        {"level": "info", "event": "city made", "progress": True},
        {"level": "error", "event": "broken \x1b[2J"},
    ]
    _follow(tmp_path, terminal, "".join(json.dumps(record) + "\n" for record in records))
    terminal.close()
    assert shown.getvalue() == "info  city made\nerror  broken ?[2J\n"


class StoppedTerminal(io.StringIO):
    """As after Ctrl-S: the first write waits until somebody goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def write(self, text: str) -> int:
        self.go_on.wait()
        return super().write(text)


def test_a_stopped_terminal_holds_nobody_back(tmp_path: Path) -> None:
    stopped = StoppedTerminal()
    terminal = Terminal(stopped)
    count = 2 * WAITING_LINES
    text = "".join(json.dumps({"level": "error", "event": str(number)}) + "\n" for number in range(count))
    assert [record["event"] for record in _follow(tmp_path, terminal, text)] == [str(n) for n in range(count)]
    stopped.go_on.set()
    terminal.close()
