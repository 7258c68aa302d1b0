"""Nothing of a test works on when its tables are emptied: that would be a deadlock there, or rows in the next test."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

WORKS_AT_MOST_S = 20.0
# These live as long as the process: the connection pool's, the supervisor's terminal, those of hints and of health,
# the bridge between sync and async, and the one that waits for the browser to end.
KEPT = ("pool-", "terminal", "hints-", "health_", "ThreadPoolExecutor-", "asyncio_", "waitpid-")


@pytest.fixture(autouse=True)
def comes_to_rest(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that commits: its threads are over, and no other process is in a statement or a transaction."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")) and "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")  # whose end empties the tables, after ours
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + WORKS_AT_MOST_S
    started = [thread for thread in threading.enumerate() if thread not in before]
    own = [thread for thread in started if not thread.name.startswith(KEPT)]
    for thread in own:
        thread.join(max(0.0, deadline - time.monotonic()))
    assert not [thread.name for thread in own if thread.is_alive()], "threads outlive their test"
    while at_work := _at_work():
        assert time.monotonic() < deadline, f"the database is still at work for others: {at_work}"
        time.sleep(0.02)


def _at_work() -> list[tuple[str, str, str]]:
    """(process, state, statement) of each other connection that is in the middle of something."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, state, query FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return [(str(name), str(state), str(query)) for name, state, query in cursor.fetchall()]
