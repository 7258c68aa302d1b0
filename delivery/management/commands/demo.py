"""`manage.py demo`: the people and printers of the living demonstration. `up --demo` keeps it alive."""

import asyncio
import logging
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from delivery import env
from delivery.demo.actors.cast import NobodyThere
from delivery.demo.actors.play import play


class Command(BaseCommand):
    help = "Lets the people and printers of the demonstration live, until SIGTERM."
    requires_system_checks = ()

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # one line for each request of 200 people
        try:
            asyncio.run(self._live())
        except NobodyThere as error:
            self.stderr.write(str(error))
            sys.exit(1)

    async def _live(self) -> None:
        until = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, until.set)
        await play(web_url=f"http://127.0.0.1:{env.port()}", until=until)
