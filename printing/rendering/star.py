"""What printers take that ask over CloudPRNT: the same paper as StarPRNT raster, as a PNG, or as plain text. Pure.

All are made from the ESC/POS bytes of the ticket, so every printer shows the same one. StarPRNT is sent as one raster
image per piece (`ESC GS S`): it needs no code page and no font of the printer.
Source of the commands: StarPRNT Command Specifications, "Raster image" and "Cut".
"""

import io
from collections.abc import Callable

from PIL import Image, ImageChops

from printing.escpos import read_commands
from printing.rendering.picture import draw_sheet
from printing.rendering.reading import read_sheets

STARPRNT = "application/vnd.star.starprnt"
PNG = "image/png"
TEXT = "text/plain"
_MOST_ROWS = 0xFFFF
_SHOWS = frozenset(("text", "GS v 0", "GS ( k", "GS V"))
_CUT = b"\x1bd\x03"  # feeds to the knife, then cuts and leaves one point


def starprnt(escpos: bytes, dots: int) -> bytes:
    """`ESC GS S 1 xL xH yL yH 0`, then the dots, 1 is black; a partial cut behind each piece."""
    # A marked copy begins with a cut: half of the attempt in doubt may hang from the printer.
    begins_with_cut = next((command.name for command in read_commands(escpos) if command.name in _SHOWS), "") == "GS V"
    output = bytearray(_CUT if begins_with_cut else b"")
    for picture in _pictures(escpos, dots):
        rows = ImageChops.invert(picture.convert("L")).convert("1").tobytes()
        size = (picture.width // 8).to_bytes(2, "little") + picture.height.to_bytes(2, "little")
        output += b"\x1b\x1dS\x01" + size + b"\x00" + rows + _CUT
    return bytes(output)


def png(escpos: bytes, dots: int) -> bytes:
    """One picture as wide as the paper; pieces below each other, for a PNG holds no cut."""
    pictures = _pictures(escpos, dots)
    whole = Image.new("1", (dots, max(1, sum(picture.height for picture in pictures))), 1)
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height
    file = io.BytesIO()
    whole.save(file, "PNG")
    return file.getvalue()


def text(escpos: bytes, dots: int) -> bytes:
    """The lines in UTF-8, drawn things named in brackets; for printers that take nothing else."""
    sheets = read_sheets(escpos)
    return "\n".join("\n".join(element.text for element in sheet) for sheet in sheets).encode() + b"\n"


def _pictures(escpos: bytes, dots: int) -> list[Image.Image]:
    """Each piece of paper, its width a multiple of eight, not longer than one command can say."""
    pieces = [draw_sheet(sheet, dots // 8 * 8) for sheet in read_sheets(escpos)]
    return [piece.crop((0, 0, piece.width, min(piece.height, _MOST_ROWS))) for piece in pieces]


MAKERS: dict[str, Callable[[bytes, int], bytes]] = {STARPRNT: starprnt, PNG: png, TEXT: text}
