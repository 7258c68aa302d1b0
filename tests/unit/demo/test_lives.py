"""The past that the demonstration makes up: the same each time, in a believable rhythm, with trouble now and then."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from delivery.demo.history.lives import End, Life, draw, placed_on

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def lives(seed: int, count: int) -> list[Life]:
    dice = Random(seed)
    return [draw(dice, usual=14 * MINUTE, way=18 * MINUTE, accept_within=5 * MINUTE, speed=1.0) for _ in range(count)]


def test_the_same_dice_make_the_same_past() -> None:
    assert lives(1, 50) == lives(1, 50) != lives(2, 50)
    assert placed_on(MONDAY, Random(3)) == placed_on(MONDAY, Random(3))


def test_a_day_has_two_meals_and_a_quiet_night() -> None:
    dice = Random(1)
    days = [placed_on(MONDAY + timedelta(days=day), dice) for day in range(28)]
    hours = Counter(at.hour for day in days for at in day)
    assert min(hours[13], hours[20]) > 3 * max(hours[4], hours[9])
    assert 35 < sum(map(len, days)) / 28 < 60
    assert sum(len(days[day]) for day in (4, 5, 6)) > sum(len(days[day]) for day in (0, 1, 2))
    assert all(day == sorted(day) for day in days)


def test_most_orders_arrive_and_each_end_has_its_reason() -> None:
    drawn = lives(1, 4000)
    ends = Counter(life.end for life in drawn)
    assert ends[End.DELIVERED] > 3600
    assert set(ends) == set(End)
    assert all(bool(life.reason) == (life.end is not End.DELIVERED) for life in drawn)


def test_an_answer_comes_in_time_or_the_order_expires() -> None:
    for life in lives(1, 2000):
        if life.end is End.EXPIRED:
            assert life.answer == 5 * MINUTE
        else:
            assert timedelta() < life.answer < 5 * MINUTE


def test_each_stage_is_late_now_and_then() -> None:
    drawn = lives(1, 2000)
    assert 0.03 < sum(life.answer > 2 * MINUTE for life in drawn) / 2000 < 0.2
    assert 0.04 < sum(life.cooking > 21 * MINUTE for life in drawn) / 2000 < 0.2
    assert 0.03 < sum(life.ride > 21 * MINUTE for life in drawn) / 2000 < 0.2
    assert 0.03 < sum(life.courier > 16 * MINUTE for life in drawn) / 2000 < 0.2
