"""Loops of a long-running process: threads with a connection each, that outlive a restart of the database."""

import signal
import threading
from collections.abc import Callable, Mapping
from types import FrameType

import structlog
from django.db import InterfaceError, OperationalError, connection

from delivery.ground.connections import leave_pool

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
DRAIN_S = 2.5

Step = Callable[[], float]


class Loop(threading.Thread):
    """Calls `step` again and again, each time after the seconds that the last call returned."""

    def __init__(self, name: str, step: Step, stopping: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._stopping = stopping
        self._away_pause_s = 0.0
        self.has_failed = False

    def run(self) -> None:
        """Ends when `stopping` is set, after the step at hand; an unexpected error sets it for all loops."""
        leave_pool()
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._pause_after_step())
        except Exception:
            self.has_failed = True
            self._stopping.set()
            log.exception("loop_failed", loop=self.name)
        finally:
            connection.close()

    def _pause_after_step(self) -> float:
        try:
            pause_s = self._step()
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if not self._away_pause_s:
                log.warning("database_away", loop=self.name, error=type(error).__name__)
            self._away_pause_s = min(LONGEST_PAUSE_S, self._away_pause_s * 2 or FIRST_PAUSE_S)
            return self._away_pause_s
        if self._away_pause_s:
            log.info("database_back", loop=self.name)
            self._away_pause_s = 0.0
        return pause_s


def run(steps: Mapping[str, Step]) -> bool:
    """Run loops until SIGTERM, SIGINT or SIGHUP; returns whether all ended well. Call from the main thread."""
    stopping = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        stopping.set()

    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, stop)
    loops = [Loop(name, step, stopping) for name, step in steps.items()]
    for loop in loops:
        loop.start()
    stopping.wait()
    for loop in loops:
        loop.join(timeout=DRAIN_S)
    return not any(loop.has_failed for loop in loops)
