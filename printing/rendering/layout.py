"""The layout of a restaurant's tickets, in a small language of lines without code. Pure.

One line is one block: its name, then `size=2`, `bold`, `centre` where the block takes them; `text` takes words in
quotes. `#` begins a comment. What makes a ticket trustworthy cannot be left out: REQUIRED.

    station
    number size=3
    marks
    text "Merci !" bold centre
"""

import shlex
from dataclasses import dataclass, replace

from delivery.ground.errors import Invalid

REQUIRED = ("number", "marks", "allergies", "items", "job")
REPEATED = frozenset(("line", "space", "text"))
# Which blocks take a size, with the one they have by themselves.
SIZES: dict[str, int] = {"number": 3, "pickup": 2, "items": 1, "text": 1}
MOST_LINES, MOST_WORDS = 60, 200
WORDS = (
    "station", "number", "marks", "placed", "pickup", "fulfilment", "customer", "courier", "allergies", "items",
    "note", "also", "qr", "job", "line", "space", "text",
)  # fmt: skip

USUAL_SOURCE = """\
station
number size=3
marks
placed
pickup size=2
fulfilment
customer
courier
allergies
items
note
also
qr
job
"""


class LayoutRefused(Invalid):
    """A line that means nothing, or a block that must be there; `fields` has one entry, "layout"."""

    code, title = "layout_refused", "This is no layout of a ticket"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, fields={"layout": [{"code": code, "message": message}]})


@dataclass(frozen=True)
class Block:
    """`size`: width and height of the letters; for `items` 1 is tall, 2 is twice as wide too."""

    name: str
    size: int = 1
    bold: bool = False
    centre: bool = False
    text: str = ""


Layout = tuple[Block, ...]


def parse_layout(source: str) -> Layout:
    """The blocks that `source` names. Raises LayoutRefused, which says the line."""
    if "\0" in source:
        raise LayoutRefused("invalid", "NUL is not allowed in a text")
    lines = source.splitlines()
    if len(lines) > MOST_LINES:
        raise LayoutRefused("too_long", f"at most {MOST_LINES} lines")
    blocks = tuple(block for number, line in enumerate(lines, 1) if (block := _parse_line(line, number)) is not None)
    names = [block.name for block in blocks]
    for name in REQUIRED:
        if name not in names:
            raise LayoutRefused("missing", f"a ticket needs the block {name}")
    for name in names:
        if name not in REPEATED and names.count(name) > 1:
            raise LayoutRefused("twice", f"{name} stands there twice")
    if names.index("marks") > names.index("items"):
        raise LayoutRefused("marks_late", "marks stand above the items: who cooks must see them first")
    if names.index("allergies") > names.index("items"):
        raise LayoutRefused("allergies_late", "allergies stand above the items")
    return blocks


def _parse_line(line: str, number: int) -> Block | None:
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        raise LayoutRefused("quotes", f"line {number}: a quotation mark is missing") from error
    if not words:
        return None
    name, *options = words
    if name not in WORDS:
        raise LayoutRefused("unknown", f"line {number}: {name} is none of {', '.join(WORDS)}")
    block = Block(name, size=SIZES.get(name, 1))
    if name == "text":
        if not options or not 0 < len(options[0]) <= MOST_WORDS:
            raise LayoutRefused("words", f'line {number}: text "1 to {MOST_WORDS} letters"')
        block = replace(block, text=options.pop(0))
    for option in options:
        block = _with(option, block, number)
    return block


def _with(option: str, block: Block, number: int) -> Block:
    match option.split("="):
        case ["size", ("1" | "2" | "3" | "4") as size] if block.name in SIZES:
            return replace(block, size=int(size))
        case ["bold"] if block.name == "text":
            return replace(block, bold=True)
        case ["centre"] if block.name == "text":
            return replace(block, centre=True)
        case _:
            raise LayoutRefused("option", f"line {number}: {block.name} does not take {option}")


USUAL = parse_layout(USUAL_SOURCE)
