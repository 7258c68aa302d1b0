"""Devices and queues of one machine: a simulated printer at the other end of a pty, a file, a queue."""

import os
import pty
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from printing.drivers import (
    Blocked,
    DeviceTransport,
    Level,
    PrinterBlocked,
    QueueTransport,
    Verdict,
    driver_for,
)
from printing.simulator import Simulator, running

PAYLOAD = b"one ticket\n\x1dV\x00"


@contextmanager
def usb_printer(*faults: str) -> Iterator[tuple[Simulator, str]]:
    """A simulated printer whose cable ends in a character device of this machine."""
    simulator = Simulator(faults=faults)
    outer, inner = pty.openpty()
    with running(simulator), socket.create_connection(("127.0.0.1", simulator.port)) as line:

        def to_printer() -> None:
            try:
                while data := os.read(outer, 4096):
                    line.sendall(data)
            except OSError:
                return

        def to_host() -> None:
            try:
                while data := line.recv(4096):
                    os.write(outer, data)
            except OSError:
                return

        for pump in (to_printer, to_host):
            threading.Thread(target=pump, daemon=True).start()
        try:
            yield simulator, os.ttyname(inner)
        finally:
            line.shutdown(socket.SHUT_RDWR)
            os.close(inner)
            os.close(outer)


def nothing() -> None:
    """The caller commits nothing here."""


def test_a_usb_printer_confirms_what_is_on_paper() -> None:
    with usb_printer() as (simulator, path):
        outcome = driver_for(DeviceTransport(path=path)).send(PAYLOAD, process_id=b"ABCD", before_first_byte=nothing)
        assert (outcome.verdict, outcome.level) == (Verdict.PRINTED, Level.L3)
        assert [ticket.text for ticket in simulator.tickets] == ["one ticket"]


def test_a_usb_printer_without_paper_is_sent_nothing() -> None:
    with usb_printer("paper_out") as (simulator, path):
        with pytest.raises(PrinterBlocked) as blocked:
            driver_for(DeviceTransport(path=path)).send(PAYLOAD, process_id=b"ABCD", before_first_byte=nothing)
        assert (blocked.value.reason, simulator.tickets) == (Blocked.PAPER, [])


def test_a_device_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(PrinterBlocked) as blocked:
        driver_for(DeviceTransport(path=str(tmp_path / "lp0"))).send(
            PAYLOAD, process_id=b"ABCD", before_first_byte=nothing
        )
    assert blocked.value.reason == Blocked.UNREACHABLE


def test_a_file_takes_the_bytes_and_proves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "paper"
    file.write_bytes(b"before ")
    transport = DeviceTransport(path=str(file), answers=Level.L1)
    outcome = driver_for(transport).send(PAYLOAD, process_id=b"ABCD", before_first_byte=nothing)
    assert (outcome.verdict, outcome.level) == (Verdict.ASSUMED, Level.L1)
    assert file.read_bytes().startswith(b"before ")
    assert file.read_bytes().endswith(PAYLOAD)


def queue(folder: Path, script: str, name: str = "desk") -> QueueTransport:
    program = folder / "lp"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return QueueTransport(name, program=str(program))


def test_a_queue_gets_the_very_bytes_and_is_believed_a_little(tmp_path: Path) -> None:
    transport = queue(tmp_path, f'echo "$@" > {tmp_path}/asked; cat > {tmp_path}/got')
    outcome = driver_for(transport).send(PAYLOAD, process_id=b"ABCD", before_first_byte=nothing)
    assert (outcome.verdict, outcome.level) == (Verdict.ASSUMED, Level.L0)
    assert (tmp_path / "got").read_bytes() == PAYLOAD
    assert (tmp_path / "asked").read_text() == "-d desk -o raw -t ticket -\n"


def test_a_queue_that_refuses_has_taken_nothing(tmp_path: Path) -> None:
    outcome = driver_for(queue(tmp_path, "cat > /dev/null; echo no such queue >&2; exit 1")).send(
        PAYLOAD, process_id=b"ABCD", before_first_byte=nothing
    )
    assert (outcome.verdict, outcome.detail) == (Verdict.FAILED_CLEAN, "no such queue")


def test_a_machine_without_lp(tmp_path: Path) -> None:
    outcome = driver_for(QueueTransport("desk", program=str(tmp_path / "none"))).send(
        PAYLOAD, process_id=b"ABCD", before_first_byte=nothing
    )
    assert outcome.verdict == Verdict.FAILED_CLEAN


@pytest.mark.parametrize("name", ["", "-o"])
def test_the_name_of_a_queue_is_no_option(tmp_path: Path, name: str) -> None:
    with pytest.raises(PrinterBlocked):
        driver_for(queue(tmp_path, "exit 0", name)).send(PAYLOAD, process_id=b"ABCD", before_first_byte=nothing)
