"""Where a command finds its servers, and when it says that nothing runs."""

import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

from delivery import env

RUN = {
    "web_url": "http://localhost:8000",
    "database_url": "postgresql://d",
    "redis_url": "redis://r",
    "pids": {},
}


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "REDIS_URL", "PORT", "SECRET_KEY", "KEY_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


def test_run_file_counts_only_while_its_supervisor_holds_the_lock(data_dir: Path) -> None:
    (data_dir / "run.json").write_text(json.dumps(RUN))
    with (data_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert env.run_info() == RUN
        assert env.database_url() == "postgresql://d"
        assert env.redis_url() == "redis://r"
    assert env.run_info() is None
    assert env.database_url() is None


def test_variables_win(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://other")
    assert env.database_url() == "postgresql://other"
    assert env.redis_url() is None


def test_key_prefix_belongs_to_the_copy(data_dir: Path) -> None:
    assert env.key_prefix() == "passeplat"
    (data_dir / "key_prefix").write_text("pp1\n")
    assert env.key_prefix() == "pp1"


@pytest.mark.parametrize("text", ["0", "65536", "http"])
def test_port_out_of_range_is_refused(text: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(ValueError, match=text):
        env.port()


def test_a_command_without_servers_says_so_and_ends_with_3(data_dir: Path) -> None:
    (data_dir / "run.json").write_text(json.dumps(RUN))
    (data_dir / "lock").touch()
    command = [sys.executable, "manage.py", "explain", "1"]
    done = subprocess.run(command, cwd=env.BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "not running: make up\n")
