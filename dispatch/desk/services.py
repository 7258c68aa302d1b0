"""Every write of the desk: alarms are opened by facts, taken by a person, closed with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from delivery.cities.models import Membership
from delivery.ground import clock, outbox
from delivery.ground.errors import IllegalTransition
from dispatch.desk.events import AlarmClosed, AlarmOpened, AlarmTaken
from dispatch.desk.models import Alarm

log = structlog.get_logger(__name__)

ORDER_WITHOUT_DELIVERER = "order_without_deliverer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an alarm asks of a city. `subject` is "<thing>:<public id>"; `detail` is JSON without personal data."""

    city_id: int
    kind: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def open_alarms(questions: Iterable[Question]) -> list[Alarm]:
    """Open an alarm for each question that is not open yet; returns the new ones.

    Each is assigned to a dispatcher of its city, so that it has a name on it before anybody has taken it.
    """
    asked = {(question.kind, question.subject): question for question in questions}
    open_now = Alarm.objects.filter(
        closed_at__isnull=True, kind__in={kind for kind, _ in asked}, subject__in={subject for _, subject in asked}
    )
    known = set(open_now.values_list("kind", "subject"))
    new = [question for key, question in asked.items() if key not in known]
    on_call = _on_call({question.city_id for question in new})
    opened = [_open(question, on_call.get(question.city_id)) for question in new]
    return [alarm for alarm in opened if alarm is not None]


@transaction.atomic
def take_alarm(*, alarm_id: UUID, account_id: int, by: str, version: int | None = None) -> Alarm:
    """The account looks after it from now on. Raises NotFound, VersionConflict, IllegalTransition: it is closed."""
    alarm = _lock_open(alarm_id, version)
    if alarm.owner_id == account_id:
        return alarm
    alarm.owner_id, alarm.taken_at = account_id, clock.now()
    outbox.record(alarm, AlarmTaken(owner=by), by=by, changed=["owner_id", "taken_at"])
    return alarm


@transaction.atomic
def close_alarm(*, alarm_id: UUID, reason: str, by: str, version: int | None = None) -> Alarm:
    """The question is answered. Raises NotFound, VersionConflict, IllegalTransition: it is closed."""
    alarm = _lock_open(alarm_id, version)
    _close(alarm, reason, by)
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


def _close(alarm: Alarm, reason: str, by: str) -> None:
    alarm.closed_at, alarm.close_reason = clock.now(), reason
    outbox.record(alarm, AlarmClosed(reason=reason), by=by, changed=["closed_at", "close_reason"])


def _on_call(city_ids: Iterable[int]) -> dict[int, int]:
    """The dispatcher of each city who is asked first. There is no roster yet: the longest-serving one."""
    members = Membership.objects.filter(
        city__in=set(city_ids), role=Membership.Role.DISPATCHER, account__is_active=True
    )
    return dict(members.order_by("city", "pk").distinct("city").values_list("city_id", "account_id"))
