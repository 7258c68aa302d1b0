"""Starts an embedded server and waits until it answers, whatever an earlier crash left behind."""

import os
import time
from collections.abc import Callable
from typing import Protocol

from delivery.ground.supervisor.failure import StartFailed
from delivery.ground.supervisor.folder import Folder
from delivery.ground.supervisor.output import ProcessLog
from delivery.ground.supervisor.process import Child, Process

PORTS_TRIED = 5
# PostgreSQL refuses to start while processes of a crashed one still hold its shared memory.
PATIENCE_S = 15.0


class Server(Protocol):
    """What Postgres and Valkey have in common."""

    name: str

    def child(self, port: int) -> Child:
        """The child process on that port."""


def start_server(
    *, server: Server, folder: Folder, log: ProcessLog, pause: Callable[[float], None] = time.sleep
) -> Process:
    """Start `server` on its stored port or a new one; returns it ready. Raises StartFailed."""
    give_up_at = time.monotonic() + PATIENCE_S
    ports: set[int] = set()
    while True:
        port = folder.server_port(server.name)
        ports.add(port)
        process = Process(server.child(port), os.environ, log)
        try:
            while process.exit_code() is None:
                if process.child.is_ready():
                    return process
                pause(0.02)
            if time.monotonic() > give_up_at or len(ports) > PORTS_TRIED:
                raise StartFailed(f"{server.name} does not start: {log.last_line} (see {log.path})")
            pause(0.2)
        except BaseException:
            process.kill()
            raise
