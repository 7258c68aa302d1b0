"""The printers beside the box: one thread each, one ticket after the other, whatever the line to the platform does."""

import base64
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from printing.agent.journal import Entry, Journal
from printing.drivers import DeviceTransport, Level, NetworkTransport, PrinterBlocked, Verdict, driver_for

Job = dict[str, Any]
RETRY_S = 3.0


def transport_of(printer: dict[str, Any]) -> NetworkTransport | DeviceTransport:
    """`{host, port}` on the LAN or `{path}` of a device; `answers` as registered; seconds where they differ."""
    waits = {name: float(printer[name]) for name in ("connect_s", "status_s", "confirm_s") if name in printer}
    answers = Level(int(printer.get("answers", Level.L3)))
    if printer.get("path"):
        return DeviceTransport(path=str(printer["path"]), answers=answers, **waits)
    return NetworkTransport(host=str(printer["host"]), port=int(printer["port"]), answers=answers, **waits)


class Hands:
    """Prints jobs `{token, printer, bytes, process_id, not_after}`; `report` is told each result, from any thread.

    `is_connected`: whether the platform would hear that a printer cannot print and give the ticket to another one;
    while it would not, the ticket is tried again here until `not_after`.
    """

    def __init__(self, journal: Journal, report: Callable[[Entry], None], is_connected: Callable[[], bool]) -> None:
        self._journal, self._report, self._is_connected = journal, report, is_connected
        self._queues: dict[str, queue.Queue[Job]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def recover(self) -> None:
        """After a restart: what was being printed is in doubt, what waited is still to be printed."""
        for entry in self._journal.in_state("printing"):
            self._end(entry["token"], verdict=Verdict.UNCONFIRMED, level=Level.L1, detail="the box was restarted")
        for entry in self._journal.in_state("received"):
            self._queue_of(entry["job"]).put(entry["job"])

    def take(self, job: Job) -> None:
        """Accept a ticket once; one that is known already is answered with what became of it."""
        known = self._journal.of(job["token"])
        if known is None:
            self._journal.write(job["token"], "received", job=job)
            self._queue_of(job).put(job)
        elif known["state"] in ("over", "noted"):
            self._report(known)

    def stop(self) -> None:
        """What is being printed is finished; what waits stays in the journal."""
        self._stopping.set()

    def _queue_of(self, job: Job) -> "queue.Queue[Job]":
        name = str(job["printer"]["uid"])
        with self._lock:
            if name not in self._queues:
                self._queues[name] = queue.Queue()
                threading.Thread(target=self._work, args=(self._queues[name],), name=name, daemon=True).start()
            return self._queues[name]

    def _work(self, jobs: "queue.Queue[Job]") -> None:
        while not self._stopping.is_set():
            try:
                job = jobs.get(timeout=1.0)
            except queue.Empty:
                continue
            while not self._stopping.is_set() and not self._print(job):
                self._stopping.wait(RETRY_S)

    def _print(self, job: Job) -> bool:
        """One try; False when it should be tried here again."""
        token = job["token"]
        if time.time() > float(job["not_after"]):
            self._end(token, verdict=Verdict.FAILED_CLEAN, level=Level.L0, detail="too old")
            return True
        try:
            outcome = driver_for(transport_of(job["printer"])).send(
                base64.b64decode(job["bytes"]),
                process_id=bytes.fromhex(job["process_id"]),
                before_first_byte=lambda: self._journal.write(token, "printing"),
            )
        except PrinterBlocked as error:
            if not self._is_connected():
                return False
            self._end(
                token,
                verdict=Verdict.FAILED_CLEAN,
                level=Level.L0,
                blocked=str(error.reason),
                detail=error.detail,
                status_raw=error.status_raw.hex(),
            )
            return True
        self._end(
            token,
            verdict=outcome.verdict,
            level=outcome.level,
            detail=outcome.detail,
            status_raw=outcome.status_raw.hex(),
            late=[process_id.hex() for process_id in outcome.other_process_ids],
        )
        return True

    def _end(self, token: str, *, verdict: Verdict, level: Level, **more: Any) -> None:
        self._journal.write(token, "over", verdict=str(verdict), level=int(level), **more)
        if (entry := self._journal.of(token)) is not None:
            self._report(entry)
