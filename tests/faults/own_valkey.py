"""A Valkey of one test's own, on one port for good: emptied, frozen, stopped and started again at will."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import redis

from delivery.ground.supervisor import identity
from delivery.ground.supervisor.folder import Folder
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.process import Process
from delivery.ground.supervisor.servers import start_server
from delivery.ground.supervisor.valkey import Valkey


class OwnValkey:
    """Runs from the start; `end` leaves nothing."""

    def __init__(self) -> None:
        self._folder = Folder(Path(tempfile.mkdtemp(prefix="passeplat-valkey-")))
        self._server = Valkey(self._folder, identity.choose())
        self._process: Process | None = None
        self.start()

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        """Returns when it answers, on the port of before."""
        log = ProcessLog("valkey", self._folder.path / "log", Terminal())
        self._process = start_server(server=self._server, folder=self._folder, log=log)

    def stop(self) -> None:
        """Gone, with all it held: its port refuses connections."""
        if self._process is not None:
            self._process.kill()
        self._process = None

    def freeze(self) -> None:
        """It takes connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def flush(self) -> None:
        """It has lost all it held."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self._folder.path)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)
