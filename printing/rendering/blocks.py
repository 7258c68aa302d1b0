"""What a program may print: a string, typed blocks, or ESC/POS of its own that touches nothing but paper."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from printing.escpos import read_commands
from printing.rendering.content import Language, Mark
from printing.rendering.paper import PLAIN, Paper, Style
from printing.rendering.profile import Profile
from printing.rendering.raw import ContentRefused, judge_escpos, widest_image
from printing.rendering.ticket import print_marks

_TITLE = Style(width=2, height=2, bold=True)
_MAX_IMAGE_DOTS = 4_000_000
_MAX_QR_CHARACTERS = 700

_PRINTING = frozenset(("text", "LF", "ESC d", "ESC J", "ESC *", "GS v 0", "GS k", "GS ( k"))


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Title:
    text: str


@dataclass(frozen=True)
class Line:
    """A rule across the paper."""


@dataclass(frozen=True)
class Qr:
    text: str


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG file, already known to open."""

    file: bytes


@dataclass(frozen=True)
class CutHere:
    """Cuts between two parts; the end is always cut."""


@dataclass(frozen=True)
class RawEscpos:
    """Bytes of the caller, already judged by `parse_blocks`."""

    data: bytes


Block = Text | Title | Line | Qr | Picture | CutHere | RawEscpos


def parse_blocks(content: object) -> tuple[Block, ...]:
    """Blocks from the `content` of `POST /api/v1/print`: a string, a list of typed blocks, or `{escpos}`.

    A block is `{"type": "text"|"title"|"qr", "text": str}`, `{"type": "image", "image": base64}`,
    `{"type": "line"}` or `{"type": "cut"}`. Raises ContentRefused.
    """
    if isinstance(content, str):
        return (Text(content),)
    if isinstance(content, Mapping) and set(content) == {"escpos"}:
        return (_parse_escpos(content["escpos"]),)
    if isinstance(content, Sequence) and not isinstance(content, bytes):
        return tuple(_parse_block(block, f"content.{index}") for index, block in enumerate(content))
    raise ContentRefused("invalid", "content", "a string, a list of blocks, or {escpos: base64}")


def _parse_block(block: object, field: str) -> Block:
    if not isinstance(block, Mapping):
        raise ContentRefused("invalid", field, "a block is an object with a type")
    kind = block.get("type")
    if kind == "line":
        return Line()
    if kind == "cut":
        return CutHere()
    if kind == "image":
        return Picture(_parse_image(block.get("image"), f"{field}.image"))
    if kind not in ("text", "title", "qr"):
        raise ContentRefused("unknown_block", f"{field}.type", "one of text, title, line, qr, image, cut")
    text = block.get("text")
    if not isinstance(text, str):
        raise ContentRefused("invalid", f"{field}.text", "a string")
    if kind == "text":
        return Text(text)
    if kind == "title":
        return Title(text)
    if not 0 < len(text) <= _MAX_QR_CHARACTERS:
        raise ContentRefused("invalid", f"{field}.text", f"1 to {_MAX_QR_CHARACTERS} characters")
    return Qr(text)


def _base64(value: object, field: str) -> bytes:
    if not isinstance(value, str):
        raise ContentRefused("invalid", field, "a base64 string")
    try:
        return base64.b64decode(value, validate=True)
    except ValueError as error:  # binascii.Error, or letters outside ASCII
        raise ContentRefused("invalid", field, "not base64") from error


def _parse_image(value: object, field: str) -> bytes:
    file = _base64(value, field)
    try:
        with Image.open(io.BytesIO(file), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MAX_IMAGE_DOTS:
                raise ContentRefused("too_large", field, f"at most {_MAX_IMAGE_DOTS} dots")
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ContentRefused("invalid", field, "not a PNG or JPEG image") from error
    return file


def _parse_escpos(value: Any) -> RawEscpos:
    data = _base64(value, "content.escpos")
    judge_escpos(data)
    return RawEscpos(data)


def refuse_unfit(blocks: Sequence[Block], profile: Profile) -> None:
    """Raises ContentRefused: images of the caller's own ESC/POS are wider than this paper."""
    for block in blocks:
        if isinstance(block, RawEscpos) and (width := widest_image(block.data)) > profile.dots:
            raise ContentRefused(
                "too_wide", "content.escpos", f"an image of {width} dots on {profile.dots} dots of paper"
            )


def render_blocks(
    blocks: Sequence[Block], profile: Profile, *, marks: tuple[Mark, ...] = (), language: Language = "en"
) -> bytes:
    """The bytes for one printer, marks first, the last cut included."""
    paper = Paper(profile)
    print_marks(paper, marks, language)
    for block in blocks:
        _print(paper, block)
    if not blocks or not _ends_with_cut(blocks[-1]):
        paper.cut()
    return paper.bytes()


def _print(paper: Paper, block: Block) -> None:
    match block:
        case Text(text) | Title(text):
            for line in text.splitlines() or [""]:
                paper.text(line, _TITLE if isinstance(block, Title) else PLAIN)
        case Line():
            paper.rule()
        case Qr(text):
            paper.qr(text)
        case Picture(file):
            paper.image(_for_paper(file, paper.profile.dots))
        case CutHere():
            paper.cut()
        case RawEscpos(data):
            paper.raw(data)


def _for_paper(file: bytes, dots: int) -> Image.Image:
    """Dithered black on white, shrunk to the width of the paper."""
    with Image.open(io.BytesIO(file)) as picture:
        seen = picture.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    ground.alpha_composite(seen)
    grey = ground.convert("L")
    if grey.width > dots:
        grey = grey.resize((dots, max(1, grey.height * dots // grey.width)))
    return grey.convert("1")


def _ends_with_cut(block: Block) -> bool:
    if isinstance(block, CutHere):
        return True
    if not isinstance(block, RawEscpos):
        return False
    acts = [command.name for command in read_commands(block.data)]
    acts = [name for name in acts if name == "GS V" or name in _PRINTING]
    return bool(acts) and acts[-1] == "GS V"
