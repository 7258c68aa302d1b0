"""Commands as other programs call them: exit codes, and one line that says why."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from delivery import env
from delivery.demo.replay.instance import load

ROOT = env.BASE_DIR


def manage(data_dir: Path, *words: str, given: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        cwd=ROOT,
        env=environment | {"DATA_DIR": str(data_dir)},
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """The DATA_DIR of a running `up`, as its other commands see it: locked, with a run.json."""
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        servers = {"database_url": "postgresql://nobody@127.0.0.1:1/none", "redis_url": "redis://127.0.0.1:1/0"}
        (tmp_path / "run.json").write_text(json.dumps({"web_url": "http://127.0.0.1:1", "pids": {}} | servers))
        yield tmp_path


@pytest.mark.parametrize("words", [["explain", "A001"], ["replay", ".", "--speed", "60"], ["doctor"], ["parked"]])
def test_what_needs_a_running_copy_says_so(tmp_path: Path, words: list[str]) -> None:
    assert manage(tmp_path, *words) == (3, "", "not running: make up\n")
    assert list(tmp_path.iterdir()) == []


FILES = {
    "orders.txt": "o\tx\ty\tp\tr\tready\no1\t0\t0\t0\tr1\t5\n",
    "restaurants.txt": "r\tx\ty\nr1\t0\t0\n",
    "couriers.txt": "c\tx\ty\ton\toff\nc1\t0\t0\t0\t60\n",
    "instance_parameters.txt": "a\tb\tc\td\te\tf\tg\n300\t4\t4\t40\t90\t10\t15\n",
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.txt", None),
        ("orders.txt", "header\n"),
        ("orders.txt", "header\no1\t0\t0\n"),
        ("orders.txt", "header\no1\tx\t0\t0\tr1\t5\n"),
        ("orders.txt", "header\no1\t0\t0\t0\tnobody\t5\n"),
        ("couriers.txt", "header\n"),
        ("instance_parameters.txt", "header\n0\t4\t4\t40\t90\t10\t15\n"),
        ("instance_parameters.txt", "header\nnan\t4\t4\t40\t90\t10\t15\n"),
        ("restaurants.txt", "\0"),
    ],
)
def test_a_bad_instance_ends_a_replay_with_two(running: Path, name: str, content: str | None) -> None:
    folder = running / "day"
    folder.mkdir()
    for other, good in FILES.items():
        (folder / other).write_text(good)
    assert load(folder).meters_per_minute == 300
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content)
    code, out, why = manage(running, "replay", str(folder), "--speed", "60")
    assert (code, out) == (2, "")
    assert "Traceback" not in why


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "x"])
def test_time_goes_on(running: Path, speed: str) -> None:
    code, _, why = manage(running, "replay", ".", f"--speed={speed}")
    assert (code, "--speed" in why) == (2, True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", 0),
        (b'{"type": "end"}\n', 0),
        (b"no json\n", 2),
        (b"[]\n", 2),
        (b'{"type": "tick"}\n', 2),
        (b'{"type": "city"}\n', 2),
        (b"\xff\n", 2),
        (b"[" * 100_000 + b"\n", 2),
    ],
    ids=lambda value: str(value)[:20],
)
def test_the_engine_ends_with_two_at_a_bad_line(tmp_path: Path, given: bytes, code: int) -> None:
    done, out, why = manage(tmp_path, "engine", given=given)
    assert (done, out) == (code, "")
    assert "Traceback" not in why


@pytest.mark.parametrize("words", [["--port", "99999"], ["--port", "0", "--fault", "nope"], ["--port", "-1"]])
def test_a_printer_that_cannot_be_says_why(tmp_path: Path, words: list[str]) -> None:
    code, out, why = manage(tmp_path, "print_sim", "--paper", str(tmp_path / "paper"), *words)
    assert (code > 0, out, "Traceback" in why) == (True, "", False)


def test_doctor_tells_of_servers_that_are_away(running: Path) -> None:
    code, out, _ = manage(running, "doctor", "--json")
    troubled = {finding["part"] for finding in json.loads(out)["findings"] if not finding["is_fine"]}
    assert (code, troubled) == (1, {"postgres", "valkey"})


def test_a_request_while_the_database_is_away_says_when_to_come_back(running: Path) -> None:
    """One process of the whole application that nobody has given a living database."""
    asks = """
import django; django.setup()
from django.test import Client
headers = {"Authorization": "Bearer ppa_x", "Idempotency-Key": "k"}
client = Client(raise_request_exception=False, SERVER_NAME="localhost", headers=headers)
guest = Client(raise_request_exception=False, SERVER_NAME="localhost")
from delivery.ground.postgresql.pool import Reach
waits = []
Reach.may_wait = lambda since, may_wait=Reach.may_wait: waits.append(may_wait(since)) or waits[-1]
answers = [
    client.post("/api/v1/orders", {}, content_type="application/json"), guest.get("/"), guest.get("/healthz")
]
import json
told = [[a.status_code, a.headers.get("Retry-After"), a.headers["Content-Type"]] for a in answers]
print(json.dumps([told, waits]))
"""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"DATA_DIR": str(running), "DJANGO_SETTINGS_MODULE": "delivery.settings"}
    done = subprocess.run(
        [sys.executable, "-c", asks], cwd=ROOT, env=environment, capture_output=True, timeout=90, check=True
    )
    (orders, page, alive), waits = json.loads(done.stdout.splitlines()[-1])
    assert orders == [503, "5", "application/problem+json"]
    assert page == [503, "5", "text/html; charset=utf-8"]
    assert alive[0] == 200
    # Looks of half a second: each answer has waited for a short hiccup to end, and not for the 10 s of a busy pool.
    assert waits.count(False) == 2
    assert 2 <= waits.count(True) <= 2 * 2.5 / 0.5
