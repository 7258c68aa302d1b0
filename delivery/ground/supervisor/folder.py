"""DATA_DIR: the one folder of a copy, locked while the copy runs, private to its user."""

import contextlib
import fcntl
import json
import os
import secrets
import socket
import time
from pathlib import Path
from typing import Any

from delivery.ground.supervisor.failure import StartFailed

LOCK_PATIENCE_S = 1.0


class Folder:
    """The files that one `up` owns below `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("secrets", "log"):
            (path / name).mkdir(mode=0o700, exist_ok=True)

    def lock(self) -> int:
        """Hold the folder until this process ends; returns the descriptor. Raises StartFailed when in use."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        # A command that asks whether something runs holds a shared lock for an instant: ask again a moment.
        give_up_at = time.monotonic() + LOCK_PATIENCE_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    os.close(descriptor)
                    raise StartFailed(
                        f"already running in {self.path}: stop it, or choose another DATA_DIR and PORT"
                    ) from None
                time.sleep(0.05)
            else:
                return descriptor

    def secret(self, name: str) -> str:
        """The secret of that name, made at its first use."""
        return self._kept(f"secrets/{name}", secrets.token_urlsafe(36))

    def make_application_secrets(self) -> None:
        """What `delivery.env` reads: the signing key, and the prefix of this copy in a shared Valkey."""
        self.secret("secret_key")
        self._kept("key_prefix", f"pp{secrets.token_hex(3)}")

    def server_port(self, name: str) -> int:
        """The TCP port that server `name` used last if it is still free, else a new one; stored."""
        stored = self.path / f"{name}.port"
        with contextlib.suppress(FileNotFoundError, ValueError):
            port = int(stored.read_text())
            if port_is_free(port):
                return port
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        write_private(stored, str(port))
        return port

    def write_run_file(self, content: dict[str, Any]) -> None:
        """Tell every other command what runs here: run.json, replaced in one step."""
        write_private(self.path / "run.json", json.dumps(content, indent=1) + "\n")

    def remove_run_file(self) -> None:
        """Nothing runs here any more."""
        (self.path / "run.json").unlink(missing_ok=True)

    def _kept(self, name: str, fresh: str) -> str:
        file = self.path / name
        if not file.exists():
            write_private(file, fresh)
        return file.read_text().strip()


def write_private(file: Path, text: str) -> None:
    """Write `file` with mode 0600 so that a reader sees the old text or the new, never a part."""
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    draft.replace(file)


def port_is_free(port: int) -> bool:
    """Whether nobody listens on 127.0.0.1:port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
