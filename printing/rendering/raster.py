"""Images for thermal paper: 1 bit per dot, GS v 0, strips of at most 128 rows."""

import unicodedata
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw

from printing.rendering import fonts

_STRIP_ROWS = 128
_LETTER_ROWS = (24, 40, 56)  # beside font A of 1, 2 and 3 times its height; taller ones would be twice as wide

# Many printers obey real-time commands even inside an image (status, recover, drawer pulse, power off).
# Each pair loses its meaning by one dot more, which nobody sees.
_REALTIME_PAIRS = ((b"\x10\x04", b"\x10\x0c"), (b"\x10\x05", b"\x10\x0d"), (b"\x10\x14", b"\x10\x1c"))


def draw_text(text: str, *, dots: int, height: int, inverse: bool, first: str, rest: str) -> Image.Image:
    """`text` wrapped into `dots` of width, `height` times the height of font A; `first` and `rest` indent."""
    size_px = _LETTER_ROWS[min(height, len(_LETTER_ROWS)) - 1]
    lines = wrap_drawn(text, dots, first, rest, lambda part: fonts.width_of(part, size_px))
    pitch = size_px + size_px // 3
    image = Image.new("1", (dots, pitch * len(lines)), 1)
    pen = ImageDraw.Draw(image)
    right_to_left = _reads_right_to_left(text)
    for row, line in enumerate(lines):
        x = dots - fonts.width_of(line, size_px) if right_to_left else 0.0
        for name, part in fonts.runs_of(line):
            font = fonts.load(name, size_px)
            # Fonts of one size sit on one line of writing.
            pen.text((x, row * pitch + size_px), part, font=font, fill=0, anchor="ls")
            x += font.getlength(part)
    return ImageChops.invert(image.convert("L")).convert("1") if inverse else image


def wrap_drawn(text: str, dots: int, first: str, rest: str, width: Callable[[str], float]) -> list[str]:
    """Lines at most `dots` wide by `width`; a word moves whole unless it is wider than a line."""
    lines: list[str] = []
    line = first
    for word in text.split(" "):
        separator = "" if line in (first, rest) else " "
        if width(line + separator + word) > dots and (separator or width(rest + word) <= dots):
            lines.append(line)
            line, separator = rest, ""
        while width(line + separator + word) > dots and len(word) > 1:
            fitting = _fitting(line, word, dots, width)
            lines.append(line + word[:fitting])
            line, word = rest, word[fitting:]
        line += separator + word
    return [*lines, line]


def _fitting(line: str, word: str, dots: int, width: Callable[[str], float]) -> int:
    """How many characters of `word` still fit behind `line`; at least one, or wrapping would never end."""
    return max(1, sum(width(line + word[:end]) <= dots for end in range(1, len(word) + 1)))


def _reads_right_to_left(text: str) -> bool:
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def to_strips(image: Image.Image) -> bytes:
    """GS v 0 commands for a 1-bit image; black prints. The width grows to whole bytes."""
    width = (image.width + 7) // 8 * 8
    canvas = Image.new("1", (width, image.height), 1)
    canvas.paste(image)
    output = bytearray()
    for top in range(0, canvas.height, _STRIP_ROWS):
        strip = canvas.crop((0, top, width, min(top + _STRIP_ROWS, canvas.height)))
        dots = ImageChops.invert(strip.convert("L")).convert("1").tobytes()
        for pair, harmless in _REALTIME_PAIRS:
            dots = dots.replace(pair, harmless)
        columns, rows = (width // 8).to_bytes(2, "little"), strip.height.to_bytes(2, "little")
        output += b"\x1dv0\x00" + columns + rows + dots
    return bytes(output)
