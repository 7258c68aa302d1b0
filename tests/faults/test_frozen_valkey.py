"""A Valkey that neither answers nor refuses (its process is stopped) costs hints and nothing else."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import structlog
from django.db import transaction
from pytest_django import Settings

from delivery.cities.models import City
from delivery.ground import outbox
from delivery.ground.outbox import hints
from delivery.ground.outbox.models import EventRow, TopicEntry
from delivery.ground.outbox.relay import Relay
from delivery.ground.registry import wired
from delivery.ground.supervisor import identity
from delivery.ground.supervisor.folder import Folder
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.process import Process
from delivery.ground.supervisor.servers import start_server
from delivery.ground.supervisor.valkey import Valkey
from tests.ground_facts import BoxPainted, new_city
from tests.ground_relay import show_box

CHUNKS = 40


@pytest.fixture
def valkey(settings: Settings) -> Iterator[Process]:
    """A Valkey of this test alone, which hints go to."""
    folder = Folder(Path(tempfile.mkdtemp(prefix="passeplat-frozen-")))
    server = Valkey(folder, identity.choose())
    process = start_server(server=server, folder=folder, log=ProcessLog("valkey", folder.path / "log", Terminal()))
    settings.REDIS_URL = server.url
    hints.messages.cache_clear()
    yield process
    hints.messages.cache_clear()
    process.kill()
    shutil.rmtree(folder.path)


@pytest.mark.django_db(transaction=True)
def test_the_relay_goes_on_and_hints_come_back_with_the_server(
    valkey: Process, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wired, "topics", {BoxPainted: (show_box,)})
    monkeypatch.setattr(wired, "reactions", {})
    with transaction.atomic():
        city = new_city("ys")
    subscription: Any = redis.Redis.from_url(settings.REDIS_URL).pubsub()  # type: ignore[no-untyped-call]
    subscription.subscribe(f"{settings.KEY_PREFIX}:live.city.{city.pk}")
    relay = Relay()
    os.kill(valkey.pid, signal.SIGSTOP)
    with structlog.testing.capture_logs() as logs:
        for _ in range(CHUNKS):
            carry_one(relay, city)
    lost = [line for line in logs if line["event"] == "hints_lost"]
    assert TopicEntry.objects.count() == CHUNKS
    # Had the relay waited for each publish, each would have ended in this line.
    assert len(lost) < CHUNKS / 4
    os.kill(valkey.pid, signal.SIGCONT)
    batches = [first_message(subscription, carry=lambda: carry_one(relay, city))]
    assert batches[0].startswith(f'{{"city":{city.pk},"batch":'.encode())


def carry_one(relay: Relay, city: City) -> None:
    with transaction.atomic():
        outbox.record(City.objects.lock(pk=city.pk), BoxPainted(colour="red"))
    relay.step()
    assert not EventRow.objects.filter(relayed_at__isnull=True).exists()


def first_message(subscription: Any, carry: Any) -> bytes:
    """The body of the first message; a fact is carried each half second meanwhile, at most 40 times."""
    for _ in range(40):
        message = subscription.get_message(timeout=0.5)
        if message is not None and message["type"] == "message":
            return bytes(message["data"])
        carry()
    raise AssertionError("no message came")
