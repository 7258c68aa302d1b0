"""`supervise`: start everything in order, keep it alive, stop it in the reverse order."""

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from delivery.ground.logging import mask
from delivery.ground.supervisor import given, guard, identity
from delivery.ground.supervisor.failure import StartFailed
from delivery.ground.supervisor.folder import Folder, port_is_free
from delivery.ground.supervisor.keeper import Keeper
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.postgres import Postgres
from delivery.ground.supervisor.process import Child, Process
from delivery.ground.supervisor.servers import Server, start_server
from delivery.ground.supervisor.signals import Signals, StopRequested
from delivery.ground.supervisor.valkey import Valkey

STILL_WAITING_S = 10.0


@dataclass(frozen=True)
class Step:
    """A program that must end well before the children start; `label` tells people what it does."""

    name: str
    label: str
    argv: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What one copy is: `floors` start from the first to the last and stop from the last to the first.

    `port` is the TCP port of the web process, `greeting` the lines shown when all is ready.
    """

    port: int
    steps: list[Step]
    floors: list[list[Child]]
    greeting: Callable[[], list[str]]


def supervise(*, data_dir: Path, plan: Plan) -> int:
    """Run the platform until a signal; returns the exit code: 0 stopped on request, 1 could not start."""
    os.umask(0o077)
    _raise_file_limit()
    signals = Signals()
    terminal = Terminal()
    try:
        folder = Folder(data_dir)
        folder.lock()
        if not port_is_free(plan.port):
            raise StartFailed(
                f"port {plan.port} is in use: stop what listens there, or choose another: PORT={plan.port + 1}"
            )
        Supervisor(folder, plan, signals, terminal).run()
    except StartFailed as failure:
        terminal.close()
        sys.stderr.write(f"{mask(str(failure))}\n")
        return 1
    terminal.close()
    return 0


class Supervisor:
    """One run on a locked folder."""

    def __init__(self, folder: Folder, plan: Plan, signals: Signals, terminal: Terminal) -> None:
        self._folder = folder
        self._plan = plan
        self._signals = signals
        self._terminal = terminal
        self._floors: list[list[Keeper]] = []
        self._logs: dict[str, ProcessLog] = {}

    def run(self) -> None:
        """Start, keep, stop. Raises StartFailed after having stopped what was started."""
        try:
            self._start()
            self._keep()
        except StopRequested as request:
            self._terminal.say(f"{request}: stopping")
        finally:
            self._folder.remove_run_file()
            self._stop()
            guard.dismiss()
        self._terminal.say("stopped")

    def _start(self) -> None:
        self._folder.remove_run_file()  # one of a killed run
        self._folder.make_application_secrets()
        os.environ["DATA_DIR"] = str(self._folder.path)
        os.environ["PORT"] = str(self._plan.port)
        os.environ["PYTHONUNBUFFERED"] = "1"
        self._start_servers()
        for step in self._plan.steps:
            self._terminal.say(step.label)
            self._run_step(step)
        self._terminal.say("Starting " + ", ".join(child.name for floor in self._plan.floors for child in floor))
        for floor in self._plan.floors:
            self._floors.append([Keeper(child, self._log(child.name), self._terminal) for child in floor])
        self._wait_until_ready()
        self._write_run_file()
        for line in self._plan.greeting():
            self._terminal.say(line)

    def _start_servers(self) -> None:
        who = identity.choose()
        if given.database_url():
            self._terminal.say("PostgreSQL: the one of DATABASE_URL")
            given.check_database()
        else:
            self._terminal.say("PostgreSQL: starting")
            postgres = Postgres(self._folder, who)
            postgres.initialise()
            self._start_server(postgres)
            os.environ["DATABASE_URL"] = postgres.url
        if given.redis_url():
            self._terminal.say("Valkey: the one of REDIS_URL")
        else:
            self._terminal.say("Valkey: starting")
            valkey = Valkey(self._folder, who)
            self._start_server(valkey)
            os.environ["REDIS_URL"] = valkey.url

    def _start_server(self, server: Server) -> None:
        log = self._log(server.name)
        process = start_server(server=server, folder=self._folder, log=log, pause=self._signals.pause)
        self._floors.append([Keeper(process.child, log, self._terminal, process)])

    def _run_step(self, step: Step) -> None:
        log = self._log(step.name)
        process = Process(Child(step.name, step.argv), os.environ, log)
        try:
            while (code := process.exit_code()) is None:
                self._signals.pause(1.0)
        finally:
            process.kill()
        if code != 0:
            raise StartFailed(f"{step.name} failed: {log.last_line} (see {log.path})")

    def _wait_until_ready(self) -> None:
        say_at = time.monotonic() + STILL_WAITING_S
        while True:
            self._check()
            missing = [keeper.child.name for keeper in self._keepers() if not keeper.is_ready()]
            if not missing:
                return
            if time.monotonic() > say_at:
                self._terminal.say("Still waiting for " + ", ".join(missing))
                say_at = time.monotonic() + STILL_WAITING_S
            self._signals.pause(0.3)

    def _keep(self) -> None:
        while True:
            if self._check():
                self._write_run_file()
            self._signals.pause(0.2)

    def _check(self) -> bool:
        now = time.monotonic()
        return any([keeper.check(now) for keeper in self._keepers()])

    def _stop(self) -> None:
        """Floor by floor, each within its grace; a second signal kills the rest at once."""
        for floor in reversed(self._floors):
            processes = [keeper.process for keeper in floor if keeper.process]
            for process in processes:
                process.ask_to_end()
            give_up_at = time.monotonic() + max([p.child.grace_s for p in processes], default=0)
            while any(p.exit_code() is None for p in processes) and time.monotonic() < give_up_at:
                if self._signals.is_second(0.1):
                    self._terminal.say("second signal: killing")
                    return self._kill()
            for process in processes:
                process.kill()
        return None

    def _kill(self) -> None:
        for keeper in reversed(self._keepers()):
            if keeper.process:
                keeper.process.kill()

    def _write_run_file(self) -> None:
        self._folder.write_run_file(
            {
                "web_url": f"http://localhost:{self._plan.port}",
                "database_url": os.environ["DATABASE_URL"],
                "redis_url": os.environ["REDIS_URL"],
                "pids": {keeper.child.name: keeper.process.pid for keeper in self._keepers() if keeper.process},
            }
        )

    def _keepers(self) -> list[Keeper]:
        return [keeper for floor in self._floors for keeper in floor]

    def _log(self, name: str) -> ProcessLog:
        if name not in self._logs:
            self._logs[name] = ProcessLog(name, self._folder.path / "log", self._terminal)
        return self._logs[name]


def _raise_file_limit() -> None:
    """Each socket is a file: a common soft limit of 1024 would cap the people who are connected."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
