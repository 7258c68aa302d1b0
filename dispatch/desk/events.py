"""Facts about alarms."""

from dataclasses import dataclass

from delivery.ground.events import Event


@dataclass(frozen=True, kw_only=True)
class AlarmOpened(Event):
    alarm_kind: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class AlarmTaken(Event):
    owner: str


@dataclass(frozen=True, kw_only=True)
class AlarmClosed(Event):
    reason: str
