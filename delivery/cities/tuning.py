"""How the office changes a city: its times and money, its zones, who is on call. Each deed is a fact with an author."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from delivery.accounts.models import Account
from delivery.cities.events import CityChanged, DispatcherAppointed, DispatcherReleased, ZoneChanged
from delivery.cities.models import City, Membership, Zone
from delivery.cities.services import give_role, take_role
from delivery.ground import outbox
from delivery.ground.errors import Invalid, NotFound

LONGEST: Final = timedelta(hours=6)
LARGEST_AMOUNT: Final = 10_000_000  # minor units
MOST_CORNERS: Final = 200


@dataclass(frozen=True, slots=True)
class CityRules:
    """What the office decides for a city: durations of city time, minor units, 1/10,000."""

    name: str
    accept_within: timedelta
    offer_for: timedelta
    pickup_service: timedelta
    dropoff_service: timedelta
    target_time: timedelta
    maximum_time: timedelta
    pay_per_order: int
    pay_per_hour: int
    commission_bp: int


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """What the office decides for a zone. `ring`: corners as (lon, lat), not closed."""

    name: str
    fee: int
    minimum_order: int
    is_open: bool
    ring: Sequence[tuple[float, float]]


@transaction.atomic
def change_city(*, city_id: int, rules: CityRules, version: int, by: str) -> City:
    """Set the rules of a city; orders that were placed keep what they were promised.

    Raises:
        NotFound; VersionConflict: somebody has changed it since. Invalid: a duration or an amount makes no sense.
    """
    city: City = City.objects.lock(pk=city_id, version=version)
    durations = [value for value in asdict(rules).values() if isinstance(value, timedelta)]
    if not rules.name.strip() or any(not timedelta() < each <= LONGEST for each in durations):
        raise Invalid("a city has a name, and times between a second and six hours")
    if rules.target_time > rules.maximum_time:
        raise Invalid("the wanted time is not longer than the longest")
    if not (0 <= rules.pay_per_order <= LARGEST_AMOUNT and 0 <= rules.pay_per_hour <= LARGEST_AMOUNT):
        raise Invalid("a pay is at least 0")
    if not 0 <= rules.commission_bp <= 10_000:
        raise Invalid("a commission is between 0 and 100 per cent")
    changed = [field.name for field in fields(rules) if getattr(city, field.name) != getattr(rules, field.name)]
    for name in changed:
        setattr(city, name, getattr(rules, name))
    if changed:
        outbox.record(city, CityChanged(fields=changed), by=by, changed=changed)
    return city


@transaction.atomic
def save_zone(*, city_id: int, zone_id: int | None, rules: ZoneRules, version: int, by: str) -> Zone:
    """Change a zone of a city, or draw a new one without `zone_id`. Held quotes and placed orders keep their fee.

    Raises:
        NotFound; VersionConflict: the city has changed since; Invalid: no border, or there is one of that name.
    """
    city: City = City.objects.lock(pk=city_id, version=version)
    _check(rules)
    zone = Zone(city=city) if zone_id is None else Zone.objects.filter(city=city, pk=zone_id).first()
    if zone is None:
        raise NotFound()
    values: Mapping[str, Any] = {
        "name": rules.name.strip(),
        "fee": rules.fee,
        "minimum_order": rules.minimum_order,
        "is_open": rules.is_open,
        "ring": [list(corner) for corner in rules.ring],
    }
    changed = [name for name, value in values.items() if zone_id is None or getattr(zone, name) != value]
    for name in changed:
        setattr(zone, name, values[name])
    try:
        with transaction.atomic():
            zone.save()
    except IntegrityError as error:
        raise Invalid("there is a zone of this name") from error
    if changed:
        outbox.record(city, ZoneChanged(zone_id=zone.pk, name=zone.name, fields=changed), by=by)
    return zone


def _check(rules: ZoneRules) -> None:
    if not rules.name.strip():
        raise Invalid("a zone has a name")
    if not (0 <= rules.fee <= LARGEST_AMOUNT and 0 <= rules.minimum_order <= LARGEST_AMOUNT):
        raise Invalid("a fee and a smallest order are at least 0")
    if not 3 <= len(rules.ring) <= MOST_CORNERS:
        raise Invalid("a zone has between 3 and 200 corners")
    if any(not (-180 <= lon <= 180 and -90 <= lat <= 90) for lon, lat in rules.ring):
        raise Invalid("a corner lies on earth")


@transaction.atomic
def appoint_dispatcher(*, city_id: int, email: str, by: str) -> Membership:
    """From now on the account with this e-mail looks after the city. Raises NotFound; Invalid: no such account."""
    city: City = City.objects.lock(pk=city_id)
    account = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
    if account is None:
        raise Invalid("nobody has an account with this e-mail")
    outbox.record(city, DispatcherAppointed(account=str(account.public_id)), by=by)
    return give_role(city=city, account=account, role=Membership.Role.DISPATCHER)


@transaction.atomic
def release_dispatcher(*, city_id: int, membership_id: int, by: str) -> None:
    """The account looks after the city no more, also on screens that are open. Raises NotFound."""
    city: City = City.objects.lock(pk=city_id)
    membership = Membership.objects.filter(city=city, pk=membership_id).select_related("account").first()
    if membership is None:
        raise NotFound()
    outbox.record(city, DispatcherReleased(account=str(membership.account.public_id)), by=by)
    take_role(membership=membership)
