"""What became of each ticket, on disk before it happens: lines of JSON, the last of a token counts.

States: `received` (with the whole job: it survives a restart), `printing` (written before the first byte), `over` (with
its result, until the platform has noted it), `noted`. The last 500 tokens are remembered, so that a ticket which is
sent again is answered and not printed again.
"""

import json
import os
import threading
from pathlib import Path
from typing import Any

REMEMBERED = 500
Entry = dict[str, Any]


class Journal:
    """Safe for threads. A line that a crash cut short is left out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._lines = 0
        for line in path.read_bytes().splitlines() if path.exists() else []:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            self._entries.pop(entry["token"], None)
            self._entries[entry["token"]] = entry
        self._rewrite()

    def write(self, token: str, state: str, **more: Any) -> None:
        """Returns when it is on disk. Raises OSError: then nothing may be printed."""
        with self._lock:
            entry = {"token": token, "state": state, **more}
            with self._path.open("ab", buffering=0) as file:
                file.write(json.dumps(entry).encode() + b"\n")
                os.fsync(file.fileno())
            self._entries.pop(token, None)
            self._entries[token] = entry
            self._lines += 1
            if self._lines > 4 * REMEMBERED:
                self._rewrite()

    def of(self, token: str) -> Entry | None:
        with self._lock:
            return self._entries.get(token)

    def in_state(self, state: str) -> list[Entry]:
        """Oldest first."""
        with self._lock:
            return [entry for entry in self._entries.values() if entry["state"] == state]

    def _rewrite(self) -> None:
        """Forget the oldest that nobody waits for; the new file replaces the old one at once."""
        noted = [token for token, entry in self._entries.items() if entry["state"] == "noted"]
        for token in noted[: max(0, len(self._entries) - REMEMBERED)]:
            del self._entries[token]
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.writelines(json.dumps(entry).encode() + b"\n" for entry in self._entries.values())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._lines = len(self._entries)
