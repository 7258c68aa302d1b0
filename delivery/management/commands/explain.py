"""`manage.py explain ORDER`: the whole life of one order on one page."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from delivery.console.life import find_order, life_of

UNKNOWN = 1


class Command(BaseCommand):
    help = "Prints the whole life of an order, found by public id or by the number on its ticket."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("order", help="public id, or the number on the ticket")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        order = find_order(options["order"])
        if order is None:
            self.stderr.write(f"no order {options['order']}")
            sys.exit(UNKNOWN)
        life = life_of(order)
        self.stdout.write(json.dumps(life, indent=2, default=str) if options["json"] else _page(life))


def _page(life: dict[str, Any]) -> str:
    lines = ", ".join(f"{line['quantity']} {line['name']}" for line in life["lines"])
    head = [
        f"{life['number']}  {life['status']}  {life['restaurant']}, {life['city']}",
        f"{life['id']}  version {life['version']}  {life['total']} {life['currency']}  by {life['channel']}",
        lines,
        f"ledger sums to {life['ledger_sum']}",
        "",
    ]
    return "\n".join(head + [_line(moment) for moment in life["moments"]])


def _line(moment: dict[str, Any]) -> str:
    detail = "  ".join(f"{key}={value}" for key, value in moment["detail"].items() if value not in (None, "", [], {}))
    return f"{moment['city_time']}  {moment['what']:<24} {moment['by']:<12.12} {detail}"
