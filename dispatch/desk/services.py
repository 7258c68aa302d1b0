"""Every write to alarms: opened by facts, taken, handed over, snoozed and closed by a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from delivery.cities.models import City, Membership
from delivery.ground import clock, outbox
from delivery.ground.errors import IllegalTransition, Invalid, NotAllowed
from delivery.ground.outbox import deadlines
from dispatch.desk.events import (
    AlarmClosed,
    AlarmGivenBack,
    AlarmHandedOver,
    AlarmOpened,
    AlarmSnoozed,
    AlarmTaken,
    AlarmWoke,
)
from dispatch.desk.logbook import note_act
from dispatch.desk.models import Alarm

log = structlog.get_logger(__name__)

ORDER_WITHOUT_DELIVERER = "order_without_deliverer"
ALARM_WAKE: Final = "alarm.wake"
LONGEST_SNOOZE: Final = timedelta(hours=2)  # city time
QUIET: Final = timedelta(minutes=15)  # city time after a person closed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an alarm asks of a city. `subject` is "<thing>:<public id>"; `detail` is JSON without personal data."""

    city_id: int
    kind: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def open_alarms(questions: Iterable[Question]) -> list[Alarm]:
    """Open an alarm for each question that is neither open nor kept quiet by who closed it; returns the new ones.

    Each is assigned to a dispatcher of its city, so that it has a name on it before anybody has taken it.
    """
    asked = {(question.kind, question.subject): question for question in questions}
    same = Alarm.objects.filter(kind__in={kind for kind, _ in asked}, subject__in={subject for _, subject in asked})
    known = {
        *same.filter(closed_at__isnull=True).values_list("kind", "subject"),
        *same.filter(quiet_until__gt=clock.now()).values_list("kind", "subject"),
    }
    new = [question for key, question in asked.items() if key not in known]
    on_call = _on_call({question.city_id for question in new})
    opened = [_open(question, on_call.get(question.city_id)) for question in new]
    return [alarm for alarm in opened if alarm is not None]


@transaction.atomic
def take_alarm(*, alarm_id: UUID, account_id: int, by: str, version: int | None = None) -> Alarm:
    """The account looks after it from now on. Raises NotFound, VersionConflict, IllegalTransition: it is closed."""
    alarm = _lock_open(alarm_id, version)
    if alarm.owner_id == account_id and alarm.snoozed_until is None:
        return alarm
    _own(alarm, account_id)
    outbox.record(alarm, AlarmTaken(owner=by), by=by, changed=["owner_id", "taken_at", "snoozed_until"])
    _note("alarm_taken", alarm, by)
    return alarm


@transaction.atomic
def give_back_alarm(*, alarm_id: UUID, by: str, version: int | None = None) -> Alarm:
    """Nobody owns it any more: the inverse of taking it. Raises as `take_alarm`."""
    alarm = _lock_open(alarm_id, version)
    if alarm.owner_id is None:
        return alarm
    _disown(alarm)
    outbox.record(alarm, AlarmGivenBack(), by=by, changed=["owner_id", "taken_at", "snoozed_until"])
    _note("alarm_given_back", alarm, by)
    return alarm


@transaction.atomic
def hand_over_alarm(*, alarm_id: UUID, account_id: int, by: str, version: int | None = None) -> Alarm:
    """Another dispatcher of the city owns it from now on.

    Raises as `take_alarm`; NotAllowed: the account is no dispatcher of the city.
    """
    alarm = _lock_open(alarm_id, version)
    heir = (
        Membership.objects.filter(
            city=alarm.city_id, role=Membership.Role.DISPATCHER, account=account_id, account__is_active=True
        )
        .select_related("account")
        .first()
    )
    if heir is None:
        raise NotAllowed("hand it to a dispatcher of this city")
    _own(alarm, account_id)
    event = AlarmHandedOver(owner=f"account:{heir.account.public_id}")
    outbox.record(alarm, event, by=by, changed=["owner_id", "taken_at", "snoozed_until"])
    _note("alarm_handed_over", alarm, by, to=heir.account.name)
    return alarm


