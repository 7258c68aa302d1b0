"""Writes to cities."""

from collections.abc import Sequence

from django.db import transaction

from delivery.cities.events import CityOpened
from delivery.cities.models import EPOCH, City, Zone
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid


@transaction.atomic
def open_city(*, city: City, zones: Sequence[Zone], by: str) -> City:
    """Insert a city that the caller has filled in, with its zones.

    A clock that runs faster than the world starts now, showing now, unless the caller has set when.
    Raises:
        Invalid: a zone's ring has fewer than three corners.
    """
    if any(len(zone.ring) < 3 for zone in zones):
        raise Invalid("a zone needs at least three corners")
    if city.time_rate != 1 and city.clock_started_at == EPOCH:
        city.clock_started_at = city.clock_shows_at = clock.now()
    outbox.insert(city, CityOpened(currency=city.currency), by=by)
    for zone in zones:
        zone.city = city
    Zone.objects.bulk_create(zones)
    return city
