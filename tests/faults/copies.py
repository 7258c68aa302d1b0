"""Starts copies of the platform for a test, looks at their processes, and leaves none."""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from delivery import env

PATIENCE_S = 240.0


class Copy:
    """One `small_copy` in `folder`, as `user` (a uid; None is the user of the tests)."""

    command: tuple[str, ...] = (sys.executable, "-m", "tests.faults.small_copy")
    ready_words = "all is ready"

    def __init__(self, folder: Path, *, user: int | None = None) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        self.port = free_port()
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self.output = folder / "output"

    def start(self, *words: str, ignoring: tuple[str, ...] = (), urls: dict[str, str] | None = None) -> None:
        """Start it; `ignoring` names signals that it inherits as ignored."""
        command = shlex.join([*self.command, *words])
        traps = "".join(f"trap '' {name}; " for name in ignoring)
        environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        environment |= {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "HOME": str(self.folder)}
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                ["sh", "-c", f"{traps}exec {command}"],
                cwd=env.BASE_DIR,
                env=environment | (urls or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
            )

    def start_and_wait(self, *words: str, **options: Any) -> dict[str, Any]:
        """Start it and return its run.json."""
        self.start(*words, **options)
        wait_for(lambda: self.said(self.ready_words) or self.exit_code() is not None, self.text)
        assert self.exit_code() is None, self.text()
        return self.run_file()

    def run_file(self) -> dict[str, Any]:
        """The content of run.json."""
        content: dict[str, Any] = json.loads((self.data_dir / "run.json").read_text())
        return content

    def signal(self, number: signal.Signals) -> None:
        """Signal the supervisor."""
        assert self._process
        self._process.send_signal(number)

    def exit_code(self) -> int | None:
        """The supervisor's, None while it runs."""
        assert self._process
        return self._process.poll()

    def wait(self) -> int:
        """Its exit code, within the 20 s that stopping may take."""
        assert self._process
        code = self._process.wait(timeout=20)
        self.output.write_bytes(b"")
        return code

    def text(self) -> str:
        """What it said since its start."""
        return self.output.read_text()

    def said(self, words: str) -> bool:
        """Whether a line holds these words."""
        return words in self.text()

    def leftovers(self) -> list[str]:
        """Living processes that belong to the copy: by their environment, arguments or current folder."""
        return [line for line in map(self._belongs, Path("/proc").glob("[0-9]*")) if line]

    def end(self) -> None:
        """Kill what a failed test left."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        wait_for(lambda: not self.leftovers(), lambda: str(self.leftovers()))

    def _belongs(self, process: Path) -> str:
        place = str(self.data_dir)
        with contextlib.suppress(OSError):
            texts = [(process / name).read_bytes().decode(errors="replace") for name in ("environ", "cmdline")]
            if any(place in text for text in texts) or str((process / "cwd").readlink()).startswith(place):
                return f"{process.name} {texts[1]}"
        return ""


class WholeCopy(Copy):
    """The whole platform: `manage.py up`, with all five processes and both servers."""

    command = (sys.executable, str(env.BASE_DIR / "manage.py"), "up")
    ready_words = "Passeplat is ready"

    def manage(self, *words: str) -> "subprocess.Popen[str]":
        """A `manage.py` command beside the running copy, as a person in another terminal would start it."""
        environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        return subprocess.Popen(
            [sys.executable, str(env.BASE_DIR / "manage.py"), *words],
            cwd=env.BASE_DIR,
            env=environment | {"DATA_DIR": str(self.data_dir), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self, module: str, call: str) -> Any:
        """The JSON value of `module.call` inside the copy, as a person would ask in `manage.py shell`."""
        words = f"import json; from {module} import *; print(json.dumps({call}))"
        shell = self.manage("shell", "--verbosity", "0", "--no-imports", "-c", words)
        said, complaint = shell.communicate(timeout=PATIENCE_S)
        assert shell.returncode == 0, complaint
        return json.loads(said)


def wait_for(is_so: Callable[[], bool], explain: Callable[[], str] = str, *, patience_s: float = PATIENCE_S) -> None:
    """Ask until true; fails with the explanation after a long time."""
    give_up_at = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < give_up_at, explain()
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether the PostgreSQL at `url` takes a connection."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
