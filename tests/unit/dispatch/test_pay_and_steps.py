"""What is earned, and every step of a stop."""

from datetime import timedelta

import pytest

from delivery.ground.errors import IllegalTransition
from dispatch.fleet.pay import PayRule, route_pay, shift_pay
from dispatch.transitions import STOPS, StopAction, StopStatus, next_stop_status

RULE = PayRule(per_order=1000, per_hour=1500)


def test_a_route_pays_per_order() -> None:
    assert route_pay(RULE, orders=3) == 3000


@pytest.mark.parametrize(
    ("earned", "worked", "pay"),
    [
        (0, timedelta(hours=2), 3000),
        (2999, timedelta(hours=2), 3000),
        (3001, timedelta(hours=2), 3001),
        (0, timedelta(seconds=1), 1),  # rounded up: never less than the guarantee
        (0, timedelta(), 0),
    ],
)
def test_a_shift_pays_what_was_earned_or_the_guarantee(earned: int, worked: timedelta, pay: int) -> None:
    assert shift_pay(RULE, earned=earned, worked=worked) == pay


@pytest.mark.parametrize("status", StopStatus)
@pytest.mark.parametrize("action", StopAction)
def test_every_step_of_a_stop(status: StopStatus, action: StopAction) -> None:
    visited = {"arrive": "arrived", "complete": "done", "fail": "failed", "cancel": "cancelled"}
    allowed = status == "pending" or (status == "arrived" and action != "arrive")
    if allowed:
        assert next_stop_status(status, action) == visited[action]
    else:
        with pytest.raises(IllegalTransition) as refused:
            next_stop_status(status, action)
        assert refused.value.current == {"status": status}
    assert allowed is ((status, action) in STOPS)
