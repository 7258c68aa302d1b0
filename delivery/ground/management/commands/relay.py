"""`manage.py relay`: carries facts to reactions and topics, and calls what is due."""

from django.core.management.base import BaseCommand, CommandError

from delivery.ground.outbox import loops
from delivery.ground.outbox.firing import DeadlineLoop
from delivery.ground.outbox.relay import Relay


class Command(BaseCommand):
    help = "Carries events to reactions and topics, and fires deadlines, until SIGTERM. Any number may run."

    def handle(self, *args: object, **options: object) -> None:
        if not loops.run({"relay": Relay().step, "deadlines": DeadlineLoop().step}):
            raise CommandError("a loop failed: see the log")
