"""House rule of the demonstration: whoever plays a role fits on a page."""

import pytest

from delivery import env

ROLES = ("customer", "lobby", "kitchen", "deliverer", "printer", "dispatcher")


@pytest.mark.parametrize("role", ROLES)
def test_an_actor_has_at_most_a_hundred_lines(role: str) -> None:
    text = (env.BASE_DIR / "delivery" / "demo" / "actors" / f"{role}.py").read_text()
    assert text.count("\n") <= 100
