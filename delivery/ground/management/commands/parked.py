"""`manage.py parked`: what the relay gave up on, and what a person decides about it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from delivery.ground.outbox import parked


class Command(BaseCommand):
    help = "Lists facts and deadlines that were given up on; tries some again, or skips them for ever."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="append", default=[], metavar="REF", help="try it again, from now")
        parser.add_argument("--skip", action="append", default=[], metavar="REF", help="never do it")

    def handle(self, *args: object, **options: Any) -> None:
        for ref in options["again"]:
            if not parked.try_again(ref):
                raise CommandError(f"{ref} is not parked")
        for ref in options["skip"]:
            if not parked.skip(ref):
                raise CommandError(f"{ref} is not parked")
        for one in parked.list_parked():
            self.stdout.write(f"{one.ref}  {one.since:%Y-%m-%d %H:%M}  {one.what}  {one.aggregate}  {one.error}")
