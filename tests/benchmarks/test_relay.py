"""What the relay costs: CPU of its thread and of its backend per fact, against bare psycopg writing the same rows."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import sysconf
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from delivery.ground import outbox
from delivery.ground.events import Event
from delivery.ground.outbox.models import EventRow, TopicEntry
from delivery.ground.outbox.record import as_array
from delivery.ground.outbox.relay import Relay
from delivery.ground.registry import TopicRow, wired
from restaurants.models import Restaurant
from tests.ground_facts import BoxOpened, new_city
from tests.ground_relay import Facts

FACTS = 4_000
CHUNK = 200
MOST_TIMES_BARE = 4.0

PAYLOAD = {"status": "ready", "lines": ["something to show"] * 8, "note": "x" * 80}

JOB = """
INSERT INTO benchmark_job (event_id, body)
SELECT * FROM ROWS FROM (unnest(%s::bigint[]), jsonb_array_elements(%s::jsonb)) AS job
"""
TOPIC_ROWS = """
INSERT INTO ground_topic_row (topic, seq, city_id, batch, entity, version, payload, created_at)
SELECT entry.*, now()
FROM ROWS FROM (
    unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[]),
    jsonb_array_elements(%s::jsonb)) AS entry
"""


def queue_job(facts: Facts) -> None:
    with connection.cursor() as cursor:
        cursor.execute(JOB, [[fact.id for fact in facts], as_array([json.dumps(PAYLOAD)] * len(facts))])


def show(facts: Facts) -> Iterator[TopicRow]:
    """Three rows per fact: for its own topic, a shared one, and the city's."""
    for fact in facts:
        for topic in (f"own.{fact.aggregate_id}", f"shared.{fact.aggregate_id % 20}", "city.1"):
            yield TopicRow(topic, f"box:{fact.aggregate_id}", fact.seq, PAYLOAD)


@contextmanager
def a_table_for_jobs() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_job (event_id bigint, body jsonb)")
        yield
        cursor.execute("DROP TABLE benchmark_job")


def cpu_us(work: Callable[[], None]) -> float:
    """CPU microseconds per fact of this process and of its PostgreSQL backend, while `work` runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")

    def spent_s() -> float:
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return time.process_time() + (int(user) + int(system)) / sysconf("SC_CLK_TCK")

    before = spent_s()
    work()
    return (spent_s() - before) / FACTS * 1e6


def write_bare() -> None:
    """The same rows from plain statements, a chunk per transaction: read, mark, jobs, counters, topic rows."""
    body = json.dumps(PAYLOAD)
    with connection.cursor() as cursor:
        for chunk in range(FACTS // CHUNK):
            with transaction.atomic():
                cursor.execute(
                    "SELECT * FROM ground_event WHERE relayed_at IS NULL AND id > 0 ORDER BY id LIMIT %s", [CHUNK]
                )
                rows = cursor.fetchall()
                ids = [row[0] for row in rows]
                cursor.execute("UPDATE ground_event SET relayed_at = now() WHERE id = ANY(%s)", [ids])
                cursor.execute(JOB, [ids, as_array([body] * CHUNK)])
                topics = [name for row in rows for name in (f"own.{row[4]}", f"shared.{row[4] % 20}", "city.1")]
                cursor.execute(
                    """
                    INSERT INTO ground_topic (name, city_id, epoch, seq)
                    SELECT name, 1, gen_random_uuid(), 1 FROM unnest(%s::text[]) AS name GROUP BY name ORDER BY name
                    ON CONFLICT (name) DO UPDATE SET seq = ground_topic.seq + 1
                    """,
                    [topics],
                )
                n = len(topics)
                numbers = list(range(n))
                entities = [f"box:{number}" for number in numbers]
                cursor.execute(
                    TOPIC_ROWS, [topics, numbers, [1] * n, [chunk] * n, entities, numbers, as_array([body] * n)]
                )


@pytest.mark.django_db(transaction=True)
def test_the_relay_costs_little_more_than_writing_its_rows(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    kinds: tuple[type[Event], ...] = (BoxOpened,)
    monkeypatch.setattr(wired, "reactions", dict.fromkeys(kinds, (queue_job,)))
    monkeypatch.setattr(wired, "topics", dict.fromkeys(kinds, (show,)))
    with a_table_for_jobs():
        with transaction.atomic():
            city = new_city("ys")
        carry()
        record(city)
        bare_us = cpu_us(write_bare)
        record(city)
        relay_us = cpu_us(carry)
        assert TopicEntry.objects.filter(topic__startswith="own.").count() > FACTS
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what the benchmark is for
            f"\nrelay {relay_us:.0f} us CPU per fact, bare {bare_us:.0f} us: {relay_us / bare_us:.2f} times"
        )
    assert relay_us / bare_us < MOST_TIMES_BARE


def record(city: Any) -> None:
    mark = EventRow.objects.count()
    shops = [Restaurant(city=city, slug=f"{mark}-{number}", name="s", lat=45, lon=5) for number in range(FACTS)]
    with transaction.atomic():
        outbox.insert_many([(shop, BoxOpened(where="here")) for shop in shops])


def carry() -> None:
    relay = Relay()
    while EventRow.objects.filter(relayed_at__isnull=True).exists():
        relay.step()
