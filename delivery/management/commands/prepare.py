"""`manage.py prepare`: tables as the code wants them and, when asked, the demonstration's data.

One process for both: at each start of the platform somebody waits for it.
"""

from argparse import ArgumentParser
from datetime import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database's tables up to date; --demo-data also fills an empty database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo-data", action="store_true")
        parser.add_argument("--speed", type=float, default=1.0)
        parser.add_argument("--at", type=time.fromisoformat)

    def handle(self, *_arguments: Any, demo_data: bool, speed: float, at: time | None, **_options: Any) -> None:
        call_command("migrate", verbosity=0, skip_checks=True)
        if demo_data:
            call_command("seed_demo", speed=speed, at=at, skip_checks=True)
