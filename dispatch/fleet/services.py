"""Every write of the fleet: people join, plan, start and end shifts, say where they are, ask for offers again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from delivery.accounts.models import Account
from delivery.cities.models import City
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid
from delivery.ground.geo import Point
from dispatch.fleet.errors import AlreadyOnShift, NoShift, StillCarrying
from dispatch.fleet.events import BreakStarted, DelivererJoined, OffersPaused, OffersResumed, ShiftEnded, ShiftStarted
from dispatch.fleet.models import Deliverer, Position, Shift

# City time by which a shift may be started before its hour.
EARLY: Final = timedelta(minutes=30)
SPONTANEOUS: Final = timedelta(hours=8)
PAUSES: Final = ["silent_offers", "offers_paused_at", "break_since"]


@transaction.atomic
def join_deliverer(*, account: Account, city: City, vehicle: str, by: str) -> Deliverer:
    """The account carries food in the city from now on."""
    deliverer = Deliverer(account=account, city=city, vehicle=Deliverer.Vehicle(vehicle))
    outbox.insert(deliverer, DelivererJoined(), by=by)
    return deliverer


def plan_shift(*, deliverer: Deliverer, starts_at: datetime, ends_at: datetime) -> Shift:
    """Agree on working time (real instants). Raises Invalid when it ends before it starts."""
    if ends_at <= starts_at:
        raise Invalid("a shift ends after it starts")
    return Shift.objects.create(deliverer=deliverer, starts_at=starts_at, ends_at=ends_at)


def plan_shifts(*, shifts: Sequence[Shift]) -> None:
    """Agree on many working times at once, filled in by the caller. Raises Invalid, and then plans none."""
    if any(shift.ends_at <= shift.starts_at for shift in shifts):
        raise Invalid("a shift ends after it starts")
    Shift.objects.bulk_create(shifts)


@transaction.atomic
def join_deliverers(*, deliverers: Sequence[Deliverer], by: str) -> None:
    """`join_deliverer` for many, filled in by the caller."""
    outbox.insert_many([(deliverer, DelivererJoined()) for deliverer in deliverers], by=by)


@transaction.atomic
def start_shift(*, deliverer_id: int, by: str) -> Shift:
    """Begin the planned shift that runs now or soon; without one, a shift of `SPONTANEOUS`. Raises AlreadyOnShift."""
    deliverer: Deliverer = Deliverer.objects.lock(pk=deliverer_id)
    if deliverer.shifts.filter(started_at__isnull=False, ended_at__isnull=True).exists():
        raise AlreadyOnShift()
    now = clock.now()
    planned = deliverer.shifts.filter(started_at__isnull=True, ends_at__gt=now)
    shift = planned.filter(starts_at__lte=clock.after(deliverer.city, EARLY, since=now)).order_by("starts_at").first()
    if shift is None:
        shift = Shift(deliverer=deliverer, starts_at=now, ends_at=clock.after(deliverer.city, SPONTANEOUS, since=now))
    shift.started_at = now
    shift.save()
    deliverer.silent_offers, deliverer.offers_paused_at, deliverer.break_since = 0, None, None
    outbox.record(deliverer, ShiftStarted(shift_id=shift.pk), by=by, changed=PAUSES)
    return shift


@transaction.atomic
def end_shift(*, deliverer_id: int, by: str) -> Shift:
    """Go home; the last place is forgotten. An open offer is withdrawn by what follows from the fact.

    Raises:
        NoShift: none has started. StillCarrying: a route is under way.
    """
    deliverer: Deliverer = Deliverer.objects.lock(pk=deliverer_id)
    shift = deliverer.shifts.filter(started_at__isnull=False, ended_at__isnull=True).first()
    if shift is None:
        raise NoShift()
    if deliverer.routes.filter(status="assigned").exists():
        raise StillCarrying()
    shift.ended_at = clock.now()
    shift.save(update_fields=["ended_at"])
    Position.objects.filter(deliverer=deliverer).delete()
    outbox.record(deliverer, ShiftEnded(shift_id=shift.pk), by=by)
    return shift


@transaction.atomic
def start_break(*, deliverer_id: int, by: str) -> Deliverer:
    """Rest: no offers come until `resume_offers`, and one that is open is withdrawn by what follows from the fact.

    On a route it means "nothing more after this one". Nothing happens in a break. Raises NoShift.
    """
    deliverer: Deliverer = Deliverer.objects.lock(pk=deliverer_id)
    if not deliverer.shifts.filter(started_at__isnull=False, ended_at__isnull=True).exists():
        raise NoShift()
    if deliverer.break_since is not None:
        return deliverer
    deliverer.break_since = clock.now()
    deliverer.silent_offers, deliverer.offers_paused_at = 0, deliverer.break_since
    outbox.record(deliverer, BreakStarted(), by=by, changed=PAUSES)
    return deliverer


def report_position(*, deliverer_id: int, point: Point, measured_at: datetime, accuracy_m: float | None = None) -> None:
    """Keep the latest place of a deliverer on duty; an older one than we have is passed over.

    One statement and no lock but its own row: a signal, not a fact. A phone whose clock runs ahead measures now.

    Raises NoShift.
    """
    now = clock.now()
    if not Shift.objects.filter(deliverer=deliverer_id, started_at__isnull=False, ended_at__isnull=True).exists():
        raise NoShift()
    _keep_latest(deliverer_id, point, min(measured_at, now), accuracy_m)


def note_place(*, deliverer_id: int, point: Point, at: datetime) -> None:
    """A deliverer who acts at a stop stands there, whatever the phone last said."""
    _keep_latest(deliverer_id, point, at)


@transaction.atomic
def resume_offers(*, deliverer_id: int, by: str) -> Deliverer:
    """The answer to "still there?" and the end of a break: offers come again, unless they were not paused."""
    deliverer: Deliverer = Deliverer.objects.lock(pk=deliverer_id)
    if deliverer.offers_paused_at is None:
        return deliverer
    deliverer.silent_offers, deliverer.offers_paused_at, deliverer.break_since = 0, None, None
    outbox.record(deliverer, OffersResumed(), by=by, changed=PAUSES)
    return deliverer


def pause_offers(deliverer: Deliverer) -> None:
    """Offer nothing to a locked deliverer until `resume_offers`."""
    if deliverer.offers_paused_at is None:
        deliverer.offers_paused_at = clock.now()
        outbox.record(deliverer, OffersPaused(), changed=["offers_paused_at"])


def _keep_latest(deliverer_id: int, point: Point, measured_at: datetime, accuracy_m: float | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fleet_position AS known (deliverer_id, lat, lon, accuracy_m, measured_at, received_at)"
            " VALUES (%s, %s, %s, %s, %s, clock_timestamp())"
            " ON CONFLICT (deliverer_id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon,"
            " accuracy_m = excluded.accuracy_m,"
            " measured_at = excluded.measured_at, received_at = excluded.received_at"
            " WHERE known.measured_at <= excluded.measured_at",
            [deliverer_id, point.lat, point.lon, round(accuracy_m) if accuracy_m is not None else None, measured_at],
        )
