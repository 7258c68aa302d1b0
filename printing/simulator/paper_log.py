"""The roll of paper as a file: one JSON line for each ticket that was cut."""

import base64
import json
import os
from pathlib import Path

from printing.simulator.sheet import Ticket


class PaperLog:
    """Lines appended by one write each and synced, so that a killed simulator has lost no paper."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch()

    def write(self, ticket: Ticket) -> None:
        line = json.dumps(to_json(ticket), ensure_ascii=False)
        with self._path.open("ab", buffering=0) as file:
            file.write(line.encode() + b"\n")
            os.fsync(file.fileno())


def to_json(ticket: Ticket) -> dict[str, object]:
    """`text` lines joined by newlines, `raw` base64 with the cut, `cut_at` RFC 3339, `marks` in order."""
    return {
        "text": ticket.text,
        "raw": base64.b64encode(ticket.raw).decode("ascii"),
        "cut_at": ticket.cut_at.isoformat(timespec="milliseconds"),
        "marks": list(ticket.marks),
    }
