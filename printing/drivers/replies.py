"""Sorts the bytes that a printer sends back by their fixed bits. Pure.

Automatic status, real-time status, in-order status and process ids share one stream, and real-time requests
found inside images add bytes that nobody asked for. Source of the bits: Epson's ESC/POS reference, DLE EOT,
GS a, GS r, GS ( H.
"""

import hashlib
from dataclasses import dataclass

_BLOCK_HEADS = (0x35, 0x37, 0x3B, 0x3D, 0x5F)
_PROCESS_ID_HEAD = b"\x37\x22"
_LONGEST_BLOCK = 96


@dataclass(frozen=True)
class RealtimeStatus:
    """The answer to DLE EOT n; its meaning depends on n, which the byte does not tell."""

    byte: int


@dataclass(frozen=True)
class OrderedStatus:
    """The answer to GS r: the printer has parsed everything before."""

    byte: int


@dataclass(frozen=True)
class AutomaticStatus:
    """Four bytes that come after GS a and at each change."""

    raw: bytes

    @property
    def offline(self) -> bool:
        return bool(self.raw[0] & 0x08)

    @property
    def cover_open(self) -> bool:
        return bool(self.raw[0] & 0x20)

    @property
    def error(self) -> bool:
        return bool(self.raw[1] & 0x68)

    @property
    def paper_end(self) -> bool:
        return bool(self.raw[2] & 0x0C)


@dataclass(frozen=True)
class ProcessId:
    """The answer to GS ( H fn 48: everything before it is on paper."""

    value: bytes


@dataclass(frozen=True)
class Other:
    """A block of model information, or a byte that fits nothing."""

    raw: bytes


Reply = RealtimeStatus | OrderedStatus | AutomaticStatus | ProcessId | Other


class ReplyParser:
    """Feed it what arrives; a reply whose end is missing waits for the next piece."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> list[Reply]:
        self._pending += data
        replies: list[Reply] = []
        while self._pending:
            taken = _read(self._pending)
            if taken is None:
                break
            reply, size = taken
            replies.append(reply)
            self._pending = self._pending[size:]
        return replies


def _read(data: bytes) -> tuple[Reply, int] | None:
    first = data[0]
    if first & 0x93 == 0x12:
        return RealtimeStatus(first), 1
    if first in _BLOCK_HEADS:
        return _read_block(data)
    if first & 0x93 == 0x10:
        return _read_automatic(data)
    if first & 0x90 == 0x00:
        return OrderedStatus(first), 1
    return Other(data[:1]), 1


def _read_automatic(data: bytes) -> tuple[Reply, int] | None:
    if any(byte & 0x90 for byte in data[1:4]):
        return Other(data[:1]), 1
    return (AutomaticStatus(data[:4]), 4) if len(data) >= 4 else None


def _read_block(data: bytes) -> tuple[Reply, int] | None:
    """A head, printable characters, NUL. A process id is the block 37 22 with exactly four of them."""
    size = next((index for index, byte in enumerate(data[1:], 1) if not 0x20 <= byte <= 0x7E), len(data))
    if size == len(data):
        return None if size < _LONGEST_BLOCK else (Other(data[:1]), 1)
    if data[size] != 0x00:
        return Other(data[:1]), 1
    if data[:2] == _PROCESS_ID_HEAD and size == 6:
        return ProcessId(data[2:6]), 7
    return Other(data[: size + 1]), size + 1


def process_id_for(token: str) -> bytes:
    """Four bytes of 20-7E for GS ( H, spread evenly over the tokens of attempts (81 million values)."""
    number = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8], "big")
    digits = []
    for _ in range(4):
        number, digit = divmod(number, 95)
        digits.append(0x20 + digit)
    return bytes(digits)
