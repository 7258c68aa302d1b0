"""What Star printers take shows the very ticket: dot by dot, and its QR code can be read."""

import io

import pytest
import zxingcpp
from PIL import Image, ImageChops

from printing.rendering.content import Mark, MarkKind
from printing.rendering.profile import PAPER_58, PAPER_80, Profile
from printing.rendering.star import MAKERS, PNG, STARPRNT, TEXT
from printing.rendering.ticket import render_ticket
from tests.unit.printing.paper import ticket

URL = "https://passeplat.example/h/abcdef"


def star_pictures(data: bytes) -> list[Image.Image]:
    """Reads `ESC GS S` images and cuts as the vendor's text describes them, and refuses everything else."""
    found = []
    while data:
        if data[:2] == b"\x1bd":
            data = data[3:]
            continue
        assert data[:4] == b"\x1b\x1dS\x01"
        across, rows = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
        assert data[8] == 0
        image = Image.frombytes("1", (across * 8, rows), data[9 : 9 + across * rows])
        found.append(ImageChops.invert(image.convert("L")).convert("1"))
        data = data[9 + across * rows :]
    return found


@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58])
def test_starprnt_and_png_show_the_same_dots(profile: Profile) -> None:
    escpos = render_ticket(ticket(qr_url=URL), profile)
    (star,) = star_pictures(MAKERS[STARPRNT](escpos, profile.dots))
    with Image.open(io.BytesIO(MAKERS[PNG](escpos, profile.dots))) as png:
        assert png.size == star.size
        assert png.width == profile.dots
        assert png.convert("1").tobytes() == star.tobytes()
        assert [code.text for code in zxingcpp.read_barcodes(png.convert("L"))] == [URL]


def test_each_piece_is_cut_and_a_marked_copy_begins_with_one() -> None:
    copied = ticket(marks=(Mark(MarkKind.POSSIBLE_DUPLICATE),))
    plain, marked = (MAKERS[STARPRNT](render_ticket(content, PAPER_80), 576) for content in (ticket(), copied))
    assert plain.startswith(b"\x1b\x1dS\x01")
    assert plain.endswith(b"\x1bd\x03")
    assert marked.startswith(b"\x1bd\x03\x1b\x1dS\x01")


def test_text_holds_every_line() -> None:
    text = MAKERS[TEXT](render_ticket(ticket(), PAPER_80), 576).decode()
    assert "A-042" in text
    assert "Œufs cocotte" in text
    assert "\x1b" not in text
