"""The `make` that called us: GNU make passes SIGTERM on, but on SIGINT or SIGHUP it only waits until we have ended.

While it waits so it is inside its handler, and the kernel shows the signal as blocked (proc(5), `SigBlk`). Where there
is no /proc, and for a `make` that was started with these signals ignored, nothing is to be seen.
"""

import os
import signal
from pathlib import Path

MAKES = frozenset({"make", "gmake"})
WISHES = (signal.SIGINT, signal.SIGHUP)


class Caller:
    """The parent of this process, if it is make."""

    def __init__(self) -> None:
        self._folder = Path(f"/proc/{os.getppid()}")
        self._known = self._blocked() if self._is_make() else None

    def wish(self) -> int:
        """The number of a signal that has reached make since the last look; 0 for none."""
        if self._known is None:
            return 0
        blocked = self._blocked()
        came, self._known = blocked - self._known, blocked
        return next(iter(came), 0)

    def _is_make(self) -> bool:
        try:
            return (self._folder / "comm").read_text().strip() in MAKES
        except OSError:
            return False

    def _blocked(self) -> frozenset[int]:
        try:
            lines = (self._folder / "status").read_text().splitlines()
        except OSError:  # it is gone: whatever ended it was no wish of ours to end
            return frozenset()
        mask = next((int(line.split()[1], 16) for line in lines if line.startswith("SigBlk:")), 0)
        return frozenset(number for number in WISHES if mask >> (number - 1) & 1)
