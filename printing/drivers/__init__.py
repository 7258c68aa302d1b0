"""Drivers: carry the bytes of one attempt to one printer and say what is known about the paper afterwards.

Owns sockets and the reading of replies. A driver never retries and never infers anything from a connection or
from a send that "worked": only a reply is evidence. No Django, no database: the caller commits "sending" in
`before_first_byte`. Entry: `driver_for(transport).send(payload, ...)`.
"""

from collections.abc import Callable
from typing import Protocol

from printing.drivers.device import DeviceTransport
from printing.drivers.network import EscposDriver, NetworkTransport
from printing.drivers.outcome import Blocked, Level, Outcome, PrinterBlocked, Verdict
from printing.drivers.queue import QueueDriver, QueueTransport
from printing.drivers.replies import process_id_for

__all__ = [
    "Blocked",
    "DeviceTransport",
    "Driver",
    "Level",
    "NetworkTransport",
    "Outcome",
    "PrinterBlocked",
    "QueueTransport",
    "Transport",
    "Verdict",
    "driver_for",
    "process_id_for",
]


Transport = NetworkTransport | DeviceTransport | QueueTransport


class Driver(Protocol):
    def send(self, payload: bytes, *, process_id: bytes, before_first_byte: Callable[[], None]) -> Outcome:
        """Sends once. Raises PrinterBlocked, with nothing sent, when the printer cannot print now.

        `process_id`: 4 bytes of 20-7E, new for each attempt. `before_first_byte` runs after the printer was
        found able to print; if it raises, nothing is sent and its error passes through.
        """
        ...


def driver_for(transport: Transport) -> Driver:
    return QueueDriver(transport) if isinstance(transport, QueueTransport) else EscposDriver(transport)
