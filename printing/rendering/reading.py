"""Reads a ticket back from its bytes: what a printer would put on paper, element by element. Pure.

The simulated printer and every preview read with these eyes. Turned or mirrored print (ESC V, ESC {) and positions in
the line (ESC $, GS L) are read as plain text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from printing.escpos import Command, read_commands

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
_SYMBOL_SIZE, _SYMBOL_LEVEL, _SYMBOL_STORE, _SYMBOL_PRINT = 67, 69, 80, 81
_QR = 49
_CUTS = frozenset(("GS V", "ESC i", "ESC m"))
_ALIGNED = {0: "left", 1: "middle", 2: "right", 48: "left", 49: "middle", 50: "right"}


@dataclass(frozen=True)
class Face:
    """How characters look; `width` and `height` are multiples of the font, `small` is font B."""

    width: int = 1
    height: int = 1
    bold: bool = False
    inverse: bool = False
    underlined: bool = False
    small: bool = False


@dataclass(frozen=True)
class Run:
    text: str
    face: Face


@dataclass(frozen=True)
class Dots:
    """An image of one bit per dot: `rows` of (width + 7) // 8 bytes, 1 is black; scaled by `across` and `down`."""

    width: int
    height: int
    rows: bytes
    align: str = "left"
    across: int = 1
    down: int = 1

    @property
    def text(self) -> str:
        return f"[image {self.width}x{self.height}]"


@dataclass(frozen=True)
class Symbol:
    """A code that the printer draws: "qr" with modules of `module_dots`, "barcode", or another "symbol"."""

    kind: str
    content: str
    align: str = "left"
    module_dots: int = 3
    level: str = "L"

    @property
    def text(self) -> str:
        return f"[{self.kind} {self.content}]"


@dataclass(frozen=True)
class Row:
    """A printed line; `face` is the one that was set when it was fed."""

    parts: tuple[Run | Dots, ...] = ()
    align: str = "left"
    face: Face = field(default_factory=Face)

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


Element = Row | Dots | Symbol


