"""`manage.py engine`: the dispatch engine on standard input and output."""

import sys

from django.core.management.base import BaseCommand, CommandError

from dispatch.engine.protocol import BadLine, answers


class Command(BaseCommand):
    help = "Answers dispatch problems in JSON lines (the protocol of mdrp/referee.py). No database."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        try:
            for answer in answers(sys.stdin):
                self.stdout.write(answer)
                self.stdout.flush()
        except BadLine as error:
            raise CommandError(str(error), returncode=2) from error
