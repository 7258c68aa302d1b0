"""Facts about alarms, the logbook and who assigns."""

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
class AlarmGivenBack(Event):
    """Nobody owns it any more: it asks again."""


@dataclass(frozen=True, kw_only=True)
class AlarmHandedOver(Event):
    owner: str


@dataclass(frozen=True, kw_only=True)
class AlarmSnoozed(Event):
    until: str


@dataclass(frozen=True, kw_only=True)
class AlarmWoke(Event):
    """Its silence is over, by time or by hand: it asks again."""


@dataclass(frozen=True, kw_only=True)
class AlarmClosed(Event):
    reason: str


@dataclass(frozen=True, kw_only=True)
class LogWritten(Event):
    entry: str


@dataclass(frozen=True, kw_only=True)
class HandDispatchSet(Event):
    """Dispatchers assign by hand until then; an instant that is over means that the planner proposes again."""

    until: str
