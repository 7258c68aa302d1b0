"""A server that is away for a moment delays who asks; nobody waits for one that stays away as for a busy pool."""

import copy
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, connections

from delivery.ground.postgresql.base import DatabaseWrapper
from delivery.ground.postgresql.pool import LOOK_EVERY_S, Reach
from tests.browser.conftest import free_port

pytestmark = pytest.mark.django_db


class Door:
    """A port that leads to the real server, once it is open."""

    def __init__(self) -> None:
        self.port = free_port()
        self._listener = socket.socket()
        self._lines: list[socket.socket] = []

    def open(self) -> None:
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen()
        threading.Thread(target=self._serve, name="pool-door", daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection((connection.settings_dict["HOST"], int(connection.settings_dict["PORT"])))
            self._lines += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=[source, sink], name="pool-door", daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            return  # the test is over

    def close(self) -> None:
        self._listener.close()
        for line in self._lines:
            with suppress(OSError):  # the other side was first
                line.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture
def through_door(door: Door) -> Iterator[DatabaseWrapper]:
    wrapper = DatabaseWrapper({**copy.deepcopy(connection.settings_dict), "PORT": str(door.port)}, "through-door")
    connections["through-door"] = wrapper  # who listens for new connections looks for them there
    yield wrapper
    del connections["through-door"]
    wrapper.close()
    wrapper.close_pool()


def looks(monkeypatch: pytest.MonkeyPatch, door: Door, *, open_at: int | None) -> list[bool]:
    """What each look at the time said, until the end of the test; the door is opened at one of them."""
    said: list[bool] = []
    may_wait = Reach.may_wait

    def look(since: float) -> bool:
        said.append(may_wait(since))
        if len(said) == open_at:
            door.open()
        return said[-1]

    monkeypatch.setattr(Reach, "may_wait", look)
    return said


def test_a_hiccup_is_waited_for(door: Door, through_door: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    said = looks(monkeypatch, door, open_at=2)
    with through_door.cursor() as cursor:
        cursor.execute("SELECT 7")
        assert cursor.fetchone() == (7,)
    assert set(said) == {True}


def test_who_stays_away_is_given_up_soon(
    door: Door, through_door: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = looks(monkeypatch, door, open_at=None)
    with pytest.raises(OperationalError):
        through_door.ensure_connection()
    assert len(said) <= 1 + 2.5 / LOOK_EVERY_S
    assert said.pop() is False
    door.open()
    through_door.ensure_connection()  # the next one does not wait until a long pause between two attempts is over
    assert set(said) == {True}


def test_a_busy_pool_is_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    monkeypatch.setattr(Reach, "failed_at", 900.0)
    assert [Reach.may_wait(since) for since in (999.0, 997.0, 991.0, 989.0)] == [True, True, True, False]
    monkeypatch.setattr(Reach, "failed_at", 999.9)
    assert [Reach.may_wait(since) for since in (999.0, 997.0)] == [True, False]
