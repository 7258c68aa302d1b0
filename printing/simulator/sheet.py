"""The paper inside the printer: what the commands drew on it since the last cut."""

import re
from dataclasses import dataclass
from datetime import datetime

from printing.escpos import Command
from printing.rendering.reading import Element, Reader, Row, is_cut

__all__ = ["Line", "Sheet", "Ticket", "is_cut", "prints"]

# A mark stands at the left edge of its line, in capitals, alone or with what follows it.
_MARK = re.compile(r"(COPY|POSSIBLE DUPLICATE|REROUTED|CHANGED|CANCELLED|TEST)(?![A-Za-z])")
_QUIET = frozenset(("GS ( H", "GS r", "GS I", "GS a", "DLE EOT", "ESC ACK"))


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
        self._reader = Reader()
        self._raw = bytearray()
        self._beeps = 0
        self._drawer_pulses = 0

    @property
    def blank(self) -> bool:
        """Nothing but white since the last cut."""
        return self._reader.is_blank

    @property
    def size(self) -> int:
        """Bytes of the present ticket."""
        return len(self._raw)

    def draw(self, command: Command) -> None:
        if self.blank and command.name in _QUIET:
            return
        self._raw += command.raw
        self._reader.obey(command)
        args = command.args
        match command.name:
            case "ESC B" | "ESC ( A":
                self._beeps += args[0] if command.name == "ESC B" else args[-1]
            case "ESC p":
                self._drawer_pulses += 1
            case "DLE DC4":
                self._drawer_pulses += args[0] == 1

    def cut(self, at: datetime) -> Ticket | None:
        """The piece that falls off, or None when it is white."""
        blank, lines = self.blank, tuple(_line(element) for element in self._reader.take())
        ticket = None if blank else self._piece(lines, at)
        self._raw.clear()
        self._beeps = self._drawer_pulses = 0
        return ticket

    def _piece(self, lines: tuple[Line, ...], at: datetime) -> Ticket:
        found = [match.group(1) for line in lines if (match := _MARK.match(line.text))]
        return Ticket(
            lines=lines,
            raw=bytes(self._raw),
            cut_at=at,
            marks=tuple(dict.fromkeys(found)),
            beeps=self._beeps,
            drawer_pulses=self._drawer_pulses,
        )


def _line(element: Element) -> Line:
    if not isinstance(element, Row):
        return Line(element.text)
    face = element.face
    return Line(element.text, face.width, face.height, face.bold, face.inverse)


def prints(command: Command) -> bool:
    """Whether the command begins a ticket."""
    return command.name in ("text", "GS v 0", "ESC *", "GS ( k", "GS k", "GS ( L", "GS 8 L")
