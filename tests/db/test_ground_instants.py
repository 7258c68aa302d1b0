"""Instants come back from PostgreSQL as they are, whichever reader takes them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DataError
from psycopg import DataError as Unreadable


def read(instant: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [instant])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-11-22 20:15:30.123456+00", datetime(2026, 11, 22, 20, 15, 30, 123456, UTC)),
        ("2026-11-22 20:15:30.1+00", datetime(2026, 11, 22, 20, 15, 30, 100_000, UTC)),
        ("2026-11-22 20:15:30.000007+00", datetime(2026, 11, 22, 20, 15, 30, 7, UTC)),
        ("2026-11-22 20:15:30+05:30", datetime(2026, 11, 22, 14, 45, 30, 0, UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_instants_are_exact_and_in_utc(said: str, at: datetime) -> None:
    found = read(said)
    assert found == at
    assert found.tzinfo is UTC


@pytest.mark.django_db
def test_an_instant_of_another_session_time_zone_is_the_same_instant() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'America/Santiago'")
    assert read("2026-07-01 12:00:00+00") == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["infinity", "0044-03-15 12:00:00+00 BC", "10000-01-01 00:00:00+00"])
def test_what_python_cannot_hold_is_refused_not_bent(said: str) -> None:
    with pytest.raises((DataError, Unreadable)):
        read(said)
