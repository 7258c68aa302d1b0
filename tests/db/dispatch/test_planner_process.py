"""`manage.py planner` as a process of its own: it offers, outlives its connections, and ends when told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.models.functions import Now

from delivery import env
from delivery.ground.outbox.models import Heartbeat
from dispatch.models import CityLease, Offer, Planner
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def planner() -> Iterator["subprocess.Popen[bytes]"]:
    """A planner on the database of the tests."""
    settings = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "planner"],
        cwd=env.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "PASSEPLAT_PROCESS": "planner"},
    )
    yield process
    process.kill()
    process.wait()


def wait_until(holds: Callable[[], bool]) -> None:
    """Bounded by tries, not by the clock."""
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came true")


def test_offers_outlives_its_connections_and_ends(planner: "subprocess.Popen[bytes]") -> None:
    shop = world.pizzeria()
    first = fw.deliverer(shop.city, "first")
    fw.waiting_order(shop)
    wait_until(Offer.objects.filter(deliverer=first).exists)
    assert Heartbeat.objects.get(process="planner").detail["cities"] == 1
    with connection.cursor() as cursor:
        # What a restart of PostgreSQL does to its clients.
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'planner' AND datname = current_database()"
        )
        assert cursor.fetchone()[0] >= 1
    second = fw.deliverer(shop.city, "second")
    fw.waiting_order(shop)
    wait_until(Offer.objects.filter(deliverer=second).exists)
    planner.send_signal(signal.SIGTERM)
    assert planner.wait(timeout=5) == 0
    assert (Planner.objects.count(), CityLease.objects.filter(until__gt=Now()).count()) == (0, 0)


def test_another_planner_takes_over_from_a_killed_one(planner: "subprocess.Popen[bytes]") -> None:
    shop = world.pizzeria()
    fw.waiting_order(shop)
    wait_until(CityLease.objects.filter(until__gt=Now()).exists)
    planner.kill()
    planner.wait()
    wait_until(CityLease.objects.filter(until__lt=Now()).exists)
    assert fw.lease(shop.city, "next").epoch == 2
