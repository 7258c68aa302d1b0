"""`manage.py planner`: decides who carries what, in every city whose lease it holds."""

import signal
import threading

from django.core.management.base import BaseCommand

from dispatch.planner import Planner


class Command(BaseCommand):
    help = "Plans cities until it is told to stop. Several share the cities between them."

    def handle(self, *args: object, **options: object) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        Planner().run(stop)
