"""`manage.py doctor`: every dependency, clock, disk, backup and device, and what is to be done."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from delivery.management.checkup import examine

SOMETHING_TO_DO = 1


class Command(BaseCommand):
    """Ends with 0 when all is fine, with 1 when somebody has something to do."""

    help = "Examines this copy of the platform: one line per part, `!` before what needs somebody."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        is_fine = all(finding.is_fine for finding in findings)
        if options["json"]:
            parts = [asdict(finding) for finding in findings]
            self.stdout.write(json.dumps({"is_fine": is_fine, "findings": parts}, indent=2))
        else:
            for finding in findings:
                self.stdout.write(f"{' ' if finding.is_fine else '!'} {finding.part:<16} {finding.detail}")
        if not is_fine:
            sys.exit(SOMETHING_TO_DO)
