"""The plumbing of the tests themselves: a thread that a test leaves at work is waited for before its tables go."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture(scope="module")
def strays() -> Iterator[list[threading.Thread]]:
    """Threads that a test leaves; looked at when that test has been cleaned up."""
    left: list[threading.Thread] = []
    yield left
    assert [thread.is_alive() for thread in left] == [False]


@pytest.mark.django_db(transaction=True)
def test_a_thread_left_at_work_is_waited_for(strays: list[threading.Thread]) -> None:
    def work() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.5)")
        finally:
            connection.close()

    strays.append(threading.Thread(target=work))
    strays[0].start()
