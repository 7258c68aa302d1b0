"""The switch between planner and people: off for a while, always with an end and an author."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from delivery.cities.models import City
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid
from dispatch.desk.events import HandDispatchSet
from dispatch.desk.logbook import note_act
from dispatch.desk.models import HandDispatch

LONGEST: Final = timedelta(hours=4)  # city time


@transaction.atomic
def dispatch_by_hand(*, city: City, author_id: int, duration: timedelta, by: str) -> HandDispatch:
    """Let the planner propose nothing for `duration` of city time. Raises Invalid: not up to four hours."""
    if not timedelta() < duration <= LONGEST:
        raise Invalid("by hand for up to four hours")
    switch = _set(city, author_id, duration, by)
    detail = {"minutes": int(duration.total_seconds() // 60)}
    note_act(city_id=city.pk, kind="by_hand", by=by, detail=detail)
    return switch


@transaction.atomic
def dispatch_by_planner(*, city: City, author_id: int, by: str) -> HandDispatch:
    """The planner proposes again."""
    switch = _set(city, author_id, timedelta(), by)
    note_act(city_id=city.pk, kind="by_planner", by=by)
    return switch


def is_by_hand(city_id: int) -> bool:
    """Whether the planner has to leave the city to its dispatchers now."""
    return HandDispatch.objects.filter(city=city_id, until__gt=clock.now()).exists()


def _set(city: City, author_id: int, duration: timedelta, by: str) -> HandDispatch:
    City.objects.lock(pk=city.pk)  # two who press at the same moment: one after the other
    now = clock.now()
    until = clock.after(city, duration, since=now)
    event = HandDispatchSet(until=clock.utc_text(until))
    if not HandDispatch.objects.filter(city=city).exists():
        switch = HandDispatch(city=city, author_id=author_id, since=now, until=until)
        outbox.insert(switch, event, by=by)
        return switch
    locked: HandDispatch = HandDispatch.objects.lock(city=city)
    locked.author_id, locked.since, locked.until = author_id, now, until
    outbox.record(locked, event, by=by, changed=["author_id", "since", "until"])
    return locked
