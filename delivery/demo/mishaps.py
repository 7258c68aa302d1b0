"""What can be broken on purpose: the page asks for it in a row; the demo process does it and heals it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from django.db import transaction

from delivery.demo.models import Mishap
from delivery.ground import clock
from delivery.ground.errors import Conflict, NotFound

Aim = Literal["printer", "shop", "city", "copy"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`aim`: what of it is broken. `lasts`: real time after which it heals by itself."""

    aim: Aim
    lasts: timedelta


KINDS: Final[Mapping[str, Kind]] = {
    "printer_unplugged": Kind("printer", timedelta(seconds=90)),
    "paper_out": Kind("printer", timedelta(seconds=90)),
    "tablet_lost": Kind("shop", timedelta(seconds=120)),
    "kitchen_closed": Kind("shop", timedelta(seconds=120)),
    "rush_hour": Kind("city", timedelta(seconds=90)),
    "strike": Kind("city", timedelta(seconds=240)),
    "valkey_frozen": Kind("copy", timedelta(seconds=30)),
    "print_worker_killed": Kind("copy", timedelta(seconds=10)),
    "relay_killed": Kind("copy", timedelta(seconds=10)),
}


class StillBroken(Conflict):
    """The same thing is broken already."""

    code = "still_broken"
    title = "This is broken already"


@transaction.atomic
def break_it(*, kind: str, target: str) -> Mishap:
    """Ask for a mishap; it begins within a second. Raises NotFound: no such kind; StillBroken."""
    if kind not in KINDS:
        raise NotFound()
    now = clock.now()
    if Mishap.objects.filter(kind=kind, target=target, ended_at__isnull=True).exists():
        raise StillBroken()
    return Mishap.objects.create(kind=kind, target=target, asked_at=now, until=now + KINDS[kind].lasts)


def heal(*, mishap_id: int) -> None:
    """Its time is over now; nothing happens when it has healed meanwhile."""
    Mishap.objects.filter(pk=mishap_id, ended_at__isnull=True).update(until=clock.now())


def open_mishaps() -> list[Mishap]:
    """What is broken, or is to be; the oldest first."""
    return list(Mishap.objects.filter(ended_at__isnull=True).order_by("pk"))


def note_done(*, began: list[int], ended: list[int]) -> None:
    """The demo process has begun and ended these."""
    now = clock.now()
    Mishap.objects.filter(pk__in=began, began_at__isnull=True).update(began_at=now)
    Mishap.objects.filter(pk__in=ended, ended_at__isnull=True).update(ended_at=now)
