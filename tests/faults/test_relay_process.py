"""`manage.py relay` as a process: it outlives a crash of the database and ends when it is asked to."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from delivery.ground.supervisor import identity
from delivery.ground.supervisor.folder import Folder
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.postgres import Postgres
from delivery.ground.supervisor.process import Process
from delivery.ground.supervisor.servers import start_server

TRIES = 300
PAUSE_S = 0.1

FACT = """
INSERT INTO ground_event (slot, aggregate_kind, aggregate_id, aggregate_public_id, seq, kind, payload, occurred_at, by,
                          request_id)
VALUES (0, 'test.box', %s, gen_random_uuid(), 1, 'Unreadable', '{"of_kind": "x"}', now(), 'test', '')
"""
HEARTBEATS = "SELECT process, at FROM ground_heartbeat"


class Machine:
    """A PostgreSQL of its own with the platform's tables, and relay processes on it."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.server = Postgres(folder, identity.choose())
        self.server.initialise()
        self.postgres = self.start_postgres()
        self.relays: list[subprocess.Popen[bytes]] = []

    def start_postgres(self) -> Process:
        log = ProcessLog("postgres", self.folder.path / "log", Terminal())
        return start_server(server=self.server, folder=self.folder, log=log)

    def command(self, *words: str) -> subprocess.Popen[bytes]:
        given = {"DATABASE_URL": self.server.url, "REDIS_URL": "redis://127.0.0.1:1/0"}
        return subprocess.Popen([sys.executable, "manage.py", *words], env={**os.environ, **given})

    def start_relay(self) -> subprocess.Popen[bytes]:
        relay = self.command("relay")
        self.relays.append(relay)
        return relay

    def carries(self, number: int) -> bool:
        """Record a fact and watch it for at most 30 s."""
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(FACT, [number])
            for _ in range(TRIES):
                row = connection.execute(
                    "SELECT relayed_at IS NOT NULL FROM ground_event WHERE aggregate_id = %s", [number]
                ).fetchone()
                if row == (True,):
                    return True
                time.sleep(PAUSE_S)
        return False

    def end_relays(self) -> None:
        for relay in self.relays:
            relay.kill()
            relay.wait()

    def end(self) -> None:
        self.end_relays()
        self.postgres.kill()
        shutil.rmtree(self.folder.path)


@pytest.fixture(scope="module")
def module_machine() -> Iterator[Machine]:
    machine = Machine(Folder(Path(tempfile.mkdtemp(prefix="passeplat-relay-"))))
    try:
        assert machine.command("migrate", "--verbosity=0").wait(timeout=120) == 0
        yield machine
    finally:
        machine.end()


@pytest.fixture
def machine(module_machine: Machine) -> Iterator[Machine]:
    """Without relays at first."""
    yield module_machine
    module_machine.end_relays()


def test_it_goes_on_after_the_database_crashed(machine: Machine) -> None:
    relay = machine.start_relay()
    assert machine.carries(1)
    os.killpg(machine.postgres.pid, signal.SIGQUIT)  # every backend dies with unsaved work
    machine.postgres.kill()
    machine.postgres = machine.start_postgres()
    assert machine.carries(2)
    assert relay.poll() is None
    with psycopg.connect(machine.server.url) as connection:
        assert {process for process, _ in connection.execute(HEARTBEATS)} == {"relay", "deadlines"}
        partitions = connection.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'ground_event'::regclass"
        ).fetchone()
    assert partitions == (5,)  # the duty ran: today, three days ahead, DEFAULT


def test_a_second_one_takes_over_when_the_first_is_killed(machine: Machine) -> None:
    first, second = machine.start_relay(), machine.start_relay()
    assert machine.carries(3)
    first.kill()
    assert machine.carries(4)
    assert second.poll() is None


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_well_when_asked(machine: Machine, signum: signal.Signals) -> None:
    relay = machine.start_relay()
    assert machine.carries(100 + signum)
    relay.send_signal(signum)
    assert relay.wait(timeout=10) == 0
