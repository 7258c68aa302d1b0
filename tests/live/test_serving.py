"""The doors of the web process say that people can reach it."""

import os
import subprocess
import sys

import pytest

from delivery import env
from delivery.ground.outbox import outages
from delivery.ground.outbox.models import Heartbeat
from tests.browser.conftest import environment_of_tests

WAITS = """
import importlib, sys, time
importlib.import_module(sys.argv[1])
from delivery.ground.outbox.models import Heartbeat
tries = 0
while not Heartbeat.objects.filter(process="web").exists() and (tries := tries + 1) < 200:
    time.sleep(0.05)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["delivery.asgi", "delivery.wsgi"])
def test_a_door_gives_signs_of_life(door: str) -> None:
    environment = environment_of_tests() | {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    subprocess.run([sys.executable, "-c", WAITS, door], cwd=env.BASE_DIR, env=environment, timeout=60, check=True)
    assert Heartbeat.objects.filter(process=outages.WEB).exists()
