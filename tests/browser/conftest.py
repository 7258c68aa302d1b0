"""A real site for a real browser: daphne over the session's test database, Chromium in front of it.

A test that uses `site` works on committed rows, which are gone after it.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from delivery.env import BASE_DIR

# Playwright's synchronous interface runs inside an event loop, so Django would take every test for a coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN_S = 120.0
WORKS_AT_MOST_S = 60.0
PATIENCE_MS = 30_000  # a phone on a bad line is slow, and so is a machine with many tests


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": CHROMIUM_FLAGS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    wide = {"width": 1280, "height": 800}
    # A test that wants the worker of the shell asks for it: the others route what it would keep.
    return {**browser_context_args, "viewport": wide, "locale": "en-GB", "service_workers": "block"}


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True)
class Daphne:
    """The web process of the tests. `NAME` is how PostgreSQL knows its connections."""

    NAME: ClassVar[str] = "site-of-tests"
    url: str
    process: "subprocess.Popen[bytes]"

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Works within the block; before and after it the tables may be emptied."""
        self.process.send_signal(signal.SIGCONT)
        yield
        self.freeze()

    def is_at_work(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND state <> 'idle'", [self.NAME]
            )
            return bool(cursor.fetchone()[0])

    def freeze(self) -> None:
        """Stop it between two statements: it holds no lock and takes none."""
        deadline = time.monotonic() + WORKS_AT_MOST_S
        while time.monotonic() < deadline:
            self.process.send_signal(signal.SIGSTOP)
            if not self.is_at_work():
                return
            self.process.send_signal(signal.SIGCONT)
            time.sleep(0.02)
        pytest.fail("the site does not come to rest")


@pytest.fixture(scope="session")
def daphne(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daphne]:
    """One web process for the whole session."""
    with served("delivery.asgi:application", tmp_path_factory.mktemp("daphne") / "log") as started:
        yield started


@pytest.fixture
def site(daphne: Daphne, transactional_db: None) -> Iterator[str]:
    """The web address of a daphne that serves the test database; at rest while the tables are emptied."""
    with daphne.awake():
        yield daphne.url


@contextmanager
def served(application: str, log: Path) -> Iterator[Daphne]:
    """A daphne that serves an ASGI application over the test database."""
    port = free_port()
    command = [sys.executable, "-m", "delivery.ground.live.server", "-b", "127.0.0.1", "-p", str(port), application]
    with Running(command, log) as process:
        wait_until_open(process, port, log)
        yield Daphne(f"http://127.0.0.1:{port}", process)


@pytest.fixture
def plain(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser that runs no scripts."""
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    yield context
    context.close()


@pytest.fixture(autouse=True)
def clean_console(context: BrowserContext) -> Iterator[None]:
    """No page breaks its own content security policy, and no script fails."""
    said: list[str] = []

    def listen(page: Page) -> None:
        page.on("console", lambda message: said.append(_worth(message)))
        page.on("pageerror", lambda error: said.append(str(error)))

    context.on("page", listen)
    yield
    assert [line for line in said if line] == []


def _worth(message: ConsoleMessage) -> str:
    """The text of a message that a page of ours must not cause; refusals (4xx) and dead lines are part of its life."""
    is_life = re.search(r"status of 4\d\d|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_(REFUSED|RESET)", message.text)
    return message.text if message.type == "error" and not is_life else ""


def environment_of_tests() -> dict[str, str]:
    """For a process that works on the database of these tests, with their secret."""
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    return {**os.environ, "DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY, "PASSEPLAT_PROCESS": Daphne.NAME}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A process over the database of the tests that ends with its block."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._command, self._log = command, log

    def __enter__(self) -> "subprocess.Popen[bytes]":
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, cwd=BASE_DIR, env=environment_of_tests(), stdout=log, stderr=subprocess.STDOUT
            )
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def wait_until_open(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the site did not start:\n{log.read_text()[-2000:]}")
