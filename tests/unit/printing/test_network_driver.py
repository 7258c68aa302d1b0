"""The driver against a printer with each fault: what it claims must be what is on the paper."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from printing.drivers import (
    Blocked,
    Level,
    NetworkTransport,
    Outcome,
    PrinterBlocked,
    Verdict,
    driver_for,
    process_id_for,
)
from printing.rendering.content import Mark, MarkKind
from printing.rendering.profile import PAPER_80
from printing.rendering.ticket import render_ticket
from printing.simulator import Simulator, Timing, running
from tests.unit.printing.paper import ticket

OURS = b"ab~ "
PAYLOAD = render_ticket(ticket(), PAPER_80)
# Shorter than anybody's patience, longer than loopback: each wait below ends by an answer or is meant to run out.
SOON = 0.3


def transport(
    port: int, *, answers: Level = Level.L3, confirm_s: float = 10.0, status_s: float = 10.0
) -> NetworkTransport:
    return NetworkTransport(host="127.0.0.1", port=port, answers=answers, confirm_s=confirm_s, status_s=status_s)


class Committed:
    """Stands for the caller that commits "sending"."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def send(to: NetworkTransport, payload: bytes = PAYLOAD, process_id: bytes = OURS) -> Outcome:
    committed = Committed()
    outcome = driver_for(to).send(payload, process_id=process_id, before_first_byte=committed)
    assert committed.times == 1
    return outcome


def blocked(to: NetworkTransport) -> PrinterBlocked:
    committed = Committed()
    with pytest.raises(PrinterBlocked) as error:
        driver_for(to).send(PAYLOAD, process_id=OURS, before_first_byte=committed)
    assert committed.times == 0
    return error.value


@contextmanager
def printer(*faults: str, timing: Timing | None = None) -> Iterator[Simulator]:
    simulator = Simulator(faults=faults, timing=timing)
    with running(simulator):
        yield simulator


def numbers(simulator: Simulator) -> int:
    """How often the ticket's number is on paper."""
    return sum(piece.text.count("A-042") for piece in simulator.tickets)


def test_a_healthy_printer_confirms_with_the_process_id() -> None:
    with printer() as simulator:
        outcome = send(transport(simulator.port))
        assert (outcome.verdict, outcome.level, outcome.bytes_sent_started) == (Verdict.PRINTED, Level.L3, True)
        # Three status bytes, the automatic status after GS a, the process id.
        assert outcome.status_raw == b"\x12\x12\x12" + b"\x10\x00\x00\x00" + b"\x37\x22ab~ \x00"
        assert [piece.raw for piece in simulator.tickets] == [b"\x1b@" + PAYLOAD]


def test_two_levels_for_printers_that_say_less() -> None:
    with printer() as simulator:
        ordered = send(transport(simulator.port, answers=Level.L2))
        mute = send(transport(simulator.port, answers=Level.L1))
        assert (ordered.verdict, ordered.level) == (Verdict.PRINTED, Level.L2)
        assert (mute.verdict, mute.level) == (Verdict.ASSUMED, Level.L1)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("paper_out", Blocked.PAPER), ("cover", Blocked.COVER), ("offline", Blocked.OFFLINE)],
)
def test_a_stopped_printer_gets_not_a_byte(fault: str, reason: Blocked) -> None:
    with printer(fault) as simulator:
        for answers in (Level.L3, Level.L2, Level.L1):
            assert blocked(transport(simulator.port, answers=answers)).reason == reason
        simulator.clear()
        assert send(transport(simulator.port)).verdict == Verdict.PRINTED
        assert numbers(simulator) == 1


def test_a_fault_from_the_second_ticket_spares_the_first() -> None:
    with printer("paper_out@2") as simulator:
        assert send(transport(simulator.port)).verdict == Verdict.PRINTED
        assert blocked(transport(simulator.port)).reason == Blocked.PAPER


def test_a_slow_printer_is_waited_for() -> None:
    with printer("slow", timing=Timing(slow_s=SOON)) as simulator:
        assert send(transport(simulator.port)).verdict == Verdict.PRINTED
        assert numbers(simulator) == 1


def test_a_silent_printer_gets_not_a_byte() -> None:
    with printer("silent") as simulator:
        assert blocked(transport(simulator.port, status_s=SOON)).reason == Blocked.SILENT


