"""`manage.py load_streets`: the streets of STREET_NETWORK, so that people find their addresses."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from delivery.cities.addresses import load_streets
from delivery.cities.models import City
from delivery.cities.network import installed_network


class Command(BaseCommand):
    """Replaces the streets of the cities named, or of all. Run it after a new network, or when a zone has moved."""

    help = "Bring the named streets of STREET_NETWORK into the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", nargs="*", help="slug of a city; none means all")

    def handle(self, *_arguments: Any, city: list[str], **_options: Any) -> None:
        network = installed_network()
        if network is None:
            raise CommandError("STREET_NETWORK is empty: there are no streets to load")
        cities = list(City.objects.filter(slug__in=city) if city else City.objects.all())
        if unknown := set(city) - {each.slug for each in cities}:
            raise CommandError(f"no such city: {', '.join(sorted(unknown))}")
        self.stdout.write(f"{load_streets(network=network, cities=cities)} streets")
