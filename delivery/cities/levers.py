"""Levers: emergency switches of a city, each with an author and an end.

Refuses a lever without an end. Entry: `pull_lever`; what is pulled now comes with every zone from `selectors`.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from delivery.cities.errors import OutOfReach, ZonePaused
from delivery.cities.events import LeverEnded, LeverPulled
from delivery.cities.models import City, Lever, Zone
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid
from delivery.ground.outbox import deadlines

END: Final = "city.lever_end"
LONGEST: Final = timedelta(hours=24)  # real time
AMOUNTS: Final = {Lever.Kind.RUSH: (1, 90), Lever.Kind.NEAR_ONLY: (200, 30_000), Lever.Kind.CAP: (1, 10_000)}
CAP_WITHIN: Final = timedelta(minutes=15)
HIGHEST_FEE: Final = 1_000_000


@transaction.atomic
def pull_lever(
    *,
    city: City,
    kind: str,
    until: datetime,
    by: str,
    zone: Zone | None = None,
    amount: int | None = None,
    fee: int = 0,
) -> Lever:
    """From now until `until` the zone, or the whole city, works as `kind` says; an earlier one of the kind there ends.

    Args:
        kind, amount, fee: see `Lever`.
    Raises:
        Invalid: an unknown kind, no amount or a wild one, a zone of another city, an end in the past or after a day.
    """
    _refuse_wild(city, kind, zone, amount, fee, until)
    City.objects.lock(pk=city.pk)  # two who pull at the same time: the second one's stands
    for earlier in Lever.objects.filter(city=city, zone=zone, kind=kind, ended_at__isnull=True):
        _end(Lever.objects.lock(pk=earlier.pk), by=by)
    lever = Lever(city=city, zone=zone, kind=kind, amount=amount, fee=fee, until=until, pulled_by=by)
    pulled = LeverPulled(lever=kind, zone_id=zone.pk if zone else None, amount=amount, fee=fee, until=until.isoformat())
    outbox.insert(lever, pulled, by=by)
    deadlines.arm(lever, END, until)
    return lever


@transaction.atomic
def end_lever(*, lever_id: int, by: str, version: int | None = None) -> Lever:
    """Everything is as usual again; one that has ended stays as it is. Raises NotFound, VersionConflict."""
    lever: Lever = Lever.objects.lock(pk=lever_id, version=version)
    _end(lever, by=by)
    return lever


def end_due_lever(*, aggregate_pk: int) -> None:
    """Deadline: its time is over."""
    end_lever(lever_id=aggregate_pk, by="system")


def refuse_by_lever(zone: Zone, way_m: float) -> None:
    """The one rule of list, basket and placement; `way_m` is the straight line from the restaurant to the door.

    Raises:
        ZonePaused, OutOfReach: `current` holds `paused_until`.
    """
    for lever in zone.levers:
        if lever.kind == Lever.Kind.PAUSE:
            raise ZonePaused(current={"paused_until": lever.until})
        if lever.kind == Lever.Kind.NEAR_ONLY and way_m > (lever.amount or 0):
            raise OutOfReach(current={"paused_until": lever.until})


def cap_of(zone: Zone) -> Lever | None:
    """The tightest cap on the zone right now."""
    caps = [lever for lever in zone.levers if lever.kind == Lever.Kind.CAP]
    return min(caps, key=lambda lever: lever.amount or 0, default=None)


def _end(lever: Lever, *, by: str) -> None:
    if lever.ended_at is not None:
        return
    lever.ended_at, lever.ended_by = clock.now(), by
    outbox.record(lever, LeverEnded(lever=lever.kind, zone_id=lever.zone_id), by=by, changed=["ended_at", "ended_by"])
    deadlines.clear(lever, END)


def _refuse_wild(city: City, kind: str, zone: Zone | None, amount: int | None, fee: int, until: datetime) -> None:
    if kind not in Lever.Kind.values:
        raise Invalid(fields={"kind": [{"code": "unknown", "message": gettext("There is no such lever")}]})
    low, high = AMOUNTS.get(Lever.Kind(kind), (0, 0))
    if (amount is None) != (high == 0) or (amount is not None and not low <= amount <= high):
        needed = gettext("This lever needs a number from %(low)s to %(high)s") % {"low": low, "high": high}
        wanted = needed if high else gettext("This lever has no number")
        raise Invalid(fields={"amount": [{"code": "out_of_range", "message": wanted}]})
    if not 0 <= fee <= (HIGHEST_FEE if kind == Lever.Kind.RUSH else 0):
        wanted = gettext("Only a rush has a fee, of %(high)s at most") % {"high": HIGHEST_FEE}
        raise Invalid(fields={"fee": [{"code": "out_of_range", "message": wanted}]})
    if not clock.now() < until <= clock.now() + LONGEST:
        wanted = gettext("A lever ends within a day from now")
        raise Invalid(fields={"until": [{"code": "out_of_range", "message": wanted}]})
    if zone is not None and zone.city_id != city.pk:
        raise Invalid(fields={"zone": [{"code": "unknown", "message": gettext("The zone is not of this city")}]})
