"""What children say: every line to DATA_DIR/log/<process>.jsonl, what a person must see to the terminal.

A process of ours writes JSON lines to its standard output (`delivery.ground.logging`); lines of any other
program are wrapped. One writer per file, so rotation cannot tear a line.
"""

import datetime
import json
import logging
import logging.handlers
import queue
import sys
import threading
from pathlib import Path
from typing import IO, TextIO

from delivery.ground.logging import FOR_PEOPLE_ONLY, line_for_people, mask

FILE_SIZE = 10_000_000
OLD_FILES = 4
LINE_LIMIT = 65_536
WAITING_LINES = 1_000


class Terminal:
    """Lines for people. A terminal that is stopped, slow or gone loses lines and never stops the platform."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._lines: queue.Queue[str | None] = queue.Queue(WAITING_LINES)
        self._thread = threading.Thread(target=self._write, daemon=True, name="terminal")
        self._thread.start()

    def say(self, line: str) -> None:
        """Show one line; returns at once."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            return  # the log file has it

    def close(self) -> None:
        """Wait a moment for the last lines."""
        self.say_end()
        self._thread.join(timeout=1)

    def say_end(self) -> None:
        """Let the thread end after the lines before."""
        try:
            self._lines.put_nowait(None)
        except queue.Full:
            return  # nobody reads: the thread is a daemon

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except OSError:
                continue  # the terminal is gone; SIGHUP ends the supervisor if that was meant


class ProcessLog:
    """The log file of one process, and the thread that fills it while the process runs."""

    def __init__(self, name: str, folder: Path, terminal: Terminal) -> None:
        self.name = name
        self.path = folder / f"{name}.jsonl"
        self._terminal = terminal
        self._file = logging.handlers.RotatingFileHandler(self.path, maxBytes=FILE_SIZE, backupCount=OLD_FILES)
        self.last_line = ""

    def follow(self, stream: IO[bytes]) -> threading.Thread:
        """Copy lines from `stream` until its end, in a thread of its own; returns the thread."""
        self.last_line = ""
        thread = threading.Thread(target=self._copy, args=[stream], daemon=True, name=f"log-{self.name}")
        thread.start()
        return thread

    def _copy(self, stream: IO[bytes]) -> None:
        with stream:
            while raw := stream.readline(LINE_LIMIT):
                line = raw.decode(errors="replace").rstrip()
                if line:
                    self._keep(line)

    def _keep(self, line: str) -> None:
        if line.startswith(FOR_PEOPLE_ONLY):
            self._terminal.say(line.removeprefix(FOR_PEOPLE_ONLY))
            return
        record = parsed(line)
        if record is None:
            self.last_line = mask(line)
            record = wrapped(self.name, self.last_line)
        else:
            self.last_line = str(record["event"])
            if record.get("level") in {"warning", "error", "critical"} or record.get("progress"):
                self._terminal.say(line_for_people(record))
        self._file.handle(logging.makeLogRecord({"msg": json.dumps(record, ensure_ascii=False)}))


def parsed(line: str) -> dict[str, object] | None:
    """The record of a JSON line of ours, else None."""
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "event" in record else None


def wrapped(process: str, line: str) -> dict[str, object]:
    """A record for a line of a program that does not write JSON."""
    return {
        "timestamp": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
        "level": level_of(line),
        "process": process,
        "event": line,
    }


def level_of(line: str) -> str:
    """The level that a line of PostgreSQL starts with; other programs' lines are `info`."""
    word = line.partition(":")[0]
    levels = {"WARNING": "warning", "ERROR": "error", "FATAL": "error", "PANIC": "critical"}
    return levels.get(word, "info")
