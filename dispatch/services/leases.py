"""Which planner process holds which city. PostgreSQL's clock decides, and each plan's commit asks again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import F
from django.db.models.functions import Now

from dispatch.errors import LeaseLost
from dispatch.models import CityLease, Planner

LEASE: Final = timedelta(seconds=5)
NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lease:
    """A city held by one planner; another holder raises `epoch`."""

    city_id: int
    holder: str
    epoch: int


def sign_in_planner(*, holder: str) -> int:
    """Say that this planner is alive; returns how many are."""
    Planner.objects.filter(until__lt=Now() - LEASE).delete()
    Planner.objects.bulk_create(
        [Planner(holder=holder, until=Now() + LEASE)],
        update_conflicts=True,
        unique_fields=["holder"],
        update_fields=["until"],
    )
    return Planner.objects.filter(until__gt=Now()).count()


def sign_out_planner(*, holder: str) -> None:
    Planner.objects.filter(holder=holder).delete()


def take_cities(*, holder: str, city_ids: Collection[int], limit: int) -> list[Lease]:
    """Take up to `limit` of the cities that nobody holds."""
    CityLease.objects.bulk_create(
        [CityLease(city_id=city_id, holder="", until=NEVER) for city_id in city_ids], ignore_conflicts=True
    )
    free = CityLease.objects.filter(city__in=city_ids, until__lt=Now()).order_by("until")
    taken = []
    for city_id in list(free.values_list("city_id", flat=True)[:limit]):
        # The condition is asked again under the row's lock: of two planners that try, one changes a row.
        if CityLease.objects.filter(city=city_id, until__lt=Now()).update(
            holder=holder, epoch=F("epoch") + 1, until=Now() + LEASE
        ):
            taken.append(city_id)
    rows = CityLease.objects.filter(city__in=taken, holder=holder).values_list("city_id", "holder", "epoch")
    return [Lease(*row) for row in rows]


def renew_cities(*, leases: Collection[Lease]) -> set[Lease]:
    """Hold each lease for its full time again; returns those that are still held."""
    return {
        lease
        for lease in leases
        if CityLease.objects.filter(city=lease.city_id, holder=lease.holder, epoch=lease.epoch).update(
            until=Now() + LEASE
        )
    }


def release_city(*, lease: Lease) -> None:
    """Let another planner take the city at once."""
    CityLease.objects.filter(city=lease.city_id, holder=lease.holder, epoch=lease.epoch).update(until=NEVER)


def confirm_lease(*, lease: Lease) -> None:
    """Keeps the lease from changing hands until this transaction ends. Raises LeaseLost when it already has."""
    held = CityLease.objects.raw(
        "SELECT id FROM dispatch_citylease"
        " WHERE city_id = %s AND holder = %s AND epoch = %s AND until > clock_timestamp() FOR SHARE",
        [lease.city_id, lease.holder, lease.epoch],
    )
    if not list(held):
        raise LeaseLost()
