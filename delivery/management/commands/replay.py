"""`manage.py replay INSTANCE_DIR`: a recorded day through the running platform, counted from the clients' side."""

import asyncio
import json
import math
import random
import secrets
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand

from delivery import env
from delivery.demo.replay.day import play
from delivery.demo.replay.instance import BadInstance, load

N = TypeVar("N", int, float)
ABORTED, BAD_INSTANCE, NOT_RUNNING = 1, 2, 3


class Command(BaseCommand):
    help = "Plays a recorded day of demand through the running platform and reports what its clients saw."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instance", type=Path)
        parser.add_argument("--speed", type=_positive(float), required=True, help="city seconds per second")
        parser.add_argument("--seed", type=int, help="names the run; a taken name gets a number behind it")
        parser.add_argument("--orders", type=_positive(int), help="only the first orders of the day")
        parser.add_argument("--report", type=Path, help="write the JSON here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        running = env.run_info()
        if running is None:
            self._stop(env.NotRunning(), NOT_RUNNING)
            return
        try:
            instance = load(options["instance"])
        except BadInstance as error:
            self._stop(error, BAD_INSTANCE)
            return
        if options["orders"]:
            instance = instance.first(options["orders"])
        try:
            report = asyncio.run(
                play(
                    instance,
                    web_url=running["web_url"],
                    speed=options["speed"],
                    run=_run_name(options["seed"]),
                    tell=self.stderr.write,
                )
            )
        except KeyboardInterrupt:
            self._stop("aborted", ABORTED)
            return
        text = json.dumps(report, indent=2)
        if options["report"]:
            options["report"].write_text(text + "\n")
        else:
            self.stdout.write(text)

    def _stop(self, why: object, code: int) -> None:
        self.stderr.write(str(why))
        sys.exit(code)


def _positive(number: type[N]) -> Callable[[str], N]:
    """A number above zero, for argparse."""

    def parse(text: str) -> N:
        value = number(text)
        if not 0 < value < math.inf:
            raise ArgumentTypeError(f"{text} is not a number above 0")
        return value

    return parse


def _run_name(seed: int | None) -> str:
    """Eight hexadecimal digits, the same for the same seed."""
    return f"{random.Random(seed).getrandbits(32):08x}" if seed is not None else secrets.token_hex(4)
