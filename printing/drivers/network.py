"""ESC/POS with nothing around it, over TCP 9100 or a device: everything known must be read back from the printer."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from printing.drivers.outcome import Blocked, Level, Outcome, PrinterBlocked, Verdict
from printing.drivers.replies import (
    AutomaticStatus,
    OrderedStatus,
    ProcessId,
    RealtimeStatus,
    Reply,
    ReplyParser,
)

_ASK_STATUS = b"\x10\x04"
_RESET = b"\x1b@"
_AUTOMATIC_STATUS_ON = b"\x1da\xff"  # after ESC @, which switches it off
_ASK_ORDERED = b"\x1dr\x01"
_ASK_PROCESS_ID = b"\x1d(H\x06\x00\x30\x30"

# Serial-class print speed, the slowest a printer drains its buffer.
_SLOWEST_BYTES_PER_S = 9600


class Line(Protocol):
    """What carries bytes both ways, with the manners of a socket."""

    def settimeout(self, seconds: float | None, /) -> None: ...
    def send(self, data: bytes, /) -> int: ...
    def sendall(self, data: bytes, /) -> None: ...
    def recv(self, most: int, /) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Answering:
    """How much a printer can say, and how long it may take.

    `answers` is the highest level this model reaches: L3 knows GS ( H, L2 knows GS r, L1 is a one-way clone
    whose silence means nothing. Seconds are real time; `confirm_s` is the least wait for the confirmation.
    """

    answers: Level = Level.L3
    connect_s: float = 2.0
    status_s: float = 2.0
    confirm_s: float = 15.0

    def confirm_within_s(self, payload: bytes) -> float:
        """Three times the estimated print time, never below `confirm_s`."""
        return max(self.confirm_s, 3 * len(payload) / _SLOWEST_BYTES_PER_S)


@dataclass(frozen=True, kw_only=True)
class NetworkTransport(Answering):
    """Where a printer listens."""

    host: str
    port: int = 9100

    def connect(self) -> Line:
        return socket.create_connection((self.host, self.port), timeout=self.connect_s)


class Connectable(Protocol):
    @property
    def answers(self) -> Level: ...
    @property
    def status_s(self) -> float: ...
    def confirm_within_s(self, payload: bytes) -> float: ...
    def connect(self) -> Line:
        """Raises OSError."""
        ...


class EscposDriver:
    def __init__(self, transport: Connectable) -> None:
        self._transport = transport

    def send(self, payload: bytes, *, process_id: bytes, before_first_byte: Callable[[], None]) -> Outcome:
        """See `Driver.send`."""
        with closing(self._connect()) as connection:
            conversation = _Conversation(connection)
            self._require_ready(conversation)
            before_first_byte()
            within_s = self._transport.confirm_within_s(payload)
            data = _RESET + _AUTOMATIC_STATUS_ON + payload + self._question(process_id)
            refusal = conversation.say_all(data, within_s)
            if refusal is not None:
                return refusal
            return self._verdict(conversation, process_id, within_s)

    def _connect(self) -> Line:
        try:
            return self._transport.connect()
        except OSError as error:
            raise PrinterBlocked(Blocked.UNREACHABLE, detail=str(error)) from error

    def _require_ready(self, conversation: "_Conversation") -> None:
        """DLE EOT 1, 2, 4, one at a time: the answer does not say which question it belongs to."""
        answers: list[int] = []
        for n in (1, 2, 4):
            answer = conversation.ask_status(n, self._transport.status_s)
            if conversation.broken:
                raise PrinterBlocked(Blocked.UNREACHABLE, detail=conversation.broken)
            if answer is None:
                if self._transport.answers <= Level.L1 and not answers:
                    return
                raise PrinterBlocked(Blocked.SILENT, status_raw=conversation.heard, detail=f"no answer to {n}")
            answers.append(answer)
        reason = _why_blocked(*answers)
        if reason is not None:
            raise PrinterBlocked(reason, status_raw=conversation.heard)

    def _question(self, process_id: bytes) -> bytes:
        """What, behind the ticket, makes this printer say that it is done."""
        if self._transport.answers >= Level.L3:
            return _ASK_PROCESS_ID + process_id
        return _ASK_ORDERED if self._transport.answers == Level.L2 else b""

    def _verdict(self, conversation: "_Conversation", process_id: bytes, within_s: float) -> Outcome:
        if self._transport.answers <= Level.L1:
            return conversation.outcome(Verdict.ASSUMED, Level.L1, "nothing can be asked")
        if self._transport.answers == Level.L2:
            return self._ordered_verdict(conversation, within_s)
        if any(reply == ProcessId(process_id) for reply in conversation.listen(within_s)):
            return conversation.outcome(Verdict.PRINTED, Level.L3, "", ours=process_id)
        detail = f"no process id within {within_s:g} s{conversation.trouble()}"
        return conversation.outcome(Verdict.UNCONFIRMED, Level.L1, detail)

    def _ordered_verdict(self, conversation: "_Conversation", within_s: float) -> Outcome:
        """GS r says "parsed"; only a clean status after it says that nothing stopped on the way to paper."""
        if not any(isinstance(reply, OrderedStatus) for reply in conversation.listen(within_s)):
            detail = f"no GS r within {within_s:g} s{conversation.trouble()}"
            return conversation.outcome(Verdict.UNCONFIRMED, Level.L1, detail)
        after = [conversation.ask_status(n, self._transport.status_s) for n in (2, 4)]
        if None not in after and _why_blocked(0, *(answer or 0 for answer in after)) is None:
            return conversation.outcome(Verdict.PRINTED, Level.L2, "")
        return conversation.outcome(Verdict.UNCONFIRMED, Level.L1, "not clean after GS r")


def _why_blocked(printer: int, offline: int, paper: int) -> Blocked | None:
    """The answers to DLE EOT 1, 2 and 4, the most useful cause first."""
    if offline & 0x04:
        return Blocked.COVER
    if offline & 0x20 or paper & 0x60:
        return Blocked.PAPER
    if offline & 0x40:
        return Blocked.ERROR
    return Blocked.OFFLINE if printer & 0x08 else None


class _Conversation:
    """One connection: what was said, what was heard, sorted."""

    def __init__(self, connection: Line) -> None:
        self._connection = connection
        self._parser = ReplyParser()
        self._started = False
        self._process_ids: list[bytes] = []
        self._newest_status: AutomaticStatus | None = None
        self.broken = ""
        self.heard = b""

    def ask_status(self, n: int, within_s: float) -> int | None:
        """The byte that answers DLE EOT n, or None when none comes."""
        try:
            self._connection.sendall(_ASK_STATUS + bytes([n]))
        except OSError as error:
            self.broken = str(error)
            return None
        replies = self.listen(within_s)
        return next((reply.byte for reply in replies if isinstance(reply, RealtimeStatus)), None)

    def say_all(self, data: bytes, within_s: float) -> Outcome | None:
        """Sends the ticket in one write; an Outcome when that failed.

        The first `send` alone shows whether the kernel took a byte: if not, nothing can be on paper.
        """
        self._connection.settimeout(within_s)
        try:
            taken = self._connection.send(data)
        except OSError as error:
            return self.outcome(Verdict.FAILED_CLEAN, Level.L0, str(error))
        self._started = True
        try:
            self._connection.sendall(data[taken:])
        except OSError as error:
            return self.outcome(Verdict.UNCONFIRMED, Level.L0, f"broke off while sending: {error}")
        return None

    def listen(self, within_s: float) -> Iterator[Reply]:
        """Replies as they come, until the time is over or the connection is."""
        until = time.monotonic() + within_s
        while (left_s := until - time.monotonic()) > 0:
            self._connection.settimeout(left_s)
            try:
                data = self._connection.recv(256)
            except TimeoutError:
                return
            except OSError as error:
                self.broken = str(error)
                return
            if not data:
                self.broken = "the printer closed the connection"
                return
            self.heard += data
            replies = self._parser.feed(data)
            self._note(replies)
            yield from replies

    def _note(self, replies: list[Reply]) -> None:
        for reply in replies:
            if isinstance(reply, ProcessId):
                self._process_ids.append(reply.value)
            elif isinstance(reply, AutomaticStatus):
                self._newest_status = reply

    def trouble(self) -> str:
        """What is known about the missing answer, for people."""
        status = self._newest_status
        known = [
            ("paper end", status is not None and status.paper_end),
            ("cover open", status is not None and status.cover_open),
            ("error", status is not None and status.error),
            ("offline", status is not None and status.offline),
            (self.broken, bool(self.broken)),
        ]
        return "".join(f"; {word}" for word, holds in known if holds)

    def outcome(self, verdict: Verdict, level: Level, detail: str, *, ours: bytes = b"") -> Outcome:
        return Outcome(
            verdict=verdict,
            level=level,
            bytes_sent_started=self._started,
            status_raw=self.heard,
            detail=detail,
            other_process_ids=tuple(value for value in self._process_ids if value != ours),
        )
