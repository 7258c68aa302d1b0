"""Kitchens say when; the forecast believes those that are right, and doubts the others by how wrong they were."""

import math

from hypothesis import given
from hypothesis import strategies as st

from dispatch.engine.kitchens import LEARNT_FROM, OVERDUE_MIN, REMEMBERED, Kitchens


def taught(*errors: float) -> Kitchens:
    """Kitchens that were seen to be wrong by these minutes, each another restaurant."""
    kitchens = Kitchens()
    for number, error in enumerate(errors):
        name = f"seen-{number}"
        kitchens.hear(name, restaurant=name, placed_at=0.0, told_at=20.0)
        kitchens.see_ready(name, after=20.0 + error, before=20.0 + error)
    return kitchens


def cooking(kitchens: Kitchens, order: str = "new", *, restaurant: str = "nonna", told_at: float = 120.0) -> None:
    kitchens.hear(order, restaurant=restaurant, placed_at=100.0, told_at=told_at)


def test_estimates_are_believed_until_some_were_seen() -> None:
    kitchens = taught(*[5.0] * (LEARNT_FROM - 1))
    cooking(kitchens)
    assert kitchens.perhaps_at("new", now=100.0) == ()


def test_kitchens_that_were_right_are_believed_to_the_minute() -> None:
    kitchens = taught(*[0.0] * 20)
    cooking(kitchens)
    assert set(kitchens.perhaps_at("new", now=100.0)) == {120.0}


def test_an_uncertain_order_is_spread_as_others_were() -> None:
    kitchens = taught(-6.0, -4.0, -2.0, 0.0, 0.0, 2.0, 4.0, 12.0)
    cooking(kitchens)
    assert kitchens.perhaps_at("new", now=100.0) == (114.0, 116.0, 118.0, 120.0, 120.0, 122.0, 124.0, 132.0)


def test_what_is_late_is_judged_by_those_that_were_as_late() -> None:
    kitchens = taught(-6.0, -4.0, 1.0, 3.0, 5.0, 7.0, 9.0, 11.0)
    cooking(kitchens)
    assert kitchens.perhaps_at("new", now=124.0) == (125.0, 127.0, 129.0, 131.0)


def test_what_is_later_than_all_others_is_expected_soon() -> None:
    kitchens = taught(*[0.0] * 10)
    cooking(kitchens)
    perhaps = kitchens.perhaps_at("new", now=150.0)
    assert math.fsum(perhaps) / len(perhaps) == 150.0 + OVERDUE_MIN


def test_a_kitchen_that_is_behind_is_behind_with_its_next_order() -> None:
    kitchens = taught(*[0.0] * 10)
    cooking(kitchens, "before", told_at=105.0)
    kitchens.see_ready("before", after=117.0, before=117.0)
    cooking(kitchens)
    cooking(kitchens, "elsewhere", restaurant="kumo")
    assert min(kitchens.perhaps_at("new", now=118.0)) > 124.0
    assert min(kitchens.perhaps_at("elsewhere", now=118.0)) == 120.0


def test_a_neighbour_that_should_be_ready_and_is_not_counts_too() -> None:
    kitchens = taught(*[0.0] * 10)
    cooking(kitchens, "before", told_at=105.0)
    cooking(kitchens)
    assert min(kitchens.perhaps_at("new", now=118.0)) > 120.0


def test_the_moment_within_a_minute_that_fits_the_estimate_is_taken() -> None:
    kitchens = taught(*[0.0] * 10)
    cooking(kitchens, told_at=118.25)
    kitchens.see_ready("new", after=118.0, before=119.0)
    cooking(kitchens, "next", told_at=130.0)
    assert set(kitchens.perhaps_at("next", now=119.0)) == {130.0}


def test_a_cancelled_order_teaches_nothing() -> None:
    kitchens = taught(*[0.0] * 10)
    cooking(kitchens)
    kitchens.forget("new")
    assert kitchens.cooking == []
    assert kitchens.perhaps_at("new", now=100.0) == ()


def test_only_what_was_lately_is_remembered() -> None:
    kitchens = taught(*[30.0] * 50, *[0.0] * REMEMBERED)
    cooking(kitchens)
    assert set(kitchens.perhaps_at("new", now=100.0)) == {120.0}


@given(
    st.lists(st.floats(-90, 90) | st.just(math.nan) | st.just(math.inf), max_size=40),
    st.floats(-60, 600),
    st.floats(0, 400),
)
def test_whatever_was_seen_the_answer_lies_ahead_in_order(errors: list[float], told_at: float, now: float) -> None:
    kitchens = taught(*errors)
    cooking(kitchens, told_at=told_at)
    perhaps = kitchens.perhaps_at("new", now)
    assert list(perhaps) == sorted(perhaps)
    assert all(now < instant < math.inf for instant in perhaps)
