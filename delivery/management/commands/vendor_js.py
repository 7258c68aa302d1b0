"""`manage.py vendor_js`: fetch the libraries that pages load, as `vendor.json` lists them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from delivery.management import vendoring


class Command(BaseCommand):
    """Needs npm and its registry; nobody needs it to run the platform, for the files are committed."""

    help = "Unpacks each package of vendor.json into static/vendor/NAME/VERSION/ and holds it to its SHA-256."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accept", action="store_true", help="list the files as they come, after a new version")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendored = [vendoring.unpack(package, accept=options["accept"]) for package in vendoring.packages()]
        except vendoring.VendorError as error:
            raise CommandError(str(error)) from error
        if options["accept"]:
            vendoring.write_list(vendored)
        for package in vendored:
            self.stdout.write(f"{package.name} {package.version} ({package.licence}): {len(package.files)} files")
