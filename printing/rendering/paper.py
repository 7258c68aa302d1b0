"""The paper of one printer: lines in its code page, images for the rest, and the knife."""

from dataclasses import dataclass

import qrcode
from escpos.printer import Dummy
from PIL import Image

from printing.rendering.characters import clean, encodes, prepare, wrap
from printing.rendering.profile import Buzzer, Cut, Profile
from printing.rendering.raster import draw_text, to_strips

_QR_DOTS_PER_MODULE = 6


@dataclass(frozen=True)
class Style:
    """`width` and `height` are multiples of font A, 1 to 8."""

    width: int = 1
    height: int = 1
    bold: bool = False
    inverse: bool = False


PLAIN = Style()
BOLD = Style(bold=True)


class Paper:
    """Collects the bytes of one ticket.

    They begin behind the driver's ESC @ and hold none themselves: it would switch off the automatic status.
    python-escpos builds into memory only; its own text encoder is not used, since it hops between code pages
    and writes "?" for what it does not know.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._escpos = Dummy()
        # FS . leaves the two-byte mode in which Chinese-market printers start and eat accents.
        self._raw(b"\x1c.\x1bt" + bytes([profile.codepage.number]) + b"\x1ba\x00")
        self._style: Style | None = None

    def _raw(self, data: bytes) -> None:
        self._escpos._raw(data)

    def _switch(self, style: Style) -> None:
        if style == self._style:
            return
        size = (style.width - 1) << 4 | (style.height - 1)
        self._raw(b"\x1d!" + bytes([size]) + b"\x1bE" + bytes([style.bold]) + b"\x1dB" + bytes([style.inverse]))
        self._style = style

    def columns(self, style: Style = PLAIN) -> int:
        return self.profile.columns // style.width

    def prints_as_text(self, text: str) -> bool:
        """Whether the code page holds all of `text`; if not, `text` becomes an image."""
        return encodes(prepare(text, self.profile.codepage), self.profile.codepage)

    def text(self, text: str, style: Style = PLAIN, *, first: str = "", rest: str = "") -> None:
        """Wrapped to the paper; `first` stands before the first line, `rest` before the others.

        Inverse lines fill the whole width. All three strings may come from customers.
        """
        codepage = self.profile.codepage
        prepared = prepare(text, codepage)
        if encodes(first + prepared, codepage):
            for line in wrap(prepared, self.columns(style), first=first, rest=rest):
                self._line(line, style)
            return
        image = draw_text(
            prepared,
            dots=self.profile.dots,
            height=style.height,
            inverse=style.inverse,
            first=first,
            rest=rest,
        )
        self.image(image)

    def _line(self, line: str, style: Style) -> None:
        self._switch(style)
        if style.inverse:
            line = line.ljust(self.columns(style))
        self._raw(line.encode(self.profile.codepage) + b"\n")

    def ends(self, left: str, right: str, style: Style = PLAIN) -> None:
        """`left` and `right` at both ends of one line, or below each other when they do not fit."""
        codepage = self.profile.codepage
        prepared = prepare(left, codepage)
        gap = self.columns(style) - len(prepared) - len(right) - 2
        if gap < 1 or not encodes(prepared + right, codepage):
            self.text(left, style, first=" ", rest=" ")
            self.text(right, style, first=" ", rest=" ")
            return
        self._line(f" {prepared}{' ' * gap}{right} ", style)

    def rule(self, name: str = "") -> None:
        """A line across the paper, with a name on it."""
        if not name:
            self._line("-" * self.columns(), PLAIN)
            return
        self.text(name, BOLD, first="-- ", rest="   ")

    def boxed(self, text: str) -> None:
        """Each line of `text` between two rules, behind a bar."""
        edge = "+" + "-" * (self.columns() - 1)
        self._line(edge, PLAIN)
        for line in text.splitlines():
            if clean(line):
                self.text(line, BOLD, first="| ", rest="| ")
        self._line(edge, PLAIN)

    def image(self, image: Image.Image) -> None:
        """A 1-bit image at most as wide as the paper."""
        self._switch(PLAIN)
        self._raw(to_strips(image))

    def qr(self, content: str) -> None:
        """Drawn by the printer when it can, else sent as an image."""
        content = clean(content)
        self._switch(PLAIN)
        if self.profile.native_qr:
            self._raw(b"\x1ba\x01")
            self._escpos.qr(content, native=True, size=_QR_DOTS_PER_MODULE)
            self._raw(b"\n\x1ba\x00")
            return
        code = qrcode.QRCode(border=2)
        code.add_data(content)
        matrix = code.get_matrix()
        image = Image.new("1", (len(matrix), len(matrix)), 1)
        image.putdata([0 if dark else 1 for row in matrix for dark in row])
        side = min(len(matrix) * _QR_DOTS_PER_MODULE, self.profile.dots)
        self.image(image.resize((side, side), Image.Resampling.NEAREST))

    def beep(self, times: int) -> None:
        """Rings when the printer has a bell; `times` 1 to 9."""
        count = bytes([times])
        self._raw(
            {
                Buzzer.NONE: b"",
                Buzzer.ESC_B: b"\x1bB" + count + b"\x02",
                Buzzer.ESC_PAREN_A: b"\x1b(A\x03\x00\x61\x01" + count,
                Buzzer.BEL: b"\x07" * times,
            }[self.profile.buzzer]
        )

    def raw(self, data: bytes) -> None:
        """Bytes that were judged before; the style is set anew after them."""
        self._raw(data)
        self._style = None

    def cut(self) -> None:
        """Feeds past the knife first: a cut at the head would go through the last lines."""
        self._switch(PLAIN)
        self._raw(b"\x1bd" + bytes([self.profile.feed_lines]))
        if self.profile.cut is not Cut.NONE:
            self._raw(b"\x1dV" + (b"\x00" if self.profile.cut is Cut.FULL else b"\x01"))

    def bytes(self) -> bytes:
        return bytes(self._escpos.output)
