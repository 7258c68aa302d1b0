"""`manage.py print_sim` as others call it: a process without a database."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def print_sim(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The running command and its port; it is gone after the block."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    command = [sys.executable, str(ROOT / "manage.py"), "print_sim", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            word, port = process.stdout.readline().split()
            assert word == "listening"
            yield process, int(port)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_prints_to_its_file_until_it_is_told_to_stop(number: signal.Signals, tmp_path: Path) -> None:
    paper = tmp_path / "paper.jsonl"
    faults = ("--fault", "twice@2", "wrong_id@3", "--fault", "late@4")
    with (
        print_sim("--paper", str(paper), *faults) as (process, port),
        socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
    ):
        connection.sendall(b"hello\n\x1dV\x00\x1d(H\x06\x0000ABCD")
        assert connection.recv(7, socket.MSG_WAITALL) == b"\x37\x22ABCD\x00"
        # The line is on disk before the confirmation, and a connected client holds nothing up.
        assert [json.loads(line)["text"] for line in paper.read_text().splitlines()] == ["hello"]
        process.send_signal(number)
        assert process.wait(timeout=20) == 0


def test_an_unknown_fault_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "print_sim", "--port", "0", "--fault", "fire"]
    ended = subprocess.run([*command, "--paper", str(tmp_path / "p")], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "fire: NAME or NAME@N" in ended.stderr
