"""The simulated printer speaks to strangers: status to the bit, paper as a real one would cut it."""

import asyncio
import base64
import json
import socket
from pathlib import Path

import pytest

from printing.simulator import Simulator, Timing, UnknownFault, running


def talk(simulator: Simulator, data: bytes, size: int) -> bytes:
    """What comes back, `size` bytes of it."""
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
        connection.sendall(data)
        heard = b""
        while len(heard) < size:
            piece = connection.recv(size - len(heard))
            assert piece, heard
            heard += piece
        return heard


def tell(simulator: Simulator, data: bytes) -> None:
    """Sends `data` and waits until the printer has done with it."""
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(64):
            pass


def test_one_json_line_per_cut(tmp_path: Path) -> None:
    paper = tmp_path / "paper.jsonl"
    simulator = Simulator(paper=paper)
    first = b"\x1b@\x1bt\x10Caf\xe9 \x80\nCOPY 1\n\x1dV\x00"
    with running(simulator):
        tell(simulator, first + b"two\n\x1dVB\x03")
        tell(simulator, b"three\n\x1bi")
    lines = [json.loads(line) for line in paper.read_text().splitlines()]
    assert [line["text"] for line in lines] == ["Café €\nCOPY 1", "two", "three"]
    assert [line["marks"] for line in lines] == [["COPY"], [], []]
    assert [base64.b64decode(line["raw"]) for line in lines] == [first, b"two\n\x1dVB\x03", b"three\n\x1bi"]
    assert lines[0]["cut_at"].endswith("+00:00")
    assert set(lines[0]) == {"text", "raw", "cut_at", "marks"}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1dv0\x00\x02\x00\x03\x00" + b"\x10\x04\x01\x1b@\n", "[image 16x3]"),
        (b"\x1b*\x21\x02\x00" + b"\x00" * 6 + b"\n", "[image 2x24]"),
        (b"\x1d(k\x05\x00\x31\x50\x30hi\x1d(k\x03\x00\x31\x51\x30", "[qr hi]"),
        (b"\x1dk\x04123\x00", "[barcode 123]"),
        (b"\x1dk\x49\x03ABC", "[barcode ABC]"),
        (b"\x1d!\x11\x1bE\x01\x1ba\x01\x1dB\x01big\n", "big"),
        (b"\x1bt\x02\x82\n\x1bt\x13\xd5\n\x1bt\x00\x9c\n", "é\n€\n£"),
        (b"a\tb\n", "a       b"),
        (b"a\x1bd\x02b\n", "a\n\n\nb"),
        (b"lost\x1b@kept\n", "kept"),
        (b"\x1bM\x00\x1b3\x1e\x1bD\x08\x10\x00\x1c(A\x02\x000\x00\x1dP\x00\x00x\n", "x"),
    ],
)
def test_commands_and_their_parameters(data: bytes, text: str) -> None:
    simulator = Simulator()
    with running(simulator):
        tell(simulator, data + b"\x1dV\x00")
    assert [ticket.text for ticket in simulator.tickets] == [text]


def test_a_cut_of_white_paper_is_no_ticket() -> None:
    simulator = Simulator()
    with running(simulator):
        tell(simulator, b"\x1b@\n\n\x1bd\x05\x1dV\x00" + b"x\n\x1dV\x00")
    assert [ticket.text for ticket in simulator.tickets] == ["x"]


def test_bells_and_drawers_are_noticed() -> None:
    simulator = Simulator()
    with running(simulator):
        tell(simulator, b"\x1bB\x03\x02\x1b(A\x03\x00\x61\x01\x02\x1bp\x00\x19\xfax\n\x1dV\x00")
    assert [(ticket.beeps, ticket.drawer_pulses) for ticket in simulator.tickets] == [(5, 1)]


