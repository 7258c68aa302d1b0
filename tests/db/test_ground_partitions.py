"""The two tables that only grow are cut by time: made ahead, filled from DEFAULT, dropped when old."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from delivery.ground import clock
from delivery.ground.outbox import partitions
from delivery.ground.outbox.models import EventRow, TopicEntry
from tests.ground_facts import new_city

pytestmark = pytest.mark.django_db

NOON = datetime(2031, 5, 6, 12, 34, tzinfo=UTC)


class Clock:
    """The instant that the duties take for now."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time = Clock(NOON)
    monkeypatch.setattr(clock, "now", time.now)
    return time


def names(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1", [table]
        )
        return [name for (name,) in cursor.fetchall()]


def home_of(row: EventRow) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM ground_event WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def test_days_and_hours_are_made_ahead_and_only_once(time: Clock) -> None:
    partitions.make_partitions()
    partitions.make_partitions()
    days = [f"ground_event_2031050{day}" for day in (6, 7, 8, 9)]
    assert names("ground_event") == [*days, "ground_event_default"]
    hours = [f"ground_topic_row_20310506{hour}" for hour in range(12, 19)]
    assert names("ground_topic_row") == [*hours, "ground_topic_row_default"]


def test_facts_that_came_before_their_partition_move_into_it(time: Clock) -> None:
    new_city("ys")
    EventRow.objects.update(occurred_at=NOON)
    row = EventRow.objects.get()
    assert home_of(row) == "ground_event_default"
    partitions.make_partitions()
    assert home_of(row) == "ground_event_20310506"
    assert EventRow.objects.get() == row


def test_a_version_is_stored_once_also_in_a_new_partition(time: Clock) -> None:
    partitions.make_partitions()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_indexes WHERE tablename LIKE 'ground_event_2031%%' "
            "AND indexdef LIKE 'CREATE UNIQUE%%(aggregate_kind, aggregate_id, seq)'"
        )
        assert cursor.fetchone() == (4,)


def test_topic_rows_go_after_two_days_and_facts_after_four_hundred(time: Clock) -> None:
    partitions.make_partitions()
    TopicEntry.objects.create(topic="t", seq=1, city_id=1, batch=1, entity="e", version=1, payload={}, created_at=NOON)
    time.instant = NOON.replace(minute=0) + timedelta(hours=48, minutes=59)
    partitions.drop_partitions()
    assert TopicEntry.objects.exists()
    time.instant += timedelta(minutes=1)
    partitions.drop_partitions()
    assert not TopicEntry.objects.exists()
    assert len(names("ground_event")) == 5
    time.instant = NOON + timedelta(days=401)
    partitions.drop_partitions()
    assert names("ground_event") == [f"ground_event_2031050{day}" for day in (7, 8, 9)] + ["ground_event_default"]


def test_a_day_with_a_fact_that_nobody_carried_is_kept(time: Clock) -> None:
    partitions.make_partitions()
    new_city("ys")
    EventRow.objects.update(occurred_at=NOON)
    time.instant = NOON + timedelta(days=500)
    partitions.drop_partitions()
    assert names("ground_event") == ["ground_event_20310506", "ground_event_default"]
