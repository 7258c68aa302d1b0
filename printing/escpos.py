"""Reads ESC/POS: one command at a time out of a byte stream.

Pure. Shared by the simulator, which obeys the commands, and by rendering, which refuses the dangerous ones.
Commands are named as Epson's reference names them: "ESC @", "GS v 0", "GS ( k"; a run of characters is
"text".
A command that is not known here is two bytes long and called "unknown".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D


@dataclass(frozen=True)
class Command:
    """`raw` is the whole command; `args` is what follows its name (for "text" the characters themselves)."""

    name: str
    args: bytes
    raw: bytes


# Parameter bytes after the two-byte name. Epson ESC/POS reference; ESC B and ESC ACK are clones' and Star's.
_FIXED: dict[bytes, tuple[str, int]] = {
    b"\x10\x04": ("DLE EOT", 1),
    b"\x10\x05": ("DLE ENQ", 1),
    b"\x1b\x06": ("ESC ACK", 1),
    b"\x1b\x0c": ("ESC FF", 0),
    b"\x1b ": ("ESC SP", 1),
    b"\x1b!": ("ESC !", 1),
    b"\x1b$": ("ESC $", 2),
    b"\x1b-": ("ESC -", 1),
    b"\x1b2": ("ESC 2", 0),
    b"\x1b3": ("ESC 3", 1),
    b"\x1b=": ("ESC =", 1),
    b"\x1b?": ("ESC ?", 1),
    b"\x1b@": ("ESC @", 0),
    b"\x1bB": ("ESC B", 2),
    b"\x1bE": ("ESC E", 1),
    b"\x1bG": ("ESC G", 1),
    b"\x1bJ": ("ESC J", 1),
    b"\x1bK": ("ESC K", 1),
    b"\x1bL": ("ESC L", 0),
    b"\x1bM": ("ESC M", 1),
    b"\x1bR": ("ESC R", 1),
    b"\x1bS": ("ESC S", 0),
    b"\x1bT": ("ESC T", 1),
    b"\x1bV": ("ESC V", 1),
    b"\x1bW": ("ESC W", 8),
    b"\x1b\\": ("ESC \\", 2),
    b"\x1ba": ("ESC a", 1),
    b"\x1bd": ("ESC d", 1),
    b"\x1be": ("ESC e", 1),
    b"\x1bi": ("ESC i", 0),
    b"\x1bm": ("ESC m", 0),
    b"\x1bp": ("ESC p", 3),
    b"\x1br": ("ESC r", 1),
    b"\x1bt": ("ESC t", 1),
    b"\x1bu": ("ESC u", 1),
    b"\x1bv": ("ESC v", 0),
    b"\x1b{": ("ESC {", 1),
    b"\x1c!": ("FS !", 1),
    b"\x1c&": ("FS &", 0),
    b"\x1c-": ("FS -", 1),
    b"\x1c.": ("FS .", 0),
    b"\x1cC": ("FS C", 1),
    b"\x1cS": ("FS S", 2),
    b"\x1cW": ("FS W", 1),
    b"\x1cp": ("FS p", 2),
    b"\x1d!": ("GS !", 1),
    b"\x1d$": ("GS $", 2),
    b"\x1d/": ("GS /", 1),
    b"\x1d:": ("GS :", 0),
    b"\x1dB": ("GS B", 1),
    b"\x1dH": ("GS H", 1),
    b"\x1dI": ("GS I", 1),
    b"\x1dL": ("GS L", 2),
    b"\x1dP": ("GS P", 2),
    b"\x1dT": ("GS T", 1),
    b"\x1dW": ("GS W", 2),
    b"\x1d\\": ("GS \\", 2),
    b"\x1d^": ("GS ^", 3),
    b"\x1da": ("GS a", 1),
    b"\x1db": ("GS b", 1),
    b"\x1dc": ("GS c", 0),
    b"\x1df": ("GS f", 1),
    b"\x1dh": ("GS h", 1),
    b"\x1dj": ("GS j", 1),
    b"\x1dr": ("GS r", 1),
    b"\x1dw": ("GS w", 1),
}

_CONTROLS = {0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _realtime_length(head: bytes) -> int | None:
    """DLE DC4 fn: 1 drawer pulse, 2 power off, 3 buzzer, 7 status, 8 clear buffer."""
    if len(head) < 3:
        return None
    return {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}.get(head[2], 3)


def _cut_length(head: bytes) -> int | None:
    """GS V: m 0, 1, 48, 49 stand alone; the forms that feed first (65, 66, 97, 98, 103, 104) carry n."""
    if len(head) < 3:
        return None
    return 3 if head[2] in (0, 1, 48, 49) else 4


def _raster_length(head: bytes) -> int | None:
    """GS v 0 m xL xH yL yH: x bytes times y rows follow."""
    return None if len(head) < 8 else 8 + _little(head[4:6]) * _little(head[6:8])


def _column_length(head: bytes) -> int | None:
    """ESC * m nL nH: n columns of one byte (m 0, 1) or three (m 32, 33)."""
    if len(head) < 5:
        return None
    return 5 + _little(head[3:5]) * (3 if head[2] in (32, 33) else 1)


def _block_length(head: bytes) -> int | None:
    """ESC (, FS (, GS (: one letter, pL pH, then p bytes."""
    return None if len(head) < 5 else 5 + _little(head[3:5])


def _large_block_length(head: bytes) -> int | None:
    """GS 8 L p1 p2 p3 p4, then p bytes."""
    return None if len(head) < 7 else 7 + _little(head[3:7])


def _downloaded_image_length(head: bytes) -> int | None:
    """GS * x y: x times y times 8 bytes follow."""
    return None if len(head) < 4 else 4 + head[2] * head[3] * 8


def _barcode_length(head: bytes) -> int | None:
    """GS k m: up to m 6 the data ends with NUL, from m 65 its length comes first."""
    if len(head) < 4:
        return None
    if head[2] >= 65:
        return 4 + head[3]
    end = head.find(b"\x00", 3)
    return None if end < 0 else end + 1


def _tabs_length(head: bytes) -> int | None:
    """ESC D n1..nk NUL."""
    end = head.find(b"\x00", 2)
    return None if end < 0 else end + 1


# Each returns the whole length, or None while too little has arrived to know it.
_VARIABLE: dict[bytes, tuple[str, int, Callable[[bytes], int | None]]] = {
    b"\x10\x14": ("DLE DC4", 2, _realtime_length),
    b"\x1b(": ("ESC (", 3, _block_length),
    b"\x1b*": ("ESC *", 2, _column_length),
    b"\x1bD": ("ESC D", 2, _tabs_length),
    b"\x1c(": ("FS (", 3, _block_length),
    b"\x1d(": ("GS (", 3, _block_length),
    b"\x1d*": ("GS *", 2, _downloaded_image_length),
    b"\x1d8": ("GS 8", 3, _large_block_length),
    b"\x1dV": ("GS V", 2, _cut_length),
    b"\x1dk": ("GS k", 2, _barcode_length),
    b"\x1dv": ("GS v", 3, _raster_length),
}


def read_command(stream: bytes, start: int = 0) -> Command | None:
    """The command that begins at `start`, or None while its end has not arrived."""
    if start >= len(stream):
        return None
    first = stream[start]
    if first >= 0x20 and first != 0x7F:
        return _read_text(stream, start)
    if first not in (DLE, ESC, FS, GS):
        return Command(_CONTROLS.get(first, "unknown"), b"", stream[start : start + 1])
    name = stream[start : start + 2]
    if len(name) < 2:
        return None
    if name in _FIXED:
        label, size = _FIXED[name]
        raw = stream[start : start + 2 + size]
        return Command(label, raw[2:], raw) if len(raw) == 2 + size else None
    if name in _VARIABLE:
        return _read_variable(stream, start, *_VARIABLE[name])
    return Command("unknown", b"", name)


def _read_text(stream: bytes, start: int) -> Command:
    end = start
    while end < len(stream) and stream[end] >= 0x20 and stream[end] != 0x7F:
        end += 1
    return Command("text", stream[start:end], stream[start:end])


def _read_variable(
    stream: bytes, start: int, label: str, name_size: int, length: Callable[[bytes], int | None]
) -> Command | None:
    size = length(stream[start:])
    if size is None or len(stream) < start + size:
        return None
    raw = stream[start : start + size]
    if name_size == 3:
        label = f"{label} {chr(raw[2])}"
    return Command(label, raw[name_size:], raw)


def read_commands(stream: bytes) -> Iterator[Command]:
    """Every whole command of `stream`; a last one that is cut short is left out."""
    start = 0
    while (command := read_command(stream, start)) is not None:
        yield command
        start += len(command.raw)
