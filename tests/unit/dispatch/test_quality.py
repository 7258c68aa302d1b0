"""How well a city delivers: figures, periods, and what made an order late."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from delivery.cities.models import City
from dispatch.quality import Cause, Journey, by_period, periods_of, summarised

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def journey(
    *,
    at: datetime = NOON,
    told: float | None = 15,
    ready: float | None = 15,
    taken: float | None = 10,
    picked: float = 15,
    door: float = 30,
    promised: float | None = 40,
    road: float = 15,
) -> Journey:
    return Journey(
        at=at, told_ready=told, ready=ready, taken=taken, picked=picked, door=door, promised=promised, road=road
    )


@pytest.mark.parametrize(
    ("late", "cause"),
    [
        (journey(), None),
        (journey(promised=None, door=300), None),
        (journey(ready=30, picked=30, door=45), Cause.KITCHEN),
        (journey(taken=28, picked=30, door=45), Cause.SEARCH),
        (journey(picked=30, door=45), Cause.APPROACH),
        (journey(door=45), Cause.ROAD),
        (journey(ready=20, picked=32, door=47), Cause.APPROACH),
        (journey(ready=None, told=None, taken=None, door=45), Cause.ROAD),
    ],
)
def test_the_step_that_lost_most_made_it_late(late: Journey, cause: Cause | None) -> None:
    assert late.cause == cause


def test_a_summary_counts_what_was_delivered() -> None:
    found = summarised([journey(door=20), journey(door=30, picked=18), journey(door=46), journey(promised=None)])
    assert (found.delivered, found.door_mean, found.door_p90) == (4, 31.5, 46)
    assert found.in_time == pytest.approx(2 / 3)
    assert (found.food_waits, found.late) == (0.75, Counter({Cause.ROAD: 1}))


def test_nothing_delivered_has_no_figures() -> None:
    nothing = summarised([])
    assert (nothing.delivered, nothing.door_mean, nothing.door_p90, nothing.in_time) == (0, None, None, None)


def test_days_begin_at_the_citys_midnight() -> None:
    city = City(timezone="Europe/Paris")
    days = periods_of(city, days=2, now=NOON)
    assert [day.begins_at for day in days] == [
        datetime(2026, 5, 30, 22, tzinfo=UTC),
        datetime(2026, 5, 31, 22, tzinfo=UTC),
    ]
    assert days[-1].ends_at == datetime(2026, 6, 1, 22, tzinfo=UTC)
    hours = periods_of(city, days=1, now=NOON)
    assert (len(hours), hours[0].shows_at.hour, hours[-1].shows_at.hour) == (24, 0, 23)


def test_a_fast_city_has_short_days() -> None:
    city = City(timezone="UTC", time_rate=60.0, clock_started_at=NOON, clock_shows_at=NOON)
    today = periods_of(city, days=1, now=NOON + timedelta(minutes=1))
    assert today[1].ends_at - today[1].begins_at == timedelta(minutes=1)


def test_each_journey_falls_into_one_period() -> None:
    days = periods_of(City(timezone="UTC"), days=3, now=NOON)
    journeys = [journey(at=NOON - timedelta(days=back)) for back in (0, 0, 1, 9)]
    assert [each.delivered for each in by_period(days, journeys)] == [0, 1, 2]