@pytest.mark.parametrize(
    ("fault", "realtime", "automatic"),
    [
        ("", b"\x12\x12\x12\x12", b"\x10\x00\x00\x00"),
        ("offline", b"\x1a\x1a\x12\x12", b"\x58\x00\x00\x00"),
        ("paper_out", b"\x1a\x32\x12\x7e", b"\x18\x00\x0f\x00"),
        ("cover", b"\x1a\x16\x12\x12", b"\x38\x00\x00\x00"),
    ],
)
def test_status_to_the_bit(fault: str, realtime: bytes, automatic: bytes) -> None:
    simulator = Simulator()
    with running(simulator):
        # Automatic status is switched on while all is well, and tells the change by itself.
        assert talk(simulator, b"\x1da\xff", 4) == b"\x10\x00\x00\x00"
        if fault:
            with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
                connection.sendall(b"\x10\x04\x01")
                assert connection.recv(1) == b"\x12"
                simulator.set_fault(fault)
                assert connection.recv(4) == automatic
        assert talk(simulator, b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04", 4) == realtime


def test_identity_and_ordered_status() -> None:
    simulator = Simulator()
    with running(simulator):
        assert talk(simulator, b"\x1dI\x42\x1dI\x43\x1dr\x01", 17) == b"_EPSON\x00_TM-T88V\x00\x00"


def test_the_handshake_of_a_host_that_looks_for_any_maker() -> None:
    """receiptio's: DLE EOT, Star's ESC ACK, ESC @; then GS I; then automatic status; then a ticket and GS r."""
    simulator = Simulator()
    with running(simulator), socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as host:
        host.sendall(b"\x10\x04\x02\x1b\x06\x01\x1b@")
        assert host.recv(16) == b"\x12"
        host.sendall(b"\x1dI\x42")
        assert host.recv(16) == b"_EPSON\x00"
        host.sendall(b"\x1b@\x1da\xff")
        assert host.recv(16) == b"\x10\x00\x00\x00"
        host.sendall(b"hello\n\x1dV\x42\x00\x1dr1")
        assert host.recv(16) == b"\x00"
    assert [ticket.text for ticket in simulator.tickets] == ["hello"]


def test_real_time_status_inside_an_image_is_answered_and_the_image_stays_whole() -> None:
    simulator = Simulator()
    with running(simulator):
        data = b"\x1dv0\x00\x04\x00\x01\x00\x00\x10\x04\x04" + b"\x1dV\x00\x1dr\x01"
        assert talk(simulator, data, 2) == b"\x12\x00"
    assert [ticket.text for ticket in simulator.tickets] == ["[image 32x1]"]


@pytest.mark.parametrize("fault", ["paper_out", "cover", "offline"])
def test_what_was_sent_to_a_stopped_printer_comes_out_after_the_repair(fault: str) -> None:
    simulator = Simulator(faults=[fault])
    with running(simulator):
        tell(simulator, b"kept\n\x1dV\x00")
        assert simulator.tickets == []
        simulator.clear()
        tell(simulator, b"next\n\x1dV\x00")
    assert [ticket.text for ticket in simulator.tickets] == ["kept", "next"]


def test_a_silent_printer_forgets() -> None:
    simulator = Simulator(faults=["silent@2"])
    with running(simulator):
        tell(simulator, b"one\n\x1dV\x00")
        tell(simulator, b"\x10\x04\x01two\n\x1dV\x00")
        simulator.clear()
        tell(simulator, b"three\n\x1dV\x00")
    assert [ticket.text for ticket in simulator.tickets] == ["one", "three"]


def test_a_late_confirmation_still_comes() -> None:
    simulator = Simulator(faults=["late"], timing=Timing(late_s=0.05))
    with running(simulator):
        assert talk(simulator, b"x\n\x1dV\x00\x1d(H\x06\x0000ABCD", 7) == b"\x37\x22ABCD\x00"


def test_what_was_printed_before_a_break_hangs_over_the_next_ticket() -> None:
    simulator = Simulator(faults=["cut_off"])
    with running(simulator):
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
            connection.sendall(b"half\n" * 40 + b"\x1dV\x00")
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        simulator.clear()
        tell(simulator, b"whole\n\x1dV\x00")
    assert [ticket.text.split("\n") for ticket in simulator.tickets] == [["half"] * 24 + ["whole"]]


def test_clients_wait_for_their_turn() -> None:
    simulator = Simulator()
    with running(simulator):
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as first:
            first.sendall(b"first\n\x1dr\x01")
            assert first.recv(1) == b"\x00"
            second = socket.create_connection(("127.0.0.1", simulator.port), timeout=10)
            second.sendall(b"second\n\x1dV\x00\x1dr\x01")
            first.sendall(b"first\n\x1dV\x00\x1dr\x01")
            assert first.recv(1) == b"\x00"
        with second:
            assert second.recv(1) == b"\x00"
    assert [ticket.text for ticket in simulator.tickets] == ["first\nfirst", "second"]


def test_a_hundred_printers_in_one_loop(tmp_path: Path) -> None:
    async def print_on(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x\n\x1dV\x00\x1d(H\x06\x0000ABCD")
        reply = await reader.readexactly(7)
        writer.close()
        return reply

    async def fleet() -> list[Simulator]:
        simulators = [Simulator(paper=tmp_path / "all.jsonl") for _ in range(100)]
        await asyncio.gather(*(simulator.start() for simulator in simulators))
        replies = await asyncio.gather(*(print_on(simulator.port) for simulator in simulators))
        await asyncio.gather(*(simulator.stop() for simulator in simulators))
        assert set(replies) == {b"\x37\x22ABCD\x00"}
        return simulators

    simulators = asyncio.run(fleet())
    assert [len(simulator.tickets) for simulator in simulators] == [1] * 100
    assert len([json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]) == 100


@pytest.mark.parametrize("fault", ["dead", "slow@0", "slow@x", "slow@", "@2"])
def test_unknown_faults_are_refused(fault: str) -> None:
    with pytest.raises(UnknownFault):
        Simulator(faults=[fault])
