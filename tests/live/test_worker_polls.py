"""Workers find their rows by looking, whatever the broker does."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from delivery import env
from delivery.ground.logging import FOR_PEOPLE_ONLY
from delivery.ground.poller import run
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.messaging.models import Message
from delivery.messaging.services import queue_message

NOWHERE = "redis://127.0.0.1:1/0"
WORKER = ("-m", "celery", "--quiet", "-A", "delivery", "worker", "-Q", "default", "-P", "threads", "-c", "1")


@contextmanager
def worker_without_broker() -> Iterator["subprocess.Popen[str]"]:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    own = {"DATABASE_URL": database, "REDIS_URL": NOWHERE, "PASSEPLAT_PROCESS": "worker"}
    process = subprocess.Popen(
        [sys.executable, *WORKER],
        cwd=env.BASE_DIR,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_texts_while_the_broker_is_away() -> None:
    queue_message(medium="sms", to="+56912345678", text="Your code is 123456", intent_key="code:1")
    with worker_without_broker() as worker:
        assert worker.stdout is not None
        expected = f"{FOR_PEOPLE_ONLY}message to ...5678: Your code is 123456\n"
        watchdog = threading.Timer(60, worker.kill)
        watchdog.start()
        said = next((line for line in worker.stdout if line == expected), None)
        watchdog.cancel()
        assert said == expected
    assert Message.objects.get().state in ("queued", "sent")  # killed before or after it noted the sending


def test_a_poll_goes_on_after_an_error(caplog: pytest.LogCaptureFixture) -> None:
    is_stopping = threading.Event()
    rounds: list[int] = []

    def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise ConnectionError("the database went away")
        is_stopping.set()

    run("test", 0.001, work, is_stopping)
    assert rounds == [0, 1]
    assert "poll_failed" in caplog.text


def test_a_line_for_people_only_is_in_no_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(sys.stdout)
    log = ProcessLog("worker", tmp_path, terminal)
    reading, writing = os.pipe()
    thread = log.follow(os.fdopen(reading, "rb"))
    with os.fdopen(writing, "w") as stream:
        stream.write(f"{FOR_PEOPLE_ONLY}your code is 123456\nsomething else\n")
    thread.join()
    terminal.close()
    assert "your code is 123456" in capsys.readouterr().out
    kept = log.path.read_text()
    assert "123456" not in kept
    assert "something else" in kept
