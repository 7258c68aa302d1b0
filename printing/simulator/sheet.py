"""The paper inside the printer: what the commands drew on it since the last cut."""

import re
from dataclasses import dataclass
from datetime import datetime

from printing.escpos import Command

# ESC t n. Epson's page numbers with Python's codecs; unknown numbers read as page 0.
_CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859_7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    21: "cp874",
    33: "cp775",
    34: "cp855",
    36: "cp862",
    37: "cp864",
    39: "iso8859_2",
    40: "iso8859_15",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
}

# A mark stands at the left edge of its line, in capitals, alone or with what follows it.
_MARK = re.compile(r"(COPY|POSSIBLE DUPLICATE|REROUTED|CHANGED|CANCELLED|TEST)(?![A-Za-z])")
_CUTS = frozenset(("GS V", "ESC i", "ESC m"))
_QUIET = frozenset(("GS ( H", "GS r", "GS I", "GS a", "DLE EOT", "ESC ACK"))
_SYMBOL_STORE, _SYMBOL_PRINT = 80, 81
_QR = 49


@dataclass(frozen=True)
class Line:
    """`width` and `height` are multiples of the font."""

    text: str
    width: int = 1
    height: int = 1
    bold: bool = False
    inverse: bool = False


@dataclass(frozen=True)
class Ticket:
    """One piece of paper. `raw` runs from the first byte after the last cut to the end of this one."""

    lines: tuple[Line, ...]
    raw: bytes
    cut_at: datetime
    marks: tuple[str, ...]
    beeps: int = 0
    drawer_pulses: int = 0

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class Sheet:
    """Obeys commands. `draw` is told each one; `cut` says what fell off."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._raw = bytearray()
        self._text = ""
        self._beeps = 0
        self._drawer_pulses = 0
        self._symbols: dict[int, str] = {}
        self._image = "[image]"
        self._reset()

    def _reset(self) -> None:
        self._codepage = "cp437"
        self._width = self._height = 1
        self._bold = self._inverse = False

    @property
    def blank(self) -> bool:
        """Nothing but white since the last cut."""
        return not self._text.strip() and not any(line.text.strip() for line in self._lines)

    @property
    def size(self) -> int:
        """Bytes of the present ticket."""
        return len(self._raw)

    def draw(self, command: Command) -> None:
        if self.blank and command.name in _QUIET:
            return
        self._raw += command.raw
        self._style(command)
        self._ink(command)

    def _style(self, command: Command) -> None:
        n = command.args[0] if command.args else 0
        match command.name:
            case "ESC @":
                # The line that was not yet fed is lost, as in a real print buffer.
                self._text = ""
                self._reset()
            case "ESC t":
                self._codepage = _CODE_PAGES.get(n, "cp437")
            case "ESC !":
                self._bold, self._height, self._width = bool(n & 0x08), 1 + bool(n & 0x10), 1 + bool(n & 0x20)
            case "GS !":
                self._height, self._width = 1 + (n & 0x07), 1 + (n >> 4 & 0x07)
            case "ESC E" | "ESC G":
                self._bold = bool(n & 1)
            case "GS B":
                self._inverse = bool(n & 1)

    def _ink(self, command: Command) -> None:
        args = command.args
        match command.name:
            case "text":
                self._text += command.args.decode(self._codepage, errors="replace")
            case "HT":
                self._text += " " * (8 - len(self._text) % 8)
            case "LF" | "FF":
                self._feed()
            case "ESC d" | "ESC J" | "ESC e" | "ESC K":
                self._finish_line()
                self._lines.extend([Line("")] * (args[0] if command.name == "ESC d" else 0))
            case "GS v 0":
                width, height = int.from_bytes(args[1:3], "little"), int.from_bytes(args[3:5], "little")
                self._own_line(f"[image {width * 8}x{height}]")
            case "ESC *":
                rows = 24 if args[0] in (32, 33) else 8
                self._text += f"[image {int.from_bytes(args[1:3], 'little')}x{rows}]"
            case "GS ( k":
                self._symbol(args[2], args[3], args[4:])
            case "GS ( L" | "GS 8 L":
                self._graphics(args[2:] if command.name == "GS ( L" else args[4:])
            case "GS k":
                data = args[2:] if args[0] >= 65 else args[1:-1]
                self._own_line(f"[barcode {data.decode('ascii', errors='replace')}]")
            case "ESC B" | "ESC ( A":
                self._beeps += args[0] if command.name == "ESC B" else args[-1]
            case "ESC p":
                self._drawer_pulses += 1
            case "DLE DC4":
                self._drawer_pulses += args[0] == 1

    def _feed(self) -> None:
        self._lines.append(Line(self._text, self._width, self._height, self._bold, self._inverse))
        self._text = ""

    def _finish_line(self) -> None:
        if self._text:
            self._feed()

    def _own_line(self, text: str) -> None:
        self._finish_line()
        self._lines.append(Line(text))

    def _symbol(self, kind: int, function: int, data: bytes) -> None:
        """GS ( k pL pH cn fn: fn 80 stores (one byte m first), fn 81 prints what was stored."""
        if function == _SYMBOL_STORE:
            self._symbols[kind] = data[1:].decode("utf-8", errors="replace")
        elif function == _SYMBOL_PRINT:
            name = "qr" if kind == _QR else "symbol"
            self._own_line(f"[{name} {self._symbols.get(kind, '')}]")

    def _graphics(self, data: bytes) -> None:
        """GS ( L m fn: fn 112 stores `a bx by c xL xH yL yH`, fn 2 and 50 print it."""
        if len(data) >= 10 and data[1] == 112:
            width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
            self._image = f"[image {width}x{height}]"
        elif len(data) >= 2 and data[1] in (2, 50):
            self._own_line(self._image)

    def cut(self, at: datetime) -> Ticket | None:
        """The piece that falls off, or None when it is white."""
        self._finish_line()
        ticket = None if self.blank else self._piece(at)
        self._lines.clear()
        self._raw.clear()
        self._beeps = self._drawer_pulses = 0
        return ticket

    def _piece(self, at: datetime) -> Ticket:
        found = [match.group(1) for line in self._lines if (match := _MARK.match(line.text))]
        return Ticket(
            lines=tuple(self._lines),
            raw=bytes(self._raw),
            cut_at=at,
            marks=tuple(dict.fromkeys(found)),
            beeps=self._beeps,
            drawer_pulses=self._drawer_pulses,
        )


def is_cut(command: Command) -> bool:
    return command.name in _CUTS


def prints(command: Command) -> bool:
    """Whether the command begins a ticket."""
    return command.name in ("text", "GS v 0", "ESC *", "GS ( k", "GS k", "GS ( L", "GS 8 L")
