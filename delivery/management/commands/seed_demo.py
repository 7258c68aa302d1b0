"""`manage.py seed_demo`: three cities into an empty database, and a file that says how to sign in."""

from argparse import ArgumentParser
from datetime import time
from typing import Any

from django.core.management.base import BaseCommand

from delivery.demo.logins import write_logins
from delivery.demo.pace import Pace
from delivery.demo.seed import seed


class Command(BaseCommand):
    """Run it as often as you like: cities are made once, tokens and pairing codes are new each time."""

    help = "Put three demonstration cities into an empty database and write DATA_DIR/logins.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How fast and from which hour new cities live; those that are here keep their clock."""
        parser.add_argument("--speed", type=float, default=1.0)
        parser.add_argument("--at", type=time.fromisoformat)

    def handle(self, *_arguments: Any, speed: float, at: time | None, **_options: Any) -> None:
        is_new = seed(Pace(speed, at))
        path = write_logins()
        if path is None:
            self.stdout.write("this database has its own cities: nothing to do")
            return
        self.stdout.write(f"{'three cities are open' if is_new else 'the cities were here already'}; logins: {path}")
