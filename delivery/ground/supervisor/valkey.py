"""An embedded Valkey: hints, live messages, caches; never the only copy of anything, so it writes no file."""

import signal

import redis

from delivery.ground.supervisor import binaries
from delivery.ground.supervisor.folder import Folder
from delivery.ground.supervisor.identity import Identity
from delivery.ground.supervisor.process import Child

# Read from standard input: on the command line the password would be public.
CONFIGURATION = """
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy volatile-lru
loglevel notice
"""


class Valkey:
    """One server for the copy in `folder`, run as `identity`."""

    name = "valkey"

    def __init__(self, folder: Folder, identity: Identity) -> None:
        self._folder = folder
        self._identity = identity
        self._program = binaries.valkey_server()
        self._password = folder.secret("valkey_password")
        self.port = 0

    @property
    def url(self) -> str:
        """`redis://` address of database 0."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def child(self, port: int) -> Child:
        """The server as a child process on 127.0.0.1:port."""
        self.port = port
        text = CONFIGURATION.format(port=port, password=self._password, folder=self._folder.path)
        return Child(
            name=self.name,
            argv=(str(self._program), "-"),
            is_ready=self.is_ready,
            stop_signal=signal.SIGTERM,
            grace_s=2.0,
            runs_as=self._identity,
            stdin=text.encode(),
        )

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
