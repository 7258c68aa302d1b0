"""What became of the day's promise: sums, shares and the minutes that each cause has cost."""

from datetime import date, timedelta

import pytest

from delivery.console.promise.counted import Cause, Comparison, Counted, Day

MINUTE = timedelta(minutes=1)


@pytest.fixture
def busy() -> Counted:
    return Counted(
        orders=12,
        delivered=10,
        in_time=8,
        door=350 * MINUTE,
        answer=5 * MINUTE,
        kitchen=30 * MINUTE,
        courier=12 * MINUTE,
        tickets=20,
        on_paper=19,
        overdue=2,
        copies=1,
        alarms=2,
    )


def test_shares_and_minutes_are_those_of_an_average_delivered_order(busy: Counted) -> None:
    assert busy.in_time_share == 80
    assert busy.door_minutes == 35
    assert [busy.lost(cause) for cause in Cause] == [0.5, 3.0, pytest.approx(1.2), 0.0]
    assert busy.lost_in_all == pytest.approx(4.7)
    assert busy.worst is Cause.KITCHEN
    assert busy.paper_share == 95


def test_nothing_yet_is_not_bad() -> None:
    empty = Counted()
    assert (empty.in_time_share, empty.door_minutes, empty.lost_in_all, empty.paper_share) == (None,) * 4
    assert empty.worst is None
    assert empty.lost(Cause.RIDE) is None
    assert Counted(delivered=3, in_time=3).worst is None


def test_sums_add_field_by_field(busy: Counted) -> None:
    together = busy + Counted(orders=8, delivered=10, in_time=10, kitchen=10 * MINUTE)
    assert (together.orders, together.in_time_share, together.lost(Cause.KITCHEN)) == (20, 90, 2)
    assert busy.orders == 12


def test_today_is_held_against_the_days_on_which_the_city_lived(busy: Counted) -> None:
    still = Day(date(2026, 11, 1))
    first = Day(date(2026, 11, 2), until_now=Counted(orders=4, delivered=4, in_time=2, tickets=8), later=busy)
    second = Day(date(2026, 11, 3), until_now=Counted(orders=6, delivered=6, in_time=6, alarms=1))
    found = Comparison(today=busy, before=[still, first, second])
    assert found.has_past
    assert first.whole.orders == 16
    assert found.usual.in_time_share == 80  # 16 of 20
    assert found.usual_until_now == {"orders": 5, "tickets": 4, "alarms": 0.5}


def test_a_city_without_a_past_has_nothing_usual() -> None:
    found = Comparison(today=Counted(orders=1), before=[Day(date(2026, 11, 1))])
    assert not found.has_past
    assert found.usual.in_time_share is None
    assert found.usual_until_now == {"orders": 0, "tickets": 0, "alarms": 0}
