"""What the print worker does each 250 ms: give every printer that has work to a thread of its own.

A dead printer costs its thread a few seconds, never another printer. More workers may run: the lease decides.
"""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from celery.worker import state

from printing.services.doubt import printers_to_look_at
from printing.services.sending import drain_printer

log = structlog.get_logger(__name__)

THREADS = 64


class Hands:
    """The threads of one worker, and which printers they have in hand."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="printer")
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._busy: set[int] = set()
        self._lock = threading.Lock()

    def hand_out(self) -> None:
        """Look once which printers have work."""
        for printer_id in printers_to_look_at():
            self.hand_over(printer_id)

    def hand_over(self, printer_id: int) -> None:
        """Have one printer drained soon; nothing when a thread has it already."""
        with self._lock:
            if printer_id in self._busy:
                return
            self._busy.add(printer_id)
        self._pool.submit(self._drain, printer_id)

    def _drain(self, printer_id: int) -> None:
        try:
            drain_printer(printer_id=printer_id, owner=self._owner, may_go_on=_may_go_on)
        except Exception:
            # The rows say what is left to do: the next look, or another worker, goes on from there.
            log.exception("printer_failed", printer_id=printer_id)
        finally:
            with self._lock:
                self._busy.discard(printer_id)


def _may_go_on() -> bool:
    """Whether the worker has not been told to stop."""
    return state.should_stop is None and state.should_terminate is None


hands = Hands()
hand_out = hands.hand_out
