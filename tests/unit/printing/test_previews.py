"""Tickets as pictures, pages and texts: made from the bytes, readable by programs that nobody here wrote."""

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from printing.rendering.blocks import parse_blocks, render_blocks
from printing.rendering.content import Mark, MarkKind
from printing.rendering.page import html_of, text_of
from printing.rendering.picture import draw_ticket, png_of
from printing.rendering.profile import PAPER_58, PAPER_80, CodePage, Profile
from printing.rendering.reading import Dots, Row, Symbol, read_sheets
from printing.rendering.ticket import render_ticket
from tests.unit.printing.paper import ticket, written

HANDOVER = "https://passeplat.example/h/0192f7?s=Zm9vYmFy"


def codes_in(data: bytes, dots: int) -> list[str]:
    with Image.open(io.BytesIO(png_of(draw_ticket(data, dots)))) as picture:
        return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58, replace(PAPER_80, native_qr=False)])
def test_a_stranger_reads_the_code_in_the_picture(profile: Profile) -> None:
    data = render_ticket(ticket(qr_url=HANDOVER), profile)
    assert codes_in(data, profile.dots) == [HANDOVER]


def test_the_picture_is_as_wide_as_the_paper_and_black_where_ink_is() -> None:
    picture = draw_ticket(render_ticket(ticket(), PAPER_58), PAPER_58.dots)
    assert (picture.mode, picture.width) == ("1", 384 + 48)
    band = picture.crop((24, 24, 24 + 384, 24 + 48)).convert("L")
    assert band.histogram()[0] > band.histogram()[255]  # the station stands inverse
    assert picture.crop((0, 0, 20, picture.height)).convert("L").getextrema() == (255, 255)


def test_two_pieces_of_paper_are_two_pieces() -> None:
    content = [{"type": "title", "text": "A"}, {"type": "cut"}, {"type": "text", "text": "B"}]
    data = render_blocks(parse_blocks(content), PAPER_80)
    assert text_of(data).splitlines()[0] == "A"
    assert html_of(data, columns=48).count('class="roll ') == len(read_sheets(data)) == 2


@pytest.mark.parametrize("codepage", list(CodePage))
def test_the_text_is_what_the_simulated_printer_reads(codepage: CodePage) -> None:
    content = ticket(note="Crème brûlée à 5 €")
    profile = replace(PAPER_80, codepage=codepage)
    assert text_of(render_ticket(content, profile)).rstrip("\n").split("\n") == [
        line.rstrip() for line in written(content, profile)
    ]


def test_nothing_that_people_typed_becomes_html() -> None:
    nasty = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=1>"
    page = html_of(render_ticket(ticket(customer=nasty, note=nasty, qr_url=HANDOVER + '"><b>'), PAPER_80), columns=48)
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("<img ") == 1  # the code
    assert "&lt;script&gt;" in page


def test_letters_that_no_code_page_has_are_drawn() -> None:
    data = render_ticket(ticket(customer="محمد", note="你好 🍕", marks=(Mark(MarkKind.COPY, "1"),)), PAPER_80)
    images = [element for sheet in read_sheets(data) for element in sheet if isinstance(element, Dots)]
    assert len(images) == 2
    assert all(any(image.rows) for image in images)
    assert "[image 576x" in text_of(data)


def test_every_way_of_saying_an_image_is_read() -> None:
    raster = b"\x1dv0\x00\x01\x00\x02\x00\x80\x01"
    columns = b"\x1b*\x00\x02\x00\xff\x01\n"
    graphics = b"\x1d(L\x0b\x000p0\x01\x011\x08\x00\x01\x00\xaa\x1d(L\x02\x0002"
    ((first, second, third),) = read_sheets(raster + columns + graphics)
    assert isinstance(first, Dots)
    assert (first.width, first.height, first.rows) == (8, 2, b"\x80\x01")
    assert isinstance(second, Row)
    assert second.text == "[image 2x8]"
    assert isinstance(third, Dots)
    assert third.rows == b"\xaa"


def test_a_barcode_is_drawn_as_stripes() -> None:
    data = b"\x1dk\x49\x08{BABC123\n"
    ((code, _),) = read_sheets(data)
    assert isinstance(code, Symbol)
    assert codes_in(data, 576) == ["ABC123"]


@pytest.mark.parametrize(
    "data", [b"", b"\x1b", b"\x1dv0\x00\xff\xff\xff\xff", b"\x1d(k\x03\x00\x31\x51\x30", b"\x1dk\x04X\x00"]
)
def test_broken_bytes_are_no_reason_to_break(data: bytes) -> None:
    assert draw_ticket(data, 576).width == 624
    assert isinstance(html_of(data, columns=48) + text_of(data), str)
