"""A print application that nobody here wrote reads the states of the simulated printer and prints on it.

npm's receiptio speaks to port 9100 alone. Where node or npm's registry is missing, the same states are held to
literal bytes of the vendor's text.
"""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from printing.simulator import Simulator, running

PACKAGE = "receiptio@2.1.2"
PORT = 9100
# For receiptio a printer is offline when it says nothing at all for ten seconds.
STATES = {"": "online", "cover": "coveropen", "paper_out": "paperempty", "cutter": "error", "silent": "offline"}


@pytest.fixture(scope="module")
def receiptio(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The program, or None where it cannot be had or cannot have its port."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    folder = tmp_path_factory.mktemp("npm")
    words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--prefix", str(folder), PACKAGE]
    try:
        done = subprocess.run([npm, *words], capture_output=True, timeout=120)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", PORT))
    except (subprocess.TimeoutExpired, OSError):
        return None
    return folder / "node_modules" / ".bin" / "receiptio" if done.returncode == 0 else None


def run(program: Path, *words: str) -> str:
    done = subprocess.run([program, "-d", "127.0.0.1", *words], capture_output=True, text=True, timeout=120)
    return (done.stdout + done.stderr).strip()


def literal_state(port: int) -> str:
    """DLE EOT 2, which is answered while the printer is stopped: the bits that a host tells these states by."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        line.sendall(b"\x10\x04\x02")
        try:
            (answer,) = line.recv(1)
        except TimeoutError:
            return "offline"
    assert answer & 0x93 == 0x12
    causes = {0x04: "coveropen", 0x20: "paperempty", 0x40: "error"}
    return next((state for bit, state in causes.items() if answer & bit), "online")


def test_a_stranger_reads_every_state(receiptio: Path | None) -> None:
    simulator = Simulator(port=PORT if receiptio else 0)
    with running(simulator):
        for fault, state in STATES.items():
            simulator.clear()
            if fault:
                simulator.set_fault(fault)
            seen = run(receiptio, "-q") if receiptio else literal_state(simulator.port)
            assert seen == state, fault


def test_a_stranger_prints(receiptio: Path | None, tmp_path: Path) -> None:
    order = tmp_path / "order.receipt"
    order.write_text("^^^Order 42\nEspresso | 2\n")
    simulator = Simulator(port=PORT if receiptio else 0)
    with running(simulator):
        if receiptio:
            assert run(receiptio, "-c", "48", str(order)) == "success"
        else:
            with socket.create_connection(("127.0.0.1", simulator.port), timeout=30) as line:
                line.sendall(b"\x1b@\x1da\x00\x1d!\x22Order 42\n\x1d!\x00Espresso  2\n\x1dV\x42\x00\x1dr\x01")
                assert line.recv(1) == b"\x00"
        (ticket,) = simulator.tickets
        assert "Order 42" in ticket.text
        assert "Espresso" in ticket.text
