"""Writes to cities."""

from collections.abc import Sequence

from django.db import transaction

from delivery.accounts.models import Account
from delivery.accounts.services import raise_rights_version
from delivery.cities.events import CityOpened
from delivery.cities.models import EPOCH, City, Membership, Zone
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


@transaction.atomic
def give_role(*, city: City, account: Account, role: str) -> Membership:
    """From now on the account holds `role` (Membership.Role) in the city."""
    membership, _ = Membership.objects.get_or_create(city=city, account=account, role=Membership.Role(role))
    raise_rights_version(account_id=account.pk)
    return membership


@transaction.atomic
def take_role(*, membership: Membership) -> None:
    """The account holds this role no more, also for sockets that are open."""
    membership.delete()
    raise_rights_version(account_id=membership.account_id)
