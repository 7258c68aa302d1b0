"""Kills what the children have started when the supervisor itself is killed.

The kernel ends the children then (launch.py), but not their own children. This small process holds the other end of a
pipe: while the supervisor lives it reads which sessions exist, at the end of the pipe it kills those that are left.
"""

import contextlib
import os
import signal
import subprocess
import sys
from functools import cache


def watch(pid: int) -> None:
    """Add the session that process `pid` leads."""
    _tell(f"+{pid}\n")


def forget(pid: int) -> None:
    """The session has ended: its number may become another program's."""
    _tell(f"-{pid}\n")


def dismiss() -> None:
    """End the guard; returns when it is gone."""
    guardian = _guardian()
    assert guardian.stdin
    guardian.stdin.close()
    guardian.wait()
    _guardian.cache_clear()


@cache
def _guardian() -> subprocess.Popen[bytes]:
    # No environment: it needs none, and it must not look like a part of the platform.
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, env={}, start_new_session=True, bufsize=0
    )


def _tell(line: str) -> None:
    pipe = _guardian().stdin
    assert pipe
    with contextlib.suppress(BrokenPipeError):  # somebody killed the guard: only the second line of defence is lost
        pipe.write(line.encode())


def _stand_guard() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sessions: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        sessions = sessions | {pid} if line[0] == "+" else sessions - {pid}
    for pid in sessions:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    _stand_guard()
