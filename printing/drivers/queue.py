"""A print queue of the system (CUPS): it takes the bytes and says nothing about paper, so a ticket is only assumed.

Good for the label printer of a desk. Not for kitchens: queues stop silently and print in a burst later.
"""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from printing.drivers.outcome import Blocked, Level, Outcome, PrinterBlocked, Verdict


@dataclass(frozen=True)
class QueueTransport:
    """`name` of the queue; `program` takes `-d NAME -o raw` and the bytes on its standard input, as `lp` does."""

    name: str
    program: str = "lp"
    within_s: float = 15.0

    def confirm_within_s(self, payload: bytes) -> float:
        return self.within_s


class QueueDriver:
    def __init__(self, transport: QueueTransport) -> None:
        self._transport = transport

    def send(self, payload: bytes, *, process_id: bytes, before_first_byte: Callable[[], None]) -> Outcome:
        """See `Driver.send`."""
        command = [self._transport.program, "-d", self._transport.name, "-o", "raw", "-t", "ticket", "-"]
        if not self._transport.name or self._transport.name.startswith("-"):
            raise PrinterBlocked(Blocked.UNREACHABLE, detail="no name of a queue")
        before_first_byte()
        try:
            done = subprocess.run(command, input=payload, capture_output=True, timeout=self._transport.within_s)
        except FileNotFoundError:
            return Outcome(Verdict.FAILED_CLEAN, Level.L0, bytes_sent_started=False, detail="this machine has no lp")
        except subprocess.TimeoutExpired:
            return Outcome(Verdict.UNCONFIRMED, Level.L0, bytes_sent_started=True, detail="the queue does not answer")
        if done.returncode:
            detail = done.stderr.decode(errors="replace").strip()
            return Outcome(Verdict.FAILED_CLEAN, Level.L0, bytes_sent_started=False, detail=detail)
        return Outcome(Verdict.ASSUMED, Level.L0, bytes_sent_started=True, detail="handed to the queue")
