"""Sockets on the real web server: what is said keeps its order however slowly a screen reads, an end has its reason."""

import socket
import sys
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from delivery.ground.live.follower import Close
from tests.browser.conftest import Running, free_port, served, wait_until_open
from tests.live.pushing_site import CLOSED_WITH, TEXTS


def test_what_is_pushed_arrives_whole_and_in_order(tmp_path: Path, django_db_setup: None) -> None:
    port, log = free_port(), tmp_path / "log"
    site = ["delivery.ground.live.server", "-b", "127.0.0.1", "-p", str(port), "tests.live.pushing_site:application"]
    with Running([sys.executable, "-m", *site], log) as process:
        wait_until_open(process, port, log)
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", port))
        with connect(f"ws://127.0.0.1:{port}/", sock=line) as screen:
            heard = [screen.recv(timeout=20) for _ in TEXTS]
            with pytest.raises(ConnectionClosed) as closed:
                screen.recv(timeout=20)
    assert heard == TEXTS
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CLOSED_WITH


@pytest.mark.django_db(transaction=True)
def test_a_stranger_is_told_to_sign_in(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        served("delivery.asgi:application", log) as site,
        connect(site.url.replace("http", "ws") + "/ws/", additional_headers={"Origin": site.url}) as screen,
        pytest.raises(ConnectionClosed) as closed,
    ):
        screen.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == Close.SIGNED_OUT
    assert "Traceback" not in log.read_text()
