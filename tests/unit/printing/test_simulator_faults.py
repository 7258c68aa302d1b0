"""What else can be wrong with a printer: stuck knives, short rolls, small buffers, lines that break in the middle."""

import socket
from contextlib import suppress

import pytest

from printing.simulator import Simulator, Timing, running
from tests.unit.printing.test_simulator import talk, tell

LONG = b"".join(b"line %d of a ticket\n" % number for number in range(12)) + b"\x1dV\x00"
CONFIRM = b"\x1d(H\x06\x0000ABCD"


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        ("cutter", [b"\x1a", b"\x52", b"\x1a", b"\x12"]),
        ("near_end", [b"\x12", b"\x12", b"\x12", b"\x1e"]),
        ("paper_out", [b"\x1a", b"\x32", b"\x12", b"\x7e"]),
    ],
)
def test_more_states_to_the_bit(fault: str, answers: list[bytes]) -> None:
    simulator = Simulator(faults=[fault])
    with running(simulator):
        for n, answer in enumerate(answers, 1):
            assert talk(simulator, b"\x10\x04" + bytes([n]), 1) == answer


def test_paper_that_ends_in_the_middle_goes_on_after_the_roll_is_changed() -> None:
    simulator = Simulator(faults=["halfway"])
    with running(simulator):
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
            connection.sendall(b"\x1da\xff")
            assert connection.recv(4, socket.MSG_WAITALL) == b"\x10\x00\x00\x00"
            connection.sendall(LONG + b"\x10\x04\x04")
            while b"\x7e" not in connection.recv(64):
                connection.sendall(b"\x10\x04\x04")
            assert simulator.tickets == []
            simulator.clear()
            connection.sendall(CONFIRM)
            heard = b""
            while b"ABCD" not in heard:
                heard += connection.recv(64)
        assert [len(ticket.lines) for ticket in simulator.tickets] == [12]


def test_a_printer_that_forgets_prints_nothing_of_what_waited() -> None:
    simulator = Simulator(faults=["paper_out", "forgets"])
    with running(simulator):
        tell(simulator, LONG)
        simulator.clear()
        tell(simulator, b"after\n\x1dV\x00")
        assert [ticket.text for ticket in simulator.tickets] == ["after"]


def test_stray_bytes_stand_around_the_answer() -> None:
    simulator = Simulator(faults=["stray"])
    with running(simulator):
        heard = talk(simulator, LONG + CONFIRM, 16)
        assert heard == b"\x12\x10\x00\x00\x00\x37\x22ABCD\x00\x10\x00\x00\x00"


def test_a_connection_that_is_closed_halfway_or_half_closed() -> None:
    for fault, whole in (("hang_up", 0), ("half_close", 1)):
        simulator = Simulator(faults=[fault])
        with running(simulator):
            with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
                connection.sendall(LONG)
                assert connection.recv(64) == b"", fault
            tell(simulator, b"")
            assert len(simulator.tickets) == whole, fault


@pytest.mark.parametrize("fault", ["no_read", "busy"])
def test_a_printer_that_takes_the_connection_and_does_nothing(fault: str) -> None:
    simulator = Simulator(faults=[fault])
    with running(simulator), socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
        connection.sendall(b"\x10\x04\x01")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        simulator.clear()
        connection.settimeout(10)
        assert connection.recv(1) == b"\x12"


def test_a_small_buffer_loses_what_does_not_fit_and_a_serial_line_does_not() -> None:
    rows = b"x" * 3000 + b"\n"
    for fault, is_whole in (("drop", False), ("drain", True)):
        simulator = Simulator(faults=[fault, "slow"], timing=Timing(slow_s=0.2))
        with running(simulator):
            tell(simulator, b"first\n\x1dV\x00" + rows * 4 + b"\x1dV\x00" if is_whole else rows * 4 + b"\x1dV\x00")
            seen = sum(ticket.text.count("x") for ticket in simulator.tickets)
            assert (seen == 12_000) == is_whole, fault


def test_power_off_and_on_breaks_the_line_and_keeps_the_paper() -> None:
    simulator = Simulator()
    with running(simulator):
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
            connection.sendall(b"one\n\x1dV\x00\x1da\xffhalf" + CONFIRM)
            connection.recv(64)
            simulator.power_cycle()
            with suppress(ConnectionResetError):
                while connection.recv(64):
                    pass
        assert talk(simulator, b"\x10\x04\x01", 1) == b"\x12"
        assert [ticket.text for ticket in simulator.tickets] == ["one"]
