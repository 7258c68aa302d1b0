"""The printer itself: one client at a time, one buffer, one sheet of paper, and the faults of the moment."""

import asyncio
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from printing.escpos import Command, read_command
from printing.simulator import status
from printing.simulator.broken_line import cut_the_line
from printing.simulator.faults import (
    CUT_OFF_BYTES,
    SERIAL_BYTES_PER_S,
    SMALL_BUFFER_BYTES,
    STOPPED,
    Fault,
    Timing,
    active_faults,
)
from printing.simulator.paper_log import PaperLog
from printing.simulator.sheet import Sheet, Ticket, is_cut, prints

_REALTIME = re.compile(rb"\x10\x04([\x01-\x04])", re.DOTALL)
_BUFFER_BYTES = 65536


class Simulator:
    """One printer. Cheap: hundreds share a loop. `tickets` holds what was cut, oldest first.

    `start`, `stop` and `take_tickets` belong to the loop; `set_fault`, `clear`, `port`, `tickets` may be used from
    anywhere.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        paper: Path | None = None,
        faults: Iterable[str] = (),
        timing: Timing | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.port = port
        self.tickets: list[Ticket] = []
        self._log = PaperLog(paper) if paper is not None else None
        self._faults = self._wanted = [Fault.parse(fault) for fault in faults]
        self._timing = timing or Timing()
        self._now = now
        self._sheet = Sheet()
        self._number = 1
        self._cut_before = 0  # tickets that were taken away
        self._after_cut = False
        self._automatic = False
        self._buffer = bytearray()
        self._tail = b""
        self._writer: asyncio.StreamWriter | None = None
        self._waiting: set[asyncio.StreamWriter] = set()
        self._turn = asyncio.Lock()
        self._work = asyncio.Event()
        self._drained = asyncio.Event()
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: asyncio.Server | None = None
        self._printing: asyncio.Task[None] | None = None

    # Life

    async def start(self) -> int:
        """Listens on 127.0.0.1 and returns the port; OSError when it is taken."""
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._printing = asyncio.create_task(self._print_forever())
        return self.port

    async def stop(self) -> None:
        """Power off: every connection breaks, the buffer is lost, the paper stays."""
        if self._server is None or self._printing is None:
            return
        self._server.close()
        for writer in list(self._waiting):
            writer.transport.abort()
        self._printing.cancel()
        await asyncio.gather(self._printing, return_exceptions=True)
        await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def take_tickets(self) -> list[Ticket]:
        """What was cut since the last time, torn off: a printer that runs for days keeps none."""
        taken, self.tickets = self.tickets, []
        self._cut_before += len(taken)
        return taken

    # Faults

    @property
    def faults(self) -> frozenset[str]:
        """Those in force for the present ticket."""
        active = active_faults(self._faults, self._number)
        is_at_end = "halfway" in active and self._sheet.size >= CUT_OFF_BYTES
        return active | {"paper_out"} if is_at_end else active

    def set_fault(self, fault: str) -> None:
        """Adds NAME or NAME@N while the printer runs."""
        self._change([*self._wanted, Fault.parse(fault)])

    def clear(self) -> None:
        """Repairs everything; what was held back is printed."""
        self._change([])

    def power_cycle(self) -> None:
        """Off and on: connections break, what waits is lost, settings are as at first, the paper hangs where it was."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._restart)

    def _restart(self) -> None:
        self._buffer.clear()
        self._automatic = False
        for writer in list(self._waiting):
            writer.transport.abort()

    def _change(self, faults: list[Fault]) -> None:
        self._wanted = faults
        if self._loop is None:
            self._faults = faults
            return
        self._loop.call_soon_threadsafe(self._apply, faults)

    def _apply(self, faults: list[Fault]) -> None:
        if "forgets" in self.faults and not faults:
            self._buffer.clear()
        self._faults = faults
        self._changed.set()
        self._begin_ticket()
        self._work.set()
        self._tell_status()

    def _begin_ticket(self) -> None:
        self._number = self._cut_before + len(self.tickets) + 1
        self._after_cut = False

    # The line to the client

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._waiting.add(writer)
        try:
            await self._while_it("busy")
            async with self._turn:
                self._writer = writer
                self._begin_ticket()
                # A client that vanishes is a printer's everyday; what it sent is still printed.
                with suppress(ConnectionError, TimeoutError):
                    await self._receive(reader)
                await self._finish()
                self._writer = None
        finally:
            self._waiting.discard(writer)
            writer.close()

    async def _receive(self, reader: asyncio.StreamReader) -> None:
        self._tail = b""
        while True:
            await self._while_it("no_read")
            async with asyncio.timeout(self._timing.idle_s):
                data = await reader.read(4096)
            if not data:
                return
            if "silent" in self.faults:
                continue
            self._answer_realtime(data)
            room = SMALL_BUFFER_BYTES - len(self._buffer) if "drop" in self.faults else len(data)
            self._buffer += data[: max(0, room)]
            self._drained.clear()
            self._work.set()
            while len(self._buffer) > _BUFFER_BYTES:
                await self._drained.wait()
                self._drained.clear()

    async def _while_it(self, fault: str) -> None:
        while fault in self.faults:
            self._changed.clear()
            await self._changed.wait()

    async def _finish(self) -> None:
        """The connection ends when its data is printed, or kept because the printer is stopped."""
        self._drained.clear()
        self._work.set()
        await self._drained.wait()
        if not STOPPED & self.faults:
            # Half a command dies with its connection.
            self._buffer.clear()

    def _answer_realtime(self, data: bytes) -> None:
        """DLE EOT is obeyed on arrival, also inside images, also while stopped."""
        seen = self._tail + data
        end = 0
        for match in _REALTIME.finditer(seen):
            end = match.end()
            self._reply(status.realtime_status(match.group(1)[0], self.faults))
        self._tail = seen[max(end, len(seen) - 2) :]

    def _reply(self, data: bytes) -> None:
        if self._writer is not None:
            self._reply_to(self._writer, data)

    def _reply_to(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        if not self.faults & {"one_way", "silent"} and not writer.is_closing():
            writer.write(data)

    def _tell_status(self) -> None:
        if self._automatic:
            self._reply(status.automatic_status(self.faults))

    # The print head

    async def _print_forever(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            await self._print_buffer()
            if not self._work.is_set():
                self._drained.set()

    async def _print_buffer(self) -> None:
        data = bytes(self._buffer)
        self._buffer.clear()
        read = 0
        while (command := read_command(data, read)) is not None:
            if self._after_cut and prints(command):
                self._begin_ticket()
                self._tell_status()
            if STOPPED & self.faults:
                break
            read += len(command.raw)
            if "drain" in self.faults:
                await asyncio.sleep(len(command.raw) / SERIAL_BYTES_PER_S)
            await self._obey(command)
            if self._sheet.size >= CUT_OFF_BYTES and cut_the_line(self._writer, self.faults):
                self._buffer.clear()
                return
        self._buffer[:0] = data[read:]

    async def _obey(self, command: Command) -> None:
        n = command.args[0] if command.args else 0
        self._sheet.draw(command)
        if is_cut(command):
            await self._cut()
        match command.name:
            case "ESC @":
                self._automatic = False
            case "GS a":
                self._automatic = n != 0
                self._tell_status()
            case "GS r":
                self._reply(status.ordered_status(n, self.faults))
            case "GS I":
                self._reply(status.identity(n))
            case "GS ( H" if len(command.args) == 8 and command.args[2:4] == b"\x30\x30":
                self._confirm(command.args[4:])

    async def _cut(self) -> None:
        if "slow" in self.faults and not self._sheet.blank:
            await asyncio.sleep(self._timing.slow_s)
        ticket = self._sheet.cut(self._now())
        if ticket is None:
            return
        if self._log is not None:
            # On disk before anything is confirmed; in a thread, since other printers share this loop.
            await asyncio.to_thread(self._log.write, ticket)
        self.tickets.append(ticket)
        self._after_cut = True

    def _confirm(self, process_id: bytes) -> None:
        faults = self.faults
        if "wrong_id" in faults:
            process_id = bytes(0x20 + (byte - 0x1F) % 95 for byte in process_id)
        reply = b"\x37\x22" + process_id + b"\x00"
        if "stray" in faults:
            reply = b"\x12" + status.automatic_status(faults) + reply + status.automatic_status(faults)
        if "twice" in faults:
            reply *= 2
        if "late" in faults and self._writer is not None and self._loop is not None:
            self._loop.call_later(self._timing.late_s, self._reply_to, self._writer, reply)
            return
        self._reply(reply)
