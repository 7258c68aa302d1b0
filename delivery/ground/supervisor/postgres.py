"""An embedded PostgreSQL: its files, its child process, its address."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from delivery.ground.supervisor import binaries
from delivery.ground.supervisor.failure import StartFailed
from delivery.ground.supervisor.folder import Folder, write_private
from delivery.ground.supervisor.identity import Identity, command
from delivery.ground.supervisor.process import Child

DATABASE = "passeplat"
MACHINE_FOLDER = Path("/var/lib")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # their paths end at 107 bytes, TCP has no such limit
    "max_connections": "200",
    "timezone": "UTC",
    "jit": "off",
    # Queues and counters are updated all day: dead rows must go within seconds, not at 20 % of the table.
    "autovacuum_naptime": "10s",
    "autovacuum_vacuum_scale_factor": "0.01",
    "autovacuum_analyze_scale_factor": "0.02",
    # A client that sleeps in a transaction or vanished must not hold locks and old snapshots.
    "idle_in_transaction_session_timeout": "10s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "client_connection_check_interval": "1s",
    # Values of rows are about people: they stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_line_prefix": "",
}
# Only for tests: what is written is lost with the machine.
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One cluster below `folder`, run as `identity`; `settings` add to or replace SETTINGS."""

    name = "postgres"

    def __init__(self, folder: Folder, identity: Identity, settings: dict[str, str] | None = None) -> None:
        self._identity = identity
        self._settings = SETTINGS | (settings or {})
        self._password = folder.secret("postgres_password")
        self.port = 0
        self._home = _home_of_other_user(folder, identity) if identity.is_other_user else folder.path
        self._bin = _readable_by(identity, self._home) if identity.is_other_user else binaries.postgres_bin()
        self.data = self._home / "postgres"

    @property
    def url(self) -> str:
        """`postgresql://` address of the platform's database."""
        return self._url(DATABASE)

    def initialise(self) -> None:
        """Create the cluster unless it is there. Raises StartFailed; a half-made cluster is made anew."""
        if (self.data / "PG_VERSION").exists():
            self._check_owner()
            return
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        os.chown(draft, self._identity.owner_uid, self._identity.owner_gid)
        password_file = draft.with_name("postgres.password")
        write_private(password_file, self._password)
        os.chown(password_file, self._identity.owner_uid, self._identity.owner_gid)
        words = ["--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums", "--encoding=UTF8"]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        argv = [str(self._bin / "initdb"), "-D", str(draft), "-U", DATABASE, *words, *locale]
        if self._settings.get("fsync") == "off":
            argv.append("--no-sync")
        done = subprocess.run(
            command(self._identity, argv, signal.SIGKILL), capture_output=True, text=True, check=False
        )
        password_file.unlink()
        if done.returncode != 0:
            raise StartFailed(f"initdb failed: {(done.stderr or done.stdout).strip()}")
        draft.rename(self.data)

    def child(self, port: int) -> Child:
        """The server itself as a child process on 127.0.0.1:port (pg_ctl would detach it)."""
        self.port = port
        options = [f"--{name}={value}" for name, value in {**self._settings, "port": str(port)}.items()]
        return Child(
            name=self.name,
            argv=(str(self._bin / "postgres"), "-D", str(self.data), *options),
            is_ready=self.is_ready,
            before_start=self._remove_stale_pid_file,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            death_signal=signal.SIGQUIT,  # "immediate": takes its backends along, recovers at the next start
            grace_s=4.0,
            runs_as=self._identity,
        )

    def is_ready(self) -> bool:
        """Whether it answers; the platform's database is made at the first answer."""
        try:
            with psycopg.connect(self._url("postgres"), connect_timeout=2, autocommit=True) as connection:
                if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def _url(self, database: str) -> str:
        return f"postgresql://{DATABASE}:{self._password}@127.0.0.1:{self.port}/{database}"

    def _check_owner(self) -> None:
        owner = self.data.stat().st_uid
        if owner != self._identity.owner_uid:
            raise StartFailed(
                f"{self.data} belongs to user {owner}, PostgreSQL runs as {self._identity.owner_uid}: "
                "start as the user who made it, or choose another DATA_DIR"
            )

    def _remove_stale_pid_file(self) -> None:
        """After a crash the pid in postmaster.pid may be another program's: PostgreSQL would never start.

        Only when nothing works in the data folder (every process of PostgreSQL has it as its current folder):
        otherwise the file stays, PostgreSQL checks its shared memory and the start is tried again.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists() or _works_in(self.data):
            return
        pid = pid_file.read_text().split("\n", 1)[0]
        try:
            program = Path(f"/proc/{int(pid)}/exe").readlink().name
        except FileNotFoundError:
            return  # no such process: PostgreSQL sees that itself
        if program != "postgres":
            pid_file.unlink()


def _works_in(folder: Path) -> bool:
    for process in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if process.readlink() == folder:
                return True
        except OSError:
            continue  # ended meanwhile, or another user's: not ours
    return False


def _home_of_other_user(folder: Folder, identity: Identity) -> Path:
    """A folder that `identity` can reach whatever DATA_DIR's parents allow; its path is kept in DATA_DIR."""
    note = folder.path / "postgres_home"
    if not note.exists():
        home = MACHINE_FOLDER / f"passeplat-{secrets.token_hex(6)}"
        home.mkdir(mode=0o755)
        home.chmod(0o755)  # the umask may have taken it; the folder is new and ours
        write_private(note, str(home))
    home = Path(note.read_text().strip())
    if not home.is_dir() or home.stat().st_uid != os.geteuid():
        raise StartFailed(f"{home}, which {note} names, is missing or not ours: remove {note} to start empty")
    return home


def _readable_by(identity: Identity, home: Path) -> Path:
    """PostgreSQL's programs, copied to `home` when `identity` cannot run them in place (a 0700 parent)."""
    source = binaries.postgres_bin()
    question = command(identity, [str(source / "postgres"), "--version"], signal.SIGKILL)
    if subprocess.run(question, capture_output=True, check=False).returncode == 0:
        return source
    package = source.parent.parent
    # The libraries lie beside the package and are found by a relative path: keep the shape.
    for tree in (package, package.with_name(f"{package.name}.libs")):
        if tree.is_dir() and not (home / tree.name).exists():
            shutil.copytree(tree, home / tree.name, symlinks=True)
    return home / package.name / "pginstall/bin"
