"""Where a text leaves the house. A provider is a class with `send`; `settings.MESSAGE_PORT` names the one in use."""

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from delivery import env
from delivery.ground.logging import FOR_PEOPLE_ONLY


class Port(Protocol):
    def send(self, *, medium: str, to: str, text: str) -> None:
        """Hand one text over. Raises OSError: nobody took it, try again later."""


class ConsolePort:
    """Shows messages in the terminal of whoever runs the platform, and nowhere else: they may hold codes."""

    def send(self, *, medium: str, to: str, text: str) -> None:
        line = f"message to ...{to[-4:]}: {text}"
        if env.process_name() == "manage":
            sys.stderr.write(line + "\n")
            return
        # Celery turns sys.stdout into log lines; this line must reach the supervisor as it is.
        stream = sys.__stdout__ or sys.stderr
        stream.write(f"{FOR_PEOPLE_ONLY}{line}\n")
        stream.flush()


def port() -> Port:
    """The port in use."""
    chosen: Port = import_string(settings.MESSAGE_PORT)()
    return chosen
