"""The supervisor with real servers: what starts, what comes back, and that nothing stays."""

import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from delivery import env
from tests.faults.copies import Copy, answers, wait_for

MakeCopy = Callable[[], Copy]


def _users() -> list[int | None]:
    """Whoever runs the tests; root also tries as nobody where nobody can read this checkout and its Python."""
    if os.geteuid() != 0:
        return [None]
    nobody = pwd.getpwnam("nobody").pw_uid
    question = [sys.executable, "-c", "import tests.faults.small_copy"]
    try:
        subprocess.run(
            question, cwd=env.BASE_DIR, user=nobody, group=nobody, extra_groups=[], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        return [None]
    return [None, nobody]


@pytest.fixture
def user() -> int | None:
    return None


@pytest.fixture
def make_copy(user: int | None) -> Iterator[MakeCopy]:
    """Copies in short-lived folders that their user can reach."""
    copies: list[Copy] = []

    def make() -> Copy:
        folder = Path(tempfile.mkdtemp(prefix="passeplat-copy-"))
        if user is not None:
            os.chown(folder, user, user)
        copies.append(Copy(folder, user=user))
        return copies[-1]

    yield make
    for copy in copies:
        copy.end()
        shutil.rmtree(copy.folder)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("user", _users(), ids=lambda user: "nobody" if user else "me")
def test_life_of_a_copy(make_copy: MakeCopy) -> None:
    copy = make_copy()
    run = copy.start_and_wait()
    assert run["web_url"] == f"http://localhost:{copy.port}"
    assert set(run["pids"]) == {"postgres", "valkey", "relay", "worker", "web"}
    private = [copy.data_dir / "run.json", *(copy.data_dir / "secrets").iterdir()]
    assert {_mode(path) for path in private} == {0o600}
    assert redis.Redis.from_url(run["redis_url"]).ping()
    with psycopg.connect(run["database_url"]) as connection:
        connection.execute("CREATE TABLE kept (x int)")
    copy.signal(signal.SIGTERM)
    assert copy.wait() == 0
    assert not copy.leftovers()
    assert not (copy.data_dir / "run.json").exists()

    again = copy.start_and_wait()
    with psycopg.connect(again["database_url"]) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_strangers_do_not_enter(make_copy: MakeCopy) -> None:
    run = make_copy().start_and_wait()
    password = run["database_url"].split(":")[2].split("@")[0]
    assert not answers(run["database_url"].replace(password, "guess"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(run["redis_url"].rsplit(":", 1)[1].split("/")[0])).ping()


def test_copies_run_side_by_side_but_never_in_one_folder_or_on_one_port(make_copy: MakeCopy) -> None:
    first, second = make_copy(), make_copy()
    first.start_and_wait()
    second.start_and_wait()

    intruder = make_copy()
    intruder.data_dir = first.data_dir
    intruder.start()
    wait_for(lambda: intruder.exit_code() == 1, intruder.text)
    assert intruder.text() == (f"already running in {first.data_dir}: stop it, or choose another DATA_DIR and PORT\n")
    assert first.run_file()["pids"]

    neighbour = make_copy()
    neighbour.port = first.port
    neighbour.start()
    wait_for(lambda: neighbour.exit_code() == 1, neighbour.text)
    assert neighbour.text().startswith(f"port {first.port} is in use: ")
    assert neighbour.text().count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_stop_everything_even_when_inherited_as_ignored(number: signal.Signals, make_copy: MakeCopy) -> None:
    copy = make_copy()
    copy.start_and_wait(ignoring=("INT", "TERM", "HUP"))
    copy.signal(number)
    assert copy.wait() == 0
    assert not copy.leftovers()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_make_alone_stops_everything(number: signal.Signals, make_copy: MakeCopy) -> None:
    """Make passes only SIGTERM on, and ends with that at once."""
    copy = make_copy()
    makefile = copy.folder / "Makefile"
    makefile.write_text(f"up:\n\texec {shlex.join(copy.command)}\n")
    copy.command = ("env", "--default-signal=INT,TERM,HUP", "make", "-f", str(makefile), "up")
    copy.start_and_wait()
    copy.signal(number)
    assert copy.wait() != 0
    wait_for(lambda: not copy.leftovers(), lambda: str(copy.leftovers()))


def test_a_signal_during_the_start_stops_it(make_copy: MakeCopy) -> None:
    copy = make_copy()
    copy.start()
    wait_for(lambda: copy.said("Valkey: starting"), copy.text)
    copy.signal(signal.SIGTERM)
    assert copy.wait() == 0
    assert not copy.leftovers()


def test_a_child_that_does_not_end_is_killed(make_copy: MakeCopy) -> None:
    copy = make_copy()
    copy.start_and_wait("impatient")
    copy.signal(signal.SIGTERM)
    assert copy.wait() == 0
    assert not copy.leftovers()


def test_a_second_signal_kills(make_copy: MakeCopy) -> None:
    copy = make_copy()
    copy.start_and_wait("stubborn")
    copy.signal(signal.SIGTERM)
    wait_for(lambda: copy.said("SIGTERM: stopping"), copy.text)

    def ask_again() -> bool:
        copy.signal(signal.SIGTERM)
        return copy.exit_code() is not None

    wait_for(ask_again, copy.text)
    assert copy.said("second signal: killing")
    assert not copy.leftovers()


def test_death_of_the_supervisor_leaves_nothing_and_loses_nothing(make_copy: MakeCopy) -> None:
    copy = make_copy()
    run = copy.start_and_wait("impatient")
    with psycopg.connect(run["database_url"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    copy.signal(signal.SIGKILL)
    assert copy.wait() == -signal.SIGKILL
    wait_for(lambda: not copy.leftovers(), lambda: "\n".join(copy.leftovers()))
    assert (copy.data_dir / "run.json").exists()

    again = copy.start_and_wait()
    with psycopg.connect(again["database_url"]) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


@pytest.mark.parametrize("name", ["relay", "valkey", "postgres"])
def test_a_killed_child_comes_back(name: str, make_copy: MakeCopy) -> None:
    copy = make_copy()
    before = copy.start_and_wait()
    with psycopg.connect(before["database_url"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    os.kill(before["pids"][name], signal.SIGKILL)
    wait_for(lambda: copy.run_file()["pids"].get(name, before["pids"][name]) != before["pids"][name], copy.text)
    wait_for(lambda: answers(before["database_url"]), copy.text)
    after = copy.run_file()
    assert {**after, "pids": 0} == {**before, "pids": 0}
    assert copy.said(f"{name} stopped (SIGKILL), starts again in 0.2 s")
    with psycopg.connect(after["database_url"]) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


def test_a_pid_file_that_names_another_program_does_not_stop_postgres(make_copy: MakeCopy) -> None:
    copy = make_copy()
    copy.start_and_wait()
    pid_file = copy.data_dir / "postgres/postmaster.pid"
    lines = pid_file.read_text().split("\n")
    copy.signal(signal.SIGTERM)
    assert copy.wait() == 0
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    copy.start_and_wait()


def test_servers_of_others_are_used_and_not_started(make_copy: MakeCopy) -> None:
    urls = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    copy = make_copy()
    run = copy.start_and_wait(urls=urls)
    assert (run["database_url"], run["redis_url"]) == (urls["DATABASE_URL"], urls["REDIS_URL"])
    assert set(run["pids"]) == {"relay", "worker", "web"}
    assert not (copy.data_dir / "postgres").exists()


def test_a_preparation_that_fails_ends_the_start(make_copy: MakeCopy) -> None:
    copy = make_copy()
    copy.start("broken_step")
    wait_for(lambda: copy.exit_code() == 1, copy.text)
    assert copy.text().splitlines()[-1].startswith("prepare failed: ")
    assert not copy.leftovers()


def test_an_address_that_does_not_answer_is_named(make_copy: MakeCopy) -> None:
    copy = make_copy()
    copy.start(urls={"DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/none"})
    wait_for(lambda: copy.exit_code() == 1, copy.text)
    assert "DATABASE_URL: connection failed" in copy.text()
    assert "s3cret" not in copy.text()
