"""The states of a stop and every legal step between them. Pure."""

from enum import StrEnum
from typing import Final

from delivery.ground.errors import IllegalTransition


class StopStatus(StrEnum):
    PENDING = "pending"
    ARRIVED = "arrived"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StopAction(StrEnum):
    ARRIVE = "arrive"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"


STOPS: Final[dict[tuple[StopStatus, StopAction], StopStatus]] = {
    (StopStatus.PENDING, StopAction.ARRIVE): StopStatus.ARRIVED,
    # People with a bag in each hand forget to press "arrived".
    (StopStatus.PENDING, StopAction.COMPLETE): StopStatus.DONE,
    (StopStatus.PENDING, StopAction.FAIL): StopStatus.FAILED,
    (StopStatus.PENDING, StopAction.CANCEL): StopStatus.CANCELLED,
    (StopStatus.ARRIVED, StopAction.COMPLETE): StopStatus.DONE,
    (StopStatus.ARRIVED, StopAction.FAIL): StopStatus.FAILED,
    (StopStatus.ARRIVED, StopAction.CANCEL): StopStatus.CANCELLED,
}

OPEN_STOPS: Final = ("pending", "arrived")
"""Stops that still ask for a visit."""


def next_stop_status(status: str, action: StopAction) -> StopStatus:
    """The status after `action`. Raises IllegalTransition when the table has no such step."""
    try:
        return STOPS[StopStatus(status), action]
    except KeyError:
        raise IllegalTransition(f"{action.value} is not possible from {status}", current={"status": status}) from None
