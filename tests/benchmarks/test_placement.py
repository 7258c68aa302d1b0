"""Orders per second over HTTP, one after the other, against bare psycopg that writes the same rows.

Both work on the same PostgreSQL in the same run, in turns, so the machine's load weighs on both alike. The rows of the
yardstick are copies of those that a real placement wrote: order, lines, ledger, payment, quote, key, fact, deadline.
What HTTP costs on top is what makes an order right: who asks, hours, zones, prices, the promise, and a payment that is
committed before the order is.
"""

import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery.accounts import services as accounts
from delivery.ground.ids import new_token
from delivery.orders.models import Order
from restaurants.models import Product, Restaurant
from tests import world
from tests.browser.conftest import environment_of_tests, served

ROUNDS = 5
PER_ROUND = 10
# Measured beside other work on both cores: 0.060.
LEAST_RATIO = 0.03
ORDERS = "orders_order"
# What differs between two rows of a table, beside ids.
UNLIKE = {
    "number": "left(md5(random()::text), 4)",
    "tracking_token": "md5(random()::text)",
    "attempt_key": "md5(random()::text)",
    "key": "md5(random()::text)",
    "order_id": "{order}",
    "aggregate_id": "{order}",
}


@pytest.mark.django_db(transaction=True)
def test_placements_against_the_same_rows(tmp_path: Path) -> None:
    shop = world.pizzeria()
    copies = copies_of_a_placement(shop)
    token = accounts.issue_token(account=world.account(), name="bench")
    with (
        served("delivery.asgi:application", tmp_path / "log") as site,
        httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as http,
        psycopg.connect(environment_of_tests()["DATABASE_URL"]) as bare,
    ):
        body = body_for(shop)
        rounds = [
            (seconds(lambda: place(http, body)), seconds(lambda: write(bare, copies))) for _ in range(ROUNDS + 1)
        ][1:]  # the first one warms both up
    ours, theirs = (PER_ROUND / statistics.median(times) for times in zip(*rounds, strict=True))
    told = f"placement: HTTP {ours:.0f}/s, the same rows in {len(copies)} tables bare {theirs:.0f}/s"
    sys.stdout.write(f"\n{told}, ratio {ours / theirs:.3f}\n")
    assert Order.objects.count() == 1 + (ROUNDS + 1) * PER_ROUND * 2
    assert ours / theirs > LEAST_RATIO


def seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    for _ in range(PER_ROUND):
        work()
    return time.perf_counter() - began


def body_for(shop: Restaurant) -> dict[str, object]:
    product = Product.objects.get(restaurant=shop, name="margherita")
    return {
        "restaurant": str(shop.public_id),
        "lines": [{"product": str(product.public_id), "quantity": 2}],
        "address": {"line": "2 rue du Nord", "lat": shop.lat + 0.009, "lon": shop.lon},
        "customer": {"name": "Ana"},
    }


def place(http: httpx.Client, body: dict[str, object]) -> None:
    answer = http.post("/api/v1/orders", json=body, headers={"Idempotency-Key": new_token()})
    assert answer.status_code == 201, answer.text


def write(bare: psycopg.Connection, copies: list[str]) -> None:
    """The rows of one more order, in one transaction."""
    with bare.transaction(), bare.cursor() as cursor:
        order, *others = copies
        row = cursor.execute(order).fetchone()
        assert row is not None
        for copy in others:
            cursor.execute(copy.format(order=row[0]))


def copies_of_a_placement(shop: Restaurant) -> list[str]:
    """Statements that copy what a placement has just inserted, the order first."""
    with CaptureQueriesContext(connection) as queries:
        order = world.order(shop, "margherita")
    written = [re.match(r'INSERT INTO "?(\w+)"?', query["sql"].lstrip()) for query in queries]
    tables = dict.fromkeys([ORDERS, *(found[1] for found in written if found)])
    assert len(tables) > 5
    with connection.cursor() as cursor:
        statements = []
        for table in tables:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
                "AND is_identity = 'NO' AND is_generated = 'NEVER' ORDER BY ordinal_position",
                [table],
            )
            columns = {name: copied(name, kind) for name, kind in cursor.fetchall()}
            statements.append(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {table} "
                f"WHERE {rows_of(table, columns, order)}" + (" RETURNING id" if table == ORDERS else "")
            )
    return statements


def copied(column: str, kind: str) -> str:
    return UNLIKE.get(column) or ("gen_random_uuid()" if kind == "uuid" else column)


def rows_of(table: str, columns: dict[str, str], order: Order) -> str:
    """Which rows of a table the placement wrote; in a table that names no order it wrote one."""
    if table == ORDERS:
        return f"id = {order.pk}"
    name = next((name for name in ("order_id", "aggregate_id") if name in columns), None)
    return f"{name} = {order.pk}" if name else "true LIMIT 1"
