"""The paper as text and as HTML, from the very bytes of a ticket. Pure; every word in it is escaped.

The classes of the HTML are those of `static/roll.css`: sizes are `w1` to `w8` and `h1` to `h8`.
"""

import base64
import html
from itertools import chain

from printing.rendering.picture import draw_element, png_of
from printing.rendering.reading import Dots, Element, Face, Row, Run, Symbol, read_sheets

_MOST_LINES = 2_000
_CUT = "- " * 24


def text_of(data: bytes) -> str:
    """Line by line as the simulated printer logs it; images and codes are named in brackets."""
    sheets = ["\n".join(element.text.rstrip() for element in sheet).rstrip("\n") for sheet in read_sheets(data)]
    lines = f"\n{_CUT.strip()}\n".join(sheets).split("\n")
    return "\n".join(lines[:_MOST_LINES]) + "\n"


def html_of(data: bytes, *, columns: int) -> str:
    """`<div class="roll">` per piece, to be put into a page as it is; images and codes are data: URLs."""
    size = "roll--narrow" if columns < 40 else "roll--wide"
    sheets = ("".join(_element(element) for element in sheet[:_MOST_LINES]) for sheet in read_sheets(data))
    return "".join(f'<div class="roll {size}">{sheet}</div>' for sheet in sheets)


def _element(element: Element) -> str:
    if isinstance(element, Row):
        # A white line has a height too.
        parts = "".join(_part(part) for part in element.parts) or "&#160;"
        return f'<div class="roll__row roll__row--{element.align}">{parts}</div>'
    return f'<div class="roll__row roll__row--{element.align}">{_picture(element)}</div>'


def _part(part: Run | Dots) -> str:
    return _picture(part) if isinstance(part, Dots) else _run(part)


def _run(run: Run) -> str:
    text = html.escape("".join(character if character.isprintable() else " " for character in run.text))
    return f'<span class="{" ".join(_classes(run.face))}">{text}</span>'


def _classes(face: Face) -> list[str]:
    said = {"bold": face.bold, "inverse": face.inverse, "underlined": face.underlined, "small": face.small}
    return list(chain([f"w{face.width}", f"h{face.height}"], (name for name, holds in said.items() if holds)))


def _picture(element: Dots | Symbol) -> str:
    image = draw_element(element)
    source = base64.b64encode(png_of(image)).decode("ascii")
    words = html.escape(element.text, quote=True)
    return f'<img alt="{words}" width="{image.width}" height="{image.height}" src="data:image/png;base64,{source}">'
