"""`manage.py what_if CITY`: a past evening played again with other weights, couriers or zones, and compared."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from delivery.cities.models import City
from delivery.ground.errors import Invalid
from dispatch.engine.evening import Outcome
from dispatch.what_if import Change, Report, what_if

UNKNOWN, WRONG = 1, 2
ROWS = (
    ("orders", "orders", 0),
    ("delivered", "delivered", 0),
    ("door_mean", "click to door, min", 1),
    ("door_p90", "9 of 10 within, min", 1),
    ("food_waits", "food waits, min", 1),
    ("late", "late orders", 0),
    ("late_mean", "late on average, min", 1),
)


class Command(BaseCommand):
    help = "Plays a past evening of a city again from the log, unchanged and changed, and prints what became of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", help="its slug")
        parser.add_argument(
            "--from", dest="begins_at", required=True, help="RFC 3339, real time; UTC without an offset"
        )
        parser.add_argument("--until", dest="ends_at", required=True)
        parser.add_argument("--weights", nargs="+", default=[], metavar="NAME=VALUE")
        parser.add_argument("--couriers", type=int, default=0, help="+2: two more for the whole evening; -1: one fewer")
        parser.add_argument("--without-zone", nargs="+", default=[], metavar="NAME", dest="closed")
        parser.add_argument("--json", type=Path, metavar="FILE", help="the report also as JSON, - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        city = City.objects.filter(slug=options["city"]).first()
        if city is None:
            self.stderr.write(f"no city {options['city']}")
            sys.exit(UNKNOWN)
        try:
            change = Change(_weights(options["weights"]), options["couriers"], options["closed"])
            begins_at, ends_at = _instant(options["begins_at"]), _instant(options["ends_at"])
            report = what_if(city, begins_at=begins_at, ends_at=ends_at, change=change)
        except (Invalid, ValueError) as refused:
            fields = getattr(refused, "fields", None)
            self.stderr.write(f"{refused}{f' {json.dumps(fields)}' if fields else ''}")
            sys.exit(WRONG)
        said = json.dumps(report.as_dict(), indent=2)
        if str(options["json"]) == "-":
            self.stdout.write(said)
            return
        if options["json"]:
            options["json"].write_text(said + "\n")
        self.stdout.write(_table(report))


def _weights(given: list[str]) -> dict[str, float]:
    """Raises ValueError."""
    pairs = [pair.partition("=") for pair in given]
    return {name: float(value) for name, _, value in pairs}


def _instant(text: str) -> datetime:
    """Raises ValueError."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _table(report: Report) -> str:
    lines = [f"{'':<22}{'as it was':>12}{'played again':>14}{'what if':>10}"]
    for name, words, digits in ROWS:
        cells = [_cell(outcome, name, digits) for outcome in (report.was, report.again, report.changed)]
        lines.append(f"{words:<22}{cells[0]:>12}{cells[1]:>14}{cells[2]:>10}")
    lines.append(f"what if: {report.couriers} couriers")
    return "\n".join(lines)


def _cell(outcome: Outcome, name: str, digits: int) -> str:
    value = getattr(outcome, name)
    return "-" if value is None else f"{value:.{digits}f}"
