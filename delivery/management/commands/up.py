"""`manage.py up`: one whole copy of the platform in this terminal, until Ctrl-C."""

import json
import os
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import time
from typing import Any

from django.core.management.base import BaseCommand

from delivery import env
from delivery.demo.pace import FASTEST, SLOWEST, USUAL_SPEED
from delivery.ground.supervisor.process import Child
from delivery.ground.supervisor.run import Plan, Step, supervise

PAGES = {
    "storefront": "/",
    "counter": "/lobby/",
    "kitchen": "/kitchen/",
    "deliverer": "/phone/",
    "dispatcher": "/control-room/",
    "owner": "/console/",
    "API": "/api/v1/openapi.json",
}
CREDENTIALS = ("password", "phone", "pairing_code")
WORKER_THREADS = 8  # below DATABASE_POOL, so that no thread waits for a connection


class Command(BaseCommand):
    """Start servers, prepare the database, start the five processes, keep them alive."""

    help = "Run the whole platform in this terminal: PostgreSQL, Valkey, web, relay, planner and workers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--demo-data` fills an empty database, `--demo` also lets people live in it; a plain `up` seeds nothing."""
        parser.add_argument("--demo-data", action="store_true", help="three cities in an empty database")
        parser.add_argument("--demo", action="store_true", help="the same, with simulated people and printers")
        parser.add_argument("--speed", type=_speed, help="of new cities' clocks, 1 to 60 (1; with --demo 6)")
        parser.add_argument("--at", type=time.fromisoformat, help="HH:MM that new cities' clocks show at first")

    def handle(
        self, *_arguments: Any, demo_data: bool, demo: bool, speed: float | None, at: time | None, **_options: Any
    ) -> None:
        """Ends with 0 when stopped by a signal, with 1 and one line when it could not start."""
        data_dir, port = env.data_dir(), env.port()
        os.chdir(env.BASE_DIR)  # `python -m` finds our packages from here
        step = _step("prepare", "Database: tables", "prepare")
        if demo or demo_data:
            words = ["--demo-data", "--speed", str(speed or (USUAL_SPEED if demo else 1.0))]
            words += ["--at", at.isoformat("minutes")] if at else []
            step = _step("prepare", "Database: tables and demonstration cities", "prepare", *words)
        floors = _floors(port)
        if demo:
            os.environ[env.DEMO] = "1"
            floors.append([Child("demo", _manage("demo"), grace_s=4.0)])
        plan = Plan(port=port, steps=[step], floors=floors, greeting=lambda: greeting(port, is_demo=demo))
        sys.exit(supervise(data_dir=data_dir, plan=plan))


def greeting(port: int, *, is_demo: bool = False) -> list[str]:
    """Addresses, and the demonstration's logins when there are any; first the page from which one becomes anybody."""
    base = f"http://localhost:{port}"
    pages = {"begin here": "/demo/"} | PAGES if is_demo else PAGES
    lines = ["", "Passeplat is ready (Ctrl-C stops it):"]
    lines += [f"  {name:<12}{base}{path}" for name, path in pages.items()]
    logins = env.data_dir() / "logins.json"
    if logins.exists():
        lines += ["", "Sign in as:", *_table(json.loads(logins.read_text())), f"  all of them: {logins}"]
    return lines


def _floors(port: int) -> list[list[Child]]:
    """From the first to start to the last; each stops before the one above it in this list."""
    web = (
        "-m",
        "delivery.ground.live.server",
        "-v",
        "0",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "delivery.asgi:application",
    )
    return [
        [Child("relay", _manage("relay"), grace_s=3.0)],
        [
            Child("planner", _manage("planner"), grace_s=5.0),
            Child("worker-print", _worker("print"), grace_s=5.0),
            Child("worker", _worker("default"), grace_s=5.0),
        ],
        [Child("web", (sys.executable, *web), is_ready=_answers(f"http://127.0.0.1:{port}/readyz"), grace_s=4.0)],
    ]


def _speed(text: str) -> float:
    speed = float(text)
    if not SLOWEST <= speed <= FASTEST:
        raise ArgumentTypeError(f"{text} is not between {SLOWEST:g} and {FASTEST:g}")
    return speed


def _step(name: str, label: str, *arguments: str) -> Step:
    return Step(name, label, _manage(*arguments))


def _manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(env.BASE_DIR / "manage.py"), *arguments)


def _worker(queue: str) -> tuple[str, ...]:
    app = (sys.executable, "-m", "celery", "--quiet", "-A", "delivery", "worker", "-Q", queue, "-n", f"{queue}@%h")
    pool = ("-P", "threads", "-c", str(WORKER_THREADS), "--loglevel", "WARNING")
    # Workers need not know each other: the rows tell them what to do.
    return (*app, *pool, "--without-mingle", "--without-gossip", "--without-heartbeat")


def _answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask


def _table(logins: list[dict[str, str]]) -> list[str]:
    """The first login of each role."""
    first = {login["role"]: login for login in reversed(logins)}
    lines = []
    for role, login in first.items():
        secret = next((login[key] for key in CREDENTIALS if login.get(key)), "")
        lines.append(f"  {role:<14}{login.get('login') or '':<34}{secret:<18}{login.get('url', '')}")
    return lines
