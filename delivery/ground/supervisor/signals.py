"""Waiting that ends early when a child dies, and stops the start or the watch when a person says so."""

import os
import select
import signal
import time
from types import FrameType

from delivery.ground.supervisor.caller import Caller

STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
# Terminal and `make` often both deliver the same wish: only a later signal is a second one.
SECOND_AFTER_S = 1.0


class StopRequested(Exception):
    """SIGINT, SIGTERM or SIGHUP came; the text is its name."""


class Signals:
    """Handlers of this process, from the main thread; also for signals that it inherited as ignored or blocked, and
    for those that reached only the `make` that waits for it."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in STOP | {signal.SIGCHLD}:
            signal.signal(number, _noticed)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP | {signal.SIGCHLD})
        self._stop_at: float | None = None
        self._caller = Caller()

    def pause(self, seconds: float) -> None:
        """Sleep at most `seconds`, less when a child ends. Raises StopRequested."""
        came = self._wait(seconds)
        if came:
            self._stop_at = time.monotonic()
            raise StopRequested(signal.Signals(came).name)

    def is_second(self, seconds: float) -> bool:
        """Sleep as `pause` does; whether somebody asked again while the platform is stopping."""
        now = time.monotonic()
        first = self._stop_at if self._stop_at is not None else now
        came = self._wait(seconds)
        if came and self._stop_at is None:
            self._stop_at = now
        return bool(came) and time.monotonic() - first > SECOND_AFTER_S

    def _wait(self, seconds: float) -> int:
        readable, _, _ = select.select([self._reader], [], [], max(seconds, 0))
        numbers = os.read(self._reader, 1024) if readable else b""
        from_make = self._caller.wish()
        return next((number for number in numbers if number in STOP), from_make)


def _noticed(_number: int, _frame: FrameType | None) -> None:
    """The wake-up descriptor already carries the number."""
