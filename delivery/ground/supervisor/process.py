"""One child: what it is, and one life of it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from delivery.ground.supervisor import guard, identity
from delivery.ground.supervisor.output import ProcessLog


def _always() -> bool:
    return True


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Child:
    """A program that runs for as long as the platform does.

    `is_ready` is asked again until it is true; it answers within 2 s. `before_start` runs before each life.
    `stop_signal` asks it to end; after `grace_s` it is killed. `death_signal` comes if the supervisor dies.
    """

    name: str
    argv: tuple[str, ...]
    is_ready: Callable[[], bool] = _always
    before_start: Callable[[], None] = _nothing
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    grace_s: float = 3.0
    runs_as: identity.Identity = field(default_factory=identity.same_user)
    stdin: bytes | None = None


class Process:
    """One life of a child: started at once, its output followed."""

    def __init__(self, child: Child, environment: Mapping[str, str], log: ProcessLog) -> None:
        child.before_start()
        self.child = child
        self.started_at = time.monotonic()
        self._popen = subprocess.Popen(
            identity.command(child.runs_as, list(child.argv), child.death_signal),
            env={**environment, "PASSEPLAT_PROCESS": child.name},
            stdin=subprocess.DEVNULL if child.stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if child.death_signal == signal.SIGKILL:  # others take theirs along
            guard.watch(self.pid)
        if child.stdin is not None and self._popen.stdin:
            self._popen.stdin.write(child.stdin)
            self._popen.stdin.close()
        assert self._popen.stdout
        self._buried = False
        self._output = log.follow(self._popen.stdout)

    @property
    def pid(self) -> int:
        """The program's own process id: launch.py replaces itself."""
        return self._popen.pid

    def exit_code(self) -> int | None:
        """None while it lives; negative when a signal ended it."""
        code = self._popen.poll()
        if code is not None:
            self._bury()
        return code

    def ask_to_end(self) -> None:
        """Send the stop signal."""
        if self._popen.poll() is None:
            self._popen.send_signal(self.child.stop_signal)

    def kill(self) -> None:
        """End it and everything in its session now."""
        if self._buried:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        self._bury()

    def _bury(self) -> None:
        """What it started must not outlive it; once, because its number may become another program's."""
        if self._buried:
            return
        self._buried = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        guard.forget(self.pid)
        self._output.join(timeout=1)
