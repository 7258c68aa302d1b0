"""A picture of the paper, dot by dot, from the very bytes of a ticket. Pure.

Letters stand in the cells of the printer's fonts (12 x 24 and 9 x 17 dots), enlarged dot by dot as a print head does.
"""

import io
from collections.abc import Sequence
from functools import lru_cache

import qrcode
from barcode import get_barcode_class
from barcode.errors import BarcodeError
from PIL import Image, ImageChops, ImageDraw

from printing.rendering import fonts
from printing.rendering.reading import Dots, Element, Row, Run, Symbol, read_sheets

_CELL, _SMALL_CELL = (12, 24), (9, 17)
_LINE_SPACE = 6
_MARGIN = 24
_MOST_ROWS = 20_000
_LEVELS = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "H": qrcode.constants.ERROR_CORRECT_H,
}
_BARCODE_MODULE, _BARCODE_HEIGHT = 2, 80
_BLACK, _WHITE = 0, 1


def draw_ticket(data: bytes, dots: int) -> Image.Image:
    """All pieces of paper below each other, a dashed line at each cut, at most 20,000 rows of them."""
    pieces = [draw_sheet(sheet, dots) for sheet in read_sheets(data)]
    height = sum(piece.height for piece in pieces) + _MARGIN * (len(pieces) + 1)
    picture = Image.new("1", (dots + 2 * _MARGIN, min(height, _MOST_ROWS)), _WHITE)
    pen, top = ImageDraw.Draw(picture), _MARGIN
    for index, piece in enumerate(pieces):
        if index:
            for x in range(0, picture.width, 16):
                pen.line((x, top - _MARGIN // 2, x + 8, top - _MARGIN // 2), fill=_BLACK)
        picture.paste(piece, (_MARGIN, top))
        top += piece.height + _MARGIN
    return picture


def png_of(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def draw_sheet(sheet: Sequence[Element], dots: int) -> Image.Image:
    drawn: list[tuple[Image.Image, str]] = []
    height = 0
    for element in sheet:
        image = draw_element(element)
        drawn.append((image, element.align))
        height += image.height
        if height > _MOST_ROWS:
            break
    canvas, top = Image.new("1", (dots, min(height, _MOST_ROWS)), _WHITE), 0
    for image, align in drawn:
        free = max(0, dots - image.width)
        canvas.paste(image, ({"left": 0, "middle": free // 2, "right": free}[align], top))
        top += image.height
    return canvas


def draw_element(element: Element) -> Image.Image:
    """One line, image or code as the print head puts it down."""
    match element:
        case Row():
            return _draw_row(element)
        case Dots():
            return _draw_dots(element)
        case Symbol(kind="qr"):
            return _draw_qr(element)
        case Symbol():
            return _draw_barcode(element)


def _draw_row(row: Row) -> Image.Image:
    parts = [_draw_run(part) if isinstance(part, Run) else _draw_dots(part) for part in row.parts]
    tallest = max((part.height for part in parts), default=_CELL[1])
    width = sum(part.width for part in parts)
    line = Image.new("1", (max(1, width), tallest + _LINE_SPACE), _WHITE)
    left = 0
    for part in parts:
        line.paste(part, (left, tallest - part.height))
        left += part.width
    return line


def _draw_run(run: Run) -> Image.Image:
    face = run.face
    cell = _SMALL_CELL if face.small else _CELL
    image = Image.new("1", (max(1, cell[0] * len(run.text)), cell[1]), _WHITE)
    for index, character in enumerate(run.text):
        image.paste(_glyph(character, face.bold, cell), (index * cell[0], 0))
    if face.underlined:
        ImageDraw.Draw(image).line((0, cell[1] - 1, image.width, cell[1] - 1), fill=_BLACK)
    if face.inverse:
        image = _inverted(image)
    return image.resize((image.width * face.width, image.height * face.height), Image.Resampling.NEAREST)


def _inverted(image: Image.Image) -> Image.Image:
    return ImageChops.invert(image.convert("L")).convert("1")


@lru_cache(maxsize=2048)
def _glyph(character: str, bold: bool, cell: tuple[int, int]) -> Image.Image:  # noqa: FBT001  # a key of the cache
    """One character in the middle of its cell."""
    image = Image.new("1", cell, _WHITE)
    if character.isspace():
        return image
    font = fonts.load(fonts.MONO_BOLD if bold else fonts.MONO, cell[1] * 20 // 24)
    left = (cell[0] - font.getlength(character)) / 2
    ImageDraw.Draw(image).text((left, cell[1] * 19 // 24), character, font=font, fill=_BLACK, anchor="ls")
    return image


def _draw_dots(dots: Dots) -> Image.Image:
    stride = (dots.width + 7) // 8
    rows = dots.rows[: stride * dots.height].ljust(stride * dots.height, b"\0")
    image = Image.frombytes("1", (stride * 8, dots.height), rows) if rows else Image.new("1", (1, 1), _BLACK)
    image = _inverted(image).crop((0, 0, max(1, dots.width), max(1, dots.height)))
    return image.resize((image.width * dots.across, image.height * dots.down), Image.Resampling.NEAREST)


def _draw_qr(symbol: Symbol) -> Image.Image:
    code = qrcode.QRCode(border=2, error_correction=_LEVELS[symbol.level])
    code.add_data(symbol.content)
    try:
        matrix = code.get_matrix()
    except (ValueError, qrcode.exceptions.DataOverflowError):
        return _named(symbol)
    image = Image.new("1", (len(matrix), len(matrix)), _WHITE)
    image.putdata([_BLACK if dark else _WHITE for row in matrix for dark in row])
    side = len(matrix) * symbol.module_dots
    return image.resize((side, side), Image.Resampling.NEAREST)


def _draw_barcode(symbol: Symbol) -> Image.Image:
    """Code 128 stands for every kind of bars: the same content, if not the same stripes."""
    content = symbol.content.removeprefix("{A").removeprefix("{B").removeprefix("{C")
    try:
        bars = get_barcode_class("code128")(content).build()[0]
    except (BarcodeError, ValueError, KeyError, IndexError):
        return _named(symbol)
    image = Image.new("1", (len(bars), 1), _WHITE)
    image.putdata([_BLACK if bar == "1" else _WHITE for bar in bars])
    size = (len(bars) * _BARCODE_MODULE, _BARCODE_HEIGHT)
    return image.resize(size, Image.Resampling.NEAREST)


def _named(symbol: Symbol) -> Image.Image:
    """What cannot be drawn is named."""
    return _draw_row(Row((Run(symbol.text, Row().face),)))
