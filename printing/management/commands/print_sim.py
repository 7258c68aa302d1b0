"""`manage.py print_sim`: one simulated ESC/POS printer on 127.0.0.1. Needs no database."""

import asyncio
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from printing.simulator import FAULTS, Simulator, UnknownFault, serve


class Command(BaseCommand):
    help = "Simulated network printer. Prints `listening PORT`, then one JSON line per ticket into FILE."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True, help="0 picks one")
        parser.add_argument("--paper", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--fault",
            action="extend",
            nargs="+",
            default=[],
            metavar="NAME",
            help=f"{' '.join(FAULTS)}; NAME@N from ticket N",
        )

    def handle(self, *args: Any, port: int, paper: Path, fault: list[str], **options: Any) -> None:
        try:
            asyncio.run(self._serve(Simulator(port=port, paper=paper, faults=fault)))
        except (UnknownFault, OSError, OverflowError) as error:
            raise CommandError(str(error)) from error

    async def _serve(self, simulator: Simulator) -> None:
        until = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, until.set)
        await serve(simulator, listening=self._announce, until=until)

    def _announce(self, port: int) -> None:
        self.stdout.write(f"listening {port}")
        self.stdout.flush()