class Reader:
    """Obeys commands one by one; `take` hands over what is on the paper since the last time."""

    def __init__(self) -> None:
        self._elements: list[Element] = []
        self._is_inked = False
        self._symbols: dict[int, str] = {}
        self._module_dots, self._level = 3, "L"
        self._image: Dots | None = None
        self._reset()
        self._inks: dict[str, Callable[[bytes], None]] = {
            "text": self._write,
            "HT": lambda args: self._write(b" " * (8 - len(self.pending) % 8)),
            "LF": lambda args: self._feed(),
            "FF": lambda args: self._feed(),
            "ESC d": self._feed_lines,
            "ESC e": lambda args: self._finish(),
            "ESC J": lambda args: self._finish(),
            "ESC K": lambda args: self._finish(),
            "ESC *": self._column_image,
            "GS v 0": self._raster,
            "GS ( L": lambda args: self._graphics(args[2:]),
            "GS 8 L": lambda args: self._graphics(args[4:]),
            "GS ( k": self._symbol,
            "GS k": self._barcode,
        }

    def _reset(self) -> None:
        # The line that was not yet fed is lost, as in a real print buffer.
        self._parts: list[Run | Dots] = []
        self._codepage, self._face, self._align = "cp437", Face(), "left"

    @property
    def pending(self) -> str:
        """What stands in the line that was not fed yet."""
        return "".join(part.text for part in self._parts)

    @property
    def is_blank(self) -> bool:
        return not self._is_inked and not self.pending.strip()

    def obey(self, command: Command) -> None:
        self._dress(command.name, command.args[0] if command.args else 0)
        if (ink := self._inks.get(command.name)) is not None:
            ink(command.args)

    def take(self) -> tuple[Element, ...]:
        """Everything since the last `take`; a line that was begun is ended."""
        self._finish()
        elements = tuple(self._elements)
        self._elements.clear()
        self._is_inked = False
        return elements

    def _dress(self, name: str, n: int) -> None:
        match name:
            case "ESC @":
                self._reset()
            case "ESC t":
                self._codepage = _CODE_PAGES.get(n, "cp437")
            case "ESC a":
                self._align = _ALIGNED.get(n, "left")
            case "ESC !":
                self._face = replace(
                    self._face,
                    width=1 + bool(n & 0x20),
                    height=1 + bool(n & 0x10),
                    bold=bool(n & 0x08),
                    underlined=bool(n & 0x80),
                    small=bool(n & 0x01),
                )
            case "GS !":
                self._face = replace(self._face, width=1 + (n >> 4 & 0x07), height=1 + (n & 0x07))
            case "ESC E" | "ESC G":
                self._face = replace(self._face, bold=bool(n & 1))
            case "GS B":
                self._face = replace(self._face, inverse=bool(n & 1))
            case "ESC -":
                self._face = replace(self._face, underlined=n in (1, 2, 49, 50))
            case "ESC M":
                self._face = replace(self._face, small=n in (1, 49))

    # Lines

    def _write(self, characters: bytes) -> None:
        self._parts.append(Run(characters.decode(self._codepage, errors="replace"), self._face))

    def _feed(self) -> None:
        self._add(Row(tuple(self._parts), self._align, self._face))
        self._parts = []

    def _finish(self) -> None:
        if self._parts:
            self._feed()

    def _feed_lines(self, args: bytes) -> None:
        self._finish()
        self._elements.extend([Row()] * args[0])

    def _own_line(self, element: Dots | Symbol) -> None:
        self._finish()
        self._add(element)

    def _add(self, element: Element) -> None:
        self._elements.append(element)
        self._is_inked = self._is_inked or bool(element.text.strip())

    # Images

    def _raster(self, args: bytes) -> None:
        """GS v 0 m xL xH yL yH: bit 0 of m doubles the width, bit 1 the height."""
        bytes_across, height = int.from_bytes(args[1:3], "little"), int.from_bytes(args[3:5], "little")
        scale = {"across": 1 + (args[0] & 1), "down": 1 + (args[0] >> 1 & 1)}
        self._own_line(Dots(bytes_across * 8, height, args[5:], self._align, **scale))

    def _column_image(self, args: bytes) -> None:
        """ESC * m nL nH: columns of 8 or 24 dots, the highest bit on top."""
        height = 24 if args[0] in (32, 33) else 8
        width, size = int.from_bytes(args[1:3], "little"), height // 8
        rows = bytearray((width + 7) // 8 * height)
        for x in range(width):
            column = int.from_bytes(args[3 + x * size : 3 + (x + 1) * size], "big")
            for y in range(height):
                if column >> (height - 1 - y) & 1:
                    rows[y * ((width + 7) // 8) + x // 8] |= 0x80 >> x % 8
        self._parts.append(
            Dots(width, height, bytes(rows), across=1 if args[0] in (1, 33) else 2, down=1 if height == 24 else 3)
        )

    def _graphics(self, data: bytes) -> None:
        """GS ( L m fn: fn 112 stores `a bx by c xL xH yL yH` and the dots, fn 2 and 50 print it."""
        if len(data) >= 10 and data[1] == 112:
            width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
            scale = {"across": max(1, data[3]), "down": max(1, data[4])}
            self._image = Dots(width, height, data[10:], self._align, **scale)
        elif len(data) >= 2 and data[1] in (2, 50) and self._image is not None:
            self._own_line(self._image)

    # Codes

    def _symbol(self, args: bytes) -> None:
        """GS ( k pL pH cn fn: fn 67 size, fn 69 level, fn 80 stores (one byte m first), fn 81 prints it."""
        if len(args) < 4:
            return
        kind, function, data = args[2], args[3], args[4:]
        if function == _SYMBOL_STORE:
            self._symbols[kind] = data[1:].decode("utf-8", errors="replace")
        elif function == _SYMBOL_SIZE and data:
            self._module_dots = max(1, min(data[0], 16))
        elif function == _SYMBOL_LEVEL and data:
            self._level = "LMQH"[data[0] & 3]
        elif function == _SYMBOL_PRINT:
            content = self._symbols.get(kind, "")
            name = "qr" if kind == _QR else "symbol"
            self._own_line(Symbol(name, content, self._align, self._module_dots, self._level))

    def _barcode(self, args: bytes) -> None:
        data = args[2:] if args[0] >= 65 else args[1:-1]
        self._own_line(Symbol("barcode", data.decode("ascii", errors="replace"), self._align))


def is_cut(command: Command) -> bool:
    return command.name in _CUTS


def read_sheets(data: bytes) -> list[tuple[Element, ...]]:
    """Each piece of paper that `data` leaves, cut or not; white ones are left out."""
    reader, sheets = Reader(), []
    for command in read_commands(data):
        reader.obey(command)
        if is_cut(command):
            blank, sheet = reader.is_blank, reader.take()
            if not blank:
                sheets.append(sheet)
    if not reader.is_blank:
        sheets.append(reader.take())
    return sheets
