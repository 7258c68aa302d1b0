"""The states of an order and every legal step between them. Pure.

Documentation, the exhaustive test and the status column's constraint are made from this table.
"""

from enum import StrEnum
from typing import Final

from delivery.ground.errors import IllegalTransition


class Status(StrEnum):
    PLACED = "placed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    PREPARING = "preparing"
    READY = "ready"
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Action(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    EXPIRE = "expire"
    START_PREPARING = "start_preparing"
    MARK_READY = "mark_ready"
    PICK_UP = "pick_up"
    DELIVER = "deliver"
    CANCEL = "cancel"
    FAIL = "fail"


TABLE: Final[dict[tuple[Status, Action], Status]] = {
    (Status.PLACED, Action.ACCEPT): Status.ACCEPTED,
    (Status.PLACED, Action.REJECT): Status.REJECTED,
    (Status.PLACED, Action.EXPIRE): Status.EXPIRED,
    (Status.PLACED, Action.CANCEL): Status.CANCELLED,
    (Status.ACCEPTED, Action.START_PREPARING): Status.PREPARING,
    (Status.ACCEPTED, Action.CANCEL): Status.CANCELLED,
    (Status.PREPARING, Action.MARK_READY): Status.READY,
    # Kitchens forget to press "ready": the bag leaves all the same.
    (Status.PREPARING, Action.PICK_UP): Status.PICKED_UP,
    (Status.PREPARING, Action.CANCEL): Status.CANCELLED,
    (Status.READY, Action.PICK_UP): Status.PICKED_UP,
    (Status.READY, Action.CANCEL): Status.CANCELLED,
    (Status.PICKED_UP, Action.DELIVER): Status.DELIVERED,
    (Status.PICKED_UP, Action.FAIL): Status.FAILED,
}

FINAL: Final = frozenset(status for status in Status if not any(before == status for before, _ in TABLE))
OPEN: Final = frozenset(Status) - FINAL


def next_status(status: str, action: Action) -> Status:
    """The status after `action`. Raises IllegalTransition when the table has no such step."""
    try:
        return TABLE[Status(status), action]
    except KeyError:
        raise IllegalTransition(f"{action.value} is not possible from {status}") from None


def legal_actions(status: str) -> list[Action]:
    """The actions that are possible from `status`, in the order of the table."""
    return [action for (before, action) in TABLE if before == status]
