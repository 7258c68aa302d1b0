"""A second demonstration on a machine: its printers listen elsewhere, and the platform knows where."""

import socket
from pathlib import Path

import pytest

from delivery.demo.actors.cast import read_casts
from delivery.demo.actors.plugs import HERE, plug_in
from printing.models import Printer
from tests.db.demo.living import settle

pytestmark = pytest.mark.django_db


def test_a_printer_whose_port_is_taken_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settle(tmp_path)
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        taken = other.getsockname()[1]
        Printer.objects.update(port=taken)
        (cast,) = casts = read_casts()
        plug_in(casts)
    port = Printer.objects.get().port
    assert port != taken
    assert [device.port for device in cast.printers] == [port]
    plug_in(casts)
    assert Printer.objects.get().port == port
