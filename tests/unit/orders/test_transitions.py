"""Every status with every action: legal exactly where the drawing of the states has an arrow."""

from itertools import product

import pytest

from delivery.ground.errors import IllegalTransition
from delivery.orders.transitions import FINAL, OPEN, Action, Status, legal_actions, next_status

# Written from the drawing in the design, not from the table under test.
DRAWING = """
placed: accept accepted, reject rejected, expire expired, cancel cancelled
accepted: start_preparing preparing, cancel cancelled
preparing: mark_ready ready, pick_up picked_up, cancel cancelled
ready: pick_up picked_up, cancel cancelled
picked_up: deliver delivered, fail failed
"""
ARROWS = {
    (before, action): after
    for before, arrows in (line.split(": ") for line in DRAWING.split("\n") if line)
    for action, after in (arrow.split() for arrow in arrows.split(", "))
}


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_a_step_is_legal_exactly_where_the_drawing_has_an_arrow(status: Status, action: Action) -> None:
    after = ARROWS.get((status.value, action.value))
    if after is None:
        with pytest.raises(IllegalTransition, match=f"{action} is not possible from {status}"):
            next_status(status, action)
        assert action not in legal_actions(status)
    else:
        assert next_status(status, action) == after
        assert action in legal_actions(status)


def test_final_states_have_no_way_out_and_all_others_reach_one() -> None:
    assert {status.value for status in FINAL} == {"rejected", "expired", "delivered", "cancelled", "failed"}
    reach = set(FINAL)
    for _ in Status:
        reach |= {
            status for status in OPEN if any(next_status(status, step) in reach for step in legal_actions(status))
        }
    assert reach == set(Status)
