"""Writes to cities."""

from collections.abc import Sequence

from django.db import transaction

from delivery.cities.events import CityOpened
from delivery.cities.models import City, Zone
from delivery.ground import outbox
from delivery.ground.errors import Invalid


@transaction.atomic
def open_city(*, city: City, zones: Sequence[Zone], by: str) -> City:
    """Insert a city that the caller has filled in, with its zones.

    Raises:
        Invalid: a zone's ring has fewer than three corners.
    """
    if any(len(zone.ring) < 3 for zone in zones):
        raise Invalid("a zone needs at least three corners")
    outbox.insert(city, CityOpened(currency=city.currency), by=by)
    for zone in zones:
        zone.city = city
    Zone.objects.bulk_create(zones)
    return city
