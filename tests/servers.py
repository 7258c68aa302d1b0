"""The PostgreSQL and Valkey of one test session: the wheels' programs, in a folder that goes with it."""

import os
import shutil
import tempfile
from pathlib import Path

from delivery.ground.supervisor import identity
from delivery.ground.supervisor.folder import Folder
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.postgres import FAST_AND_FORGETFUL, Postgres
from delivery.ground.supervisor.process import Process
from delivery.ground.supervisor.servers import Server, start_server
from delivery.ground.supervisor.valkey import Valkey

# These need no server: they run alone without starting one.
WITHOUT_SERVERS = ("tests/unit", "tests/architecture")


def are_needed(*, root: Path, arguments: list[str]) -> bool:
    """Whether one of pytest's path arguments reaches beyond the tests that need no server."""
    free = [root / folder for folder in WITHOUT_SERVERS]
    paths = [Path(argument.split("::")[0]).absolute() for argument in arguments]
    return any(not any(path.is_relative_to(folder) for folder in free) for path in paths)


# A test holds its transaction open to its end, also when a busy machine loads the whole application meanwhile.
PATIENT = {"idle_in_transaction_session_timeout": "0"}


class SessionServers:
    """Starts what no URL in the environment replaces, and sets DATABASE_URL and REDIS_URL."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="passeplat-tests-"))
        self._folder = Folder(self.path)
        self._processes: list[Process] = []

    def start(self) -> None:
        """Returns when both answer. Raises StartFailed."""
        who = identity.choose()
        if "DATABASE_URL" not in os.environ:
            postgres = Postgres(self._folder, who, FAST_AND_FORGETFUL | PATIENT)
            postgres.initialise()
            self._start(postgres)
            os.environ["DATABASE_URL"] = postgres.url
        if "REDIS_URL" not in os.environ:
            valkey = Valkey(self._folder, who)
            self._start(valkey)
            os.environ["REDIS_URL"] = valkey.url

    def stop(self) -> None:
        """Kill them: nothing of theirs is kept."""
        for process in reversed(self._processes):
            process.kill()
        shutil.rmtree(self.path)

    def _start(self, server: Server) -> None:
        log = ProcessLog(server.name, self.path / "log", Terminal())
        self._processes.append(start_server(server=server, folder=self._folder, log=log))
