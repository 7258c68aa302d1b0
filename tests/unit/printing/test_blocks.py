"""Content of programs: what is printed, and what is refused with the place of the fault."""

import base64
import io

import pytest
from PIL import Image

from printing.rendering.blocks import parse_blocks, refuse_unfit, render_blocks
from printing.rendering.content import Mark, MarkKind
from printing.rendering.profile import PAPER_58, PAPER_80
from printing.rendering.raw import ContentRefused, refuse_endless
from tests.unit.printing.paper import pieces


def written(content: object, marks: tuple[Mark, ...] = ()) -> list[str]:
    return [piece.text.rstrip("\n") for piece in pieces(render_blocks(parse_blocks(content), PAPER_80, marks=marks))]


def escpos(data: bytes) -> dict[str, str]:
    return {"escpos": base64.b64encode(data).decode()}


def png(width: int, height: int) -> str:
    file = io.BytesIO()
    Image.new("L", (width, height), 0).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def refusal(content: object) -> tuple[str, str]:
    with pytest.raises(ContentRefused) as refused:
        parse_blocks(content)
    ((field, (problem,)),) = refused.value.fields.items()
    return field, problem["code"]


def test_a_string_is_printed_line_by_line() -> None:
    assert written("Fermé lundi\n\nMerci") == ["Fermé lundi\n\nMerci"]


def test_typed_blocks_in_their_order() -> None:
    content = [
        {"type": "title", "text": "Bonjour"},
        {"type": "line"},
        {"type": "qr", "text": "https://passeplat.example"},
        {"type": "image", "image": png(1152, 100)},
        {"type": "cut"},
        {"type": "text", "text": "second"},
    ]
    first = "\n".join(["Bonjour", "-" * 48, "[qr https://passeplat.example]", "", "[image 576x50]"])
    assert written(content) == [first, "second"]


def test_copies_are_marked() -> None:
    (piece,) = pieces(render_blocks(parse_blocks("hello"), PAPER_80, marks=(Mark(MarkKind.COPY, "2"),)))
    assert piece.marks == ("COPY",)
    assert piece.text.rstrip("\n").split("\n") == ["COPY 2".ljust(24), "hello"]


@pytest.mark.parametrize("end", [b"", b"\x1dV\x00", b"\x1dV\x41\x03", b"\x1dV\x01\x1b@"])
def test_own_escpos_passes_and_is_cut_once(end: bytes) -> None:
    data = b"\x1b@\x1bt\x10Caf\xe9\n" + end
    assert written(escpos(data)) == ["Café"]
    assert render_blocks(parse_blocks(escpos(data)), PAPER_80).count(b"\x1dV") == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\x1bp\x00\x19\xfa",  # drawer
        b"\x10\x14\x01\x00\x01",  # drawer in real time
        b"\x10\x14\x02\x01\x08",  # power off
        b"\x1b=\x02",  # switch the printer off the line
        b"\x1d(E\x03\x00\x01IN",  # settings
        b"\x1d(H\x06\x0000ABCD",  # a forged confirmation
        b"\x1da\x00",  # silence about its state
        b"\x1cp\x01\x00",  # stored images
        b"\x1bZ",  # unknown
        b"\x1dv0\x00\x01\x00\x05\x00\x10\x14\x01\x00\x01",  # drawer in real time, inside an image
    ],
)
def test_own_escpos_may_only_touch_paper(data: bytes) -> None:
    assert refusal(escpos(b"ok\n" + data)) == ("content.escpos", "forbidden_command")


def test_a_command_without_its_end_would_eat_what_follows() -> None:
    assert refusal(escpos(b"ok\n\x1dv0\x00\x48\x00\x80\x00\x00")) == ("content.escpos", "truncated_command")


@pytest.mark.parametrize(
    ("content", "where", "code"),
    [
        (7, "content", "invalid"),
        ({"escpos": "not base64!"}, "content.escpos", "invalid"),
        (["text"], "content.0", "invalid"),
        ([{"type": "line"}, {"type": "video"}], "content.1.type", "unknown_block"),
        ([{"type": "text"}], "content.0.text", "invalid"),
        ([{"type": "qr", "text": ""}], "content.0.text", "invalid"),
        ([{"type": "image", "image": base64.b64encode(b"GIF89a").decode()}], "content.0.image", "invalid"),
        ([{"type": "image", "image": png(4000, 4000)}], "content.0.image", "too_large"),
    ],
)
def test_refused_content_names_its_place(content: object, where: str, code: str) -> None:
    assert refusal(content) == (where, code)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x1bp\x00\x19\xfa", "forbidden_command"),  # drawer
        (b"\x10\x14\x01\x00\x05", "forbidden_command"),  # drawer at once
        (b"\x10\x04\x01", "forbidden_command"),  # status
        (b"\x1da\xff", "forbidden_command"),  # automatic status
        (b"\x1d(H\x06\x0000abcd", "forbidden_command"),  # our confirmation
        (b"\x1d(A\x02\x00\x00\x02", "forbidden_command"),  # test print
        (b"\x1d(E\x03\x00\x01IN", "forbidden_command"),  # memory of the printer
        (b"\x1b(A\x04\x00\x62\x01\x01\x01", "forbidden_command"),  # rings for ever when offline
        (b"\x1b=\x02", "forbidden_command"),  # deaf
        (b"\x1fUS", "forbidden_command"),
        (b"\x1bB\x09\x09" * 11, "too_loud"),
        (b"abc\x1dv0\x00\x48\x00\x01\x00", "truncated_command"),
    ],
)
def test_escpos_of_callers_touches_nothing_but_paper(data: bytes, code: str) -> None:
    with pytest.raises(ContentRefused) as refusal:
        parse_blocks(escpos(data))
    assert refusal.value.fields["content.escpos"][0]["code"] == code


def test_an_image_wider_than_the_paper_is_refused() -> None:
    wide = b"\x1dv0\x00" + bytes([72, 0, 1, 0]) + bytes(72)
    refuse_unfit(parse_blocks(escpos(wide)), PAPER_80)
    with pytest.raises(ContentRefused, match="576 dots on 384"):
        refuse_unfit(parse_blocks(escpos(wide)), PAPER_58)


@pytest.mark.parametrize("data", [b"\n" * 900, b"x\x1bd\xff" * 4, b"x\x1dV\x01" * 21])
def test_paper_has_an_end(data: bytes) -> None:
    with pytest.raises(ContentRefused):
        refuse_endless(data)