def test_a_printer_that_falls_silent_leaves_the_ticket_in_doubt() -> None:
    with printer() as simulator:

        def fall_silent() -> None:
            simulator.set_fault("silent")

        to = transport(simulator.port, confirm_s=SOON)
        outcome = driver_for(to).send(PAYLOAD, process_id=OURS, before_first_byte=fall_silent)
        assert (outcome.verdict, outcome.bytes_sent_started) == (Verdict.UNCONFIRMED, True)


def test_a_one_way_clone_is_believed_only_when_it_is_known_as_one() -> None:
    with printer("one_way") as simulator:
        assert blocked(transport(simulator.port, status_s=SOON)).reason == Blocked.SILENT
        outcome = send(transport(simulator.port, answers=Level.L1, status_s=SOON))
        assert (outcome.verdict, outcome.level, outcome.status_raw) == (Verdict.ASSUMED, Level.L1, b"")


def test_a_late_confirmation_is_no_confirmation_yet() -> None:
    with printer("late", timing=Timing(late_s=60)) as simulator:
        outcome = send(transport(simulator.port, confirm_s=SOON))
        assert (outcome.verdict, outcome.level, outcome.bytes_sent_started) == (Verdict.UNCONFIRMED, Level.L1, True)
        assert numbers(simulator) == 1


def test_a_confirmation_that_comes_twice_counts_once() -> None:
    with printer("twice") as simulator:
        outcome = send(transport(simulator.port))
        assert (outcome.verdict, set(outcome.other_process_ids)) == (Verdict.PRINTED, set())


def test_the_confirmation_of_another_attempt_does_not_confirm_this_one() -> None:
    with printer("wrong_id") as simulator:
        outcome = send(transport(simulator.port, confirm_s=SOON))
        assert outcome.verdict == Verdict.UNCONFIRMED
        assert outcome.other_process_ids == (b"bc !",)


def test_a_connection_that_is_cut_off_leaves_the_ticket_in_doubt_and_half_of_it_on_paper() -> None:
    with printer("cut_off") as simulator:
        outcome = send(transport(simulator.port))
        assert (outcome.verdict, outcome.bytes_sent_started) == (Verdict.UNCONFIRMED, True)
        simulator.clear()
        again = render_ticket(ticket(marks=(Mark(MarkKind.POSSIBLE_DUPLICATE),)), PAPER_80)
        assert send(transport(simulator.port), again).verdict == Verdict.PRINTED
        assert [piece.marks for piece in simulator.tickets] == [(), ("POSSIBLE DUPLICATE",)]


def test_paper_that_ends_in_the_middle_is_in_doubt_and_says_why() -> None:
    with printer("paper_out@2") as simulator:
        outcome = send(transport(simulator.port, confirm_s=SOON), PAYLOAD + PAYLOAD)
        assert (outcome.verdict, outcome.level) == (Verdict.UNCONFIRMED, Level.L1)
        assert "paper end" in outcome.detail
        assert numbers(simulator) == 1


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert blocked(transport(port)).reason == Blocked.UNREACHABLE


def test_a_printer_that_hangs_up_at_once_is_not_a_one_way_clone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        assert blocked(transport(server.getsockname()[1], answers=Level.L1)).reason == Blocked.UNREACHABLE
        thread.join()


def test_the_caller_may_stop_before_the_first_byte() -> None:
    class LeaseLost(Exception):
        pass

    def lose() -> None:
        raise LeaseLost

    with printer() as simulator:
        with pytest.raises(LeaseLost):
            driver_for(transport(simulator.port)).send(PAYLOAD, process_id=OURS, before_first_byte=lose)
        assert send(transport(simulator.port)).verdict == Verdict.PRINTED
        assert numbers(simulator) == 1


def test_a_second_sender_finds_the_printer_busy() -> None:
    with printer() as simulator, socket.create_connection(("127.0.0.1", simulator.port)) as first:
        first.sendall(b"\x10\x04\x01")
        assert first.recv(1) == b"\x12"
        assert blocked(transport(simulator.port, status_s=SOON)).reason == Blocked.SILENT


def test_the_wait_grows_with_the_ticket() -> None:
    to = NetworkTransport(host="printer.example")
    assert to.confirm_within_s(PAYLOAD) == 15.0
    assert to.confirm_within_s(b"x" * 96_000) == 30.0


def test_process_ids_are_four_printable_bytes_of_the_token() -> None:
    ids = {process_id_for(f"token-{n}") for n in range(500)}
    assert len(ids) == 500
    assert all(len(value) == 4 and all(0x20 <= byte <= 0x7E for byte in value) for value in ids)
    assert process_id_for("token-1") == process_id_for("token-1")
