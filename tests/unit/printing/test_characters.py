"""Whatever people type: it is on the paper, and it commands nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printing.escpos import Command, read_commands
from printing.rendering.blocks import parse_blocks, render_blocks
from printing.rendering.characters import clean, prepare
from printing.rendering.content import Course, Footer, Item, Mark, MarkKind, Modifier
from printing.rendering.profile import PAPER_58, PAPER_80, CodePage, Profile
from printing.rendering.raster import to_strips, wrap_drawn
from printing.rendering.ticket import render_ticket
from tests.unit.printing.paper import NOON, ticket, written

CONTROLS = "".join(map(chr, (*range(0x20), 0x7F, *range(0x80, 0xA0))))
ANYTHING = st.text(max_size=60) | st.text(alphabet=CONTROLS + "\x1b\x1d\x10@pV\x04\x14a", max_size=60)
PROFILES = [PAPER_80, PAPER_58, Profile(codepage=CodePage.CP858, native_qr=False)]

# All that a ticket may say to a printer; the values are its possible parameters.
ALLOWED = {
    "FS .": rb"",
    "ESC t": rb"[\x10\x13]",
    "ESC a": rb"[\x00\x01]",
    "GS !": rb"[\x00\x01\x11\x22]",
    "ESC E": rb"[\x00\x01]",
    "GS B": rb"[\x00\x01]",
    "ESC d": rb"\x05",
    "GS V": rb"\x01",
    "GS v 0": rb"(?s:.*)",
    "GS ( k": rb"(?s:.*)",
    "LF": rb"",
    "text": rb"[^\x00-\x1f\x7f]*",
}


def commands_of(data: bytes) -> list[Command]:
    commands = list(read_commands(data))
    assert b"".join(command.raw for command in commands) == data, "a command without its end"
    return commands


def forbidden_in(data: bytes) -> list[Command]:
    return [
        command
        for command in commands_of(data)
        if command.name not in ALLOWED or not re.fullmatch(ALLOWED[command.name], command.args)
    ]


@settings(deadline=None, max_examples=150)
@given(st.lists(ANYTHING, min_size=12, max_size=12), st.sampled_from(PROFILES))
def test_no_text_becomes_a_command(texts: list[str], profile: Profile) -> None:
    item = Item(1, texts[0], (Modifier("+", texts[1]), Modifier("-", texts[2])), texts[3], texts[4])
    content = ticket(
        station=texts[5],
        number=texts[6],
        customer=texts[7],
        deliverer=texts[8],
        note=texts[9],
        allergies=(texts[10],),
        qr_url=texts[11][:20] or "x",
        courses=(Course(texts[0], (item,)),),
        marks=(Mark(MarkKind.REROUTED, texts[1]),),
        footer=Footer("1", 1, NOON, texts[2]),
    )
    data = render_ticket(content, profile)
    assert forbidden_in(data) == []
    # Real-time commands are obeyed even inside images.
    assert not re.search(rb"\x10[\x04\x05\x14]", data)


@settings(deadline=None, max_examples=100)
@given(ANYTHING, st.sampled_from(PROFILES))
def test_no_block_becomes_a_command(text: str, profile: Profile) -> None:
    blocks = parse_blocks([{"type": "text", "text": text}, {"type": "title", "text": text}])
    assert forbidden_in(render_blocks(blocks, profile)) == []


@given(st.text())
def test_cleaned_text_has_no_controls_and_no_overrides(text: str) -> None:
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", clean(text))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("sans\x1bp\x00 oignons\x10\x14\x01", "sansp oignons"),
        ("a\tb\r\nc", "a b c"),
        ("e\u0301te\u0301", "été"),
        ("12\u202f€", "12 €"),
        ("1 − 2", "1 - 2"),
        ("abc\u202edef", "abcdef"),
    ],
)
def test_characters_that_have_a_plain_form_get_it(typed: str, shown: str) -> None:
    assert prepare(typed, CodePage.CP1252) == shown


def test_what_no_font_draws_is_spelled_never_a_question_mark() -> None:
    assert prepare("\U0003ffff Pizza", CodePage.CP1252) == "[U+3FFFF] Pizza"


def test_a_line_in_another_script_is_drawn_and_its_quantity_stays_text() -> None:
    lines = written(ticket(courses=(Course("Plats", (Item(3, "Борщ український"),)),)), PAPER_80)
    assert lines[-2] == "3x"
    assert re.fullmatch(r"\[image 576x(\d+)\]", lines[-1])


def test_a_drawn_word_moves_to_the_next_line_whole() -> None:
    def width(text: str) -> float:
        return len(text)

    assert wrap_drawn("арахис, кунжут", 16, "ALLERGIE: ", "  ", width) == ["ALLERGIE: ", "  арахис, кунжут"]
    assert wrap_drawn("a абвгдежзик bc", 6, "", " ", width) == ["a", " абвгд", " ежзик", " bc"]


def test_images_come_in_strips_of_at_most_128_rows() -> None:
    note = "Пожалуйста позвоните дважды " * 20
    commands = commands_of(render_ticket(ticket(note=note), PAPER_58))
    strips = [command.args for command in commands if command.name == "GS v 0"]
    rows = [int.from_bytes(args[3:5], "little") for args in strips]
    assert len(rows) > 1
    assert max(rows) == 128
    assert {int.from_bytes(args[1:3], "little") for args in strips} == {PAPER_58.dots // 8}


def test_drawn_letters_are_black_on_white_and_inverse_the_other_way() -> None:
    def blackness(content_allergies: tuple[str, ...], note: str) -> float:
        data = render_ticket(ticket(allergies=content_allergies, note=note), PAPER_80)
        dots = b"".join(command.args[5:] for command in commands_of(data) if command.name == "GS v 0")
        return sum(byte.bit_count() for byte in dots) / (8 * len(dots))

    assert 0 < blackness((), "арахис") < 0.2
    assert 0.8 < blackness(("арахис",), "") < 1


@pytest.mark.parametrize("pair", [b"\x10\x04", b"\x10\x05", b"\x10\x14"])
def test_an_image_holds_no_real_time_command(pair: bytes) -> None:
    black_on_white = bytes(byte ^ 0xFF for byte in pair * 4)
    strips = to_strips(Image.frombytes("1", (64, 1), black_on_white))
    assert pair not in strips
    changed = sum((a ^ b).bit_count() for a, b in zip(strips[8:], pair * 4, strict=True))
    assert changed == 4, "one dot for each"


def test_a_printer_without_qr_gets_an_image() -> None:
    profile = Profile(native_qr=False)
    assert re.fullmatch(r"\[image \d+x\d+\]", written(ticket(qr_url="https://passeplat.example/h/a"), profile)[-1])
