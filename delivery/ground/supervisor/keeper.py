"""Keeps one child alive: a dead one starts again after 0.2 s, later at most 5 s, for ever."""

import os
import signal

from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.process import Child, Process

FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 5.0
# Who lived this long did not die of its start.
HEALTHY_S = 10.0


class Keeper:
    """The lives of `child`, one after the other; `process` is the first one when it already runs."""

    def __init__(self, child: Child, log: ProcessLog, terminal: Terminal, process: Process | None = None) -> None:
        self.child = child
        self.process = process
        self._log = log
        self._terminal = terminal
        self._delay_s = FIRST_DELAY_S
        self._start_at = 0.0

    def check(self, now: float) -> bool:
        """Notice a death, or start the next life when it is due; whether the process id changed."""
        if self.process is None:
            return now >= self._start_at and self._start(now)
        code = self.process.exit_code()
        if code is None:
            return False
        if now - self.process.started_at > HEALTHY_S:
            self._delay_s = FIRST_DELAY_S
        self.process = None
        self._retry(now, f"stopped ({_reason(code)})")
        return True

    def is_ready(self) -> bool:
        """Whether it lives and says that it is ready."""
        return self.process is not None and self.process.exit_code() is None and self.child.is_ready()

    def _start(self, now: float) -> bool:
        try:
            self.process = Process(self.child, os.environ, self._log)
        except OSError as error:  # no memory, no more processes: it may pass
            self._retry(now, f"cannot start ({error})")
        return self.process is not None

    def _retry(self, now: float, what: str) -> None:
        last = f": {self._log.last_line}" if self._log.last_line else ""
        self._terminal.say(f"{self.child.name} {what}, starts again in {self._delay_s:.1f} s{last}")
        self._start_at = now + self._delay_s
        self._delay_s = min(self._delay_s * 2, LONGEST_DELAY_S)


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
