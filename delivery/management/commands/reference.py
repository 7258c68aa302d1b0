"""`manage.py reference`: write docs/reference/ anew from the tables of the code."""

from typing import Any

from django.core.management.base import BaseCommand

from delivery.management import reference


class Command(BaseCommand):
    """Needs no database."""

    help = "Write the pages of docs/reference/ from the code."
    requires_system_checks: list[str] = []

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Overwrites the pages."""
        reference.write()
