"""What a control room of 2,000 orders and 800 deliverers costs the server, beside the bare queries for the same rows.

No time is asserted: the ratios and the milliseconds are printed, queries and bytes are held.
"""

import gzip
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delivery.cities.models import Membership
from delivery.orders.models import Order
from delivery.wiring import city_snapshot
from dispatch.models import Stop
from dispatch.web.control_room_first import first_screenful
from tests import world
from tests.crowd import crowd

ORDERS, PEOPLE = 2_000, 800
MOST_BYTES = 250_000  # gzip, of the snapshot
MOST_BYTES_FIRST = 25_000
ROUNDS = 3


@pytest.mark.django_db(transaction=True)
def test_the_rows_of_a_full_evening(capsys: pytest.CaptureFixture[str]) -> None:
    city = world.city()
    crowd(city, orders=ORDERS, people=PEOPLE)
    ana = world.account("ana")
    Membership.objects.create(city=city, account=ana, role=Membership.Role.DISPATCHER)
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")

    def snapshot() -> bytes:
        rows = city_snapshot(str(city.public_id))
        return json.dumps(
            [{**(row.payload or {}), "entity": row.entity, "version": row.version} for row in rows]
        ).encode()

    def first() -> bytes:
        return json.dumps(first_screenful(city)).encode()

    def bare() -> bytes:
        rows: list[Any] = [list(each) for each in Order.objects.filter(city=city).values_list()]
        rows += [list(each) for each in Stop.objects.filter(city=city).values_list()]
        return json.dumps(rows, default=str).encode()

    def hints() -> bytes:
        cache.clear()
        return client.get(reverse("control_room_hints")).content

    def positions() -> bytes:
        return client.get(reverse("control_room_positions")).content

    lines = []
    bare_ms, _, _, _ = measured(bare)
    works = {"first screenful": first, "snapshot": snapshot, "hints": hints, "positions": positions}
    for name, work in works.items():
        ms, cpu_ms, queries, body = measured(work)
        packed = len(gzip.compress(body, 6))
        lines.append(
            f"{name}: {ms:.0f} ms ({ms / bare_ms:.2f} x bare rows), {cpu_ms:.0f} ms of it here, {queries} queries, "
            f"{len(body) // 1000} kB, {packed // 1000} kB gzip"
        )
        if name == "first screenful":
            assert queries <= 16
            assert packed <= MOST_BYTES_FIRST
        if name == "snapshot":
            rows = json.loads(body)
            assert queries <= 16
            assert packed <= MOST_BYTES
            assert sum(row["entity"].startswith("order:") for row in rows) == ORDERS
            assert sum(row["entity"].startswith("deliverer:") for row in rows) == PEOPLE
    with capsys.disabled():
        load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        sys.stdout.write("\n  ".join(["", f"bare rows: {bare_ms:.0f} ms; {load}", *lines]) + "\n")


def measured(work: Callable[[], bytes]) -> tuple[float, float, int, bytes]:
    """Of a few rounds the best time in ms, and the best of this process alone; the queries of one, and what it gave."""
    times, body = [], b""
    for _ in range(ROUNDS):
        began, began_cpu = time.perf_counter(), time.process_time()
        body = work()
        times.append((time.perf_counter() - began, time.process_time() - began_cpu))
    with CaptureQueriesContext(connection) as captured:
        work()
    return min(wall for wall, _ in times) * 1000, min(cpu for _, cpu in times) * 1000, len(captured), body