@transaction.atomic
def snooze_alarm(*, alarm_id: UUID, account_id: int, duration: timedelta, by: str, version: int | None = None) -> Alarm:
    """Silent for `duration` of city time, and the account's; then it asks again.

    Raises as `take_alarm`; Invalid: not up to two hours.
    """
    if not timedelta() < duration <= LONGEST_SNOOZE:
        raise Invalid("snooze for up to two hours")
    alarm = _lock_open(alarm_id, version)
    city = City.objects.get(pk=alarm.city_id)
    _own(alarm, account_id)
    alarm.snoozed_until = clock.after(city, duration)
    event = AlarmSnoozed(until=clock.utc_text(alarm.snoozed_until))
    outbox.record(alarm, event, by=by, changed=["owner_id", "taken_at", "snoozed_until"])
    deadlines.arm(alarm, ALARM_WAKE, alarm.snoozed_until)
    _note("alarm_snoozed", alarm, by, minutes=int(duration.total_seconds() // 60))
    return alarm


@transaction.atomic
def wake_alarm(*, aggregate_pk: int) -> None:
    """Deadline of an alarm: its silence is over. Its owner is asked first, but anybody may take it."""
    alarm: Alarm = Alarm.objects.lock(pk=aggregate_pk)
    if alarm.closed_at is not None or alarm.snoozed_until is None:
        return
    alarm.assigned_to_id = alarm.owner_id
    _disown(alarm)
    outbox.record(alarm, AlarmWoke(), changed=["assigned_to_id", "owner_id", "taken_at", "snoozed_until"])


@transaction.atomic
def close_alarm(*, alarm_id: UUID, reason: str, by: str, version: int | None = None) -> Alarm:
    """The question is answered, and not asked again for a while even if its cause lasts.

    Raises NotFound, VersionConflict, IllegalTransition: it is closed.
    """
    alarm = _lock_open(alarm_id, version)
    alarm.quiet_until = clock.after(City.objects.get(pk=alarm.city_id), QUIET)
    _close(alarm, reason, by)
    _note("alarm_closed", alarm, by, reason=reason)
    return alarm


@transaction.atomic
def settle_alarms(*, kind: str, subjects: Iterable[str], reason: str) -> None:
    """Close the open alarms of a kind whose question has answered itself."""
    rows = Alarm.objects.select_for_update(of=("self",)).filter(
        kind=kind, subject__in=set(subjects), closed_at__isnull=True
    )
    for alarm in rows.order_by("pk"):
        _close(alarm.mark_locked(), reason, "system")


def _open(question: Question, assigned_to_id: int | None) -> Alarm | None:
    alarm = Alarm(
        city_id=question.city_id,
        kind=question.kind,
        subject=question.subject,
        detail=dict(question.detail),
        opened_at=clock.now(),
        assigned_to_id=assigned_to_id,
    )
    if assigned_to_id is None:
        log.error("alarm_without_dispatcher", city_id=question.city_id, kind=question.kind)
    try:
        with transaction.atomic():
            outbox.insert(alarm, AlarmOpened(alarm_kind=question.kind, subject=question.subject))
    except IntegrityError:  # alarm_is_open_once_per_subject: another process asked at this moment
        return None
    return alarm


def _lock_open(alarm_id: UUID, version: int | None) -> Alarm:
    alarm: Alarm = Alarm.objects.lock(public_id=alarm_id, version=version)
    if alarm.closed_at is not None:
        raise IllegalTransition("the alarm is closed", current=alarm.conflict_state())
    return alarm


def _own(alarm: Alarm, account_id: int) -> None:
    """Whoever owns it is awake: an earlier snooze ends."""
    _end_snooze(alarm)
    alarm.owner_id, alarm.taken_at = account_id, clock.now()


def _disown(alarm: Alarm) -> None:
    _end_snooze(alarm)
    alarm.owner_id, alarm.taken_at = None, None


def _end_snooze(alarm: Alarm) -> None:
    if alarm.snoozed_until is not None:
        alarm.snoozed_until = None
        deadlines.clear(alarm, ALARM_WAKE)


def _close(alarm: Alarm, reason: str, by: str) -> None:
    _end_snooze(alarm)
    alarm.closed_at, alarm.close_reason = clock.now(), reason
    event = AlarmClosed(reason=reason)
    outbox.record(alarm, event, by=by, changed=["closed_at", "close_reason", "snoozed_until", "quiet_until"])


def _note(kind: str, alarm: Alarm, by: str, **more: object) -> None:
    detail = {"alarm": alarm.kind, "number": alarm.detail.get("number", ""), **more}
    note_act(city_id=alarm.city_id, kind=kind, by=by, about=alarm.subject, detail=detail)


def _on_call(city_ids: Iterable[int]) -> dict[int, int]:
    """The dispatcher of each city who is asked first. There is no roster yet: the longest-serving one."""
    members = Membership.objects.filter(
        city__in=set(city_ids), role=Membership.Role.DISPATCHER, account__is_active=True
    )
    return dict(members.order_by("city", "pk").distinct("city").values_list("city_id", "account_id"))
