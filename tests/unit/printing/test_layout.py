"""Layouts of restaurants: a small language, in which nothing that makes a ticket trustworthy can be left out."""

import pytest

from printing.rendering.content import Mark, MarkKind
from printing.rendering.layout import USUAL, USUAL_SOURCE, LayoutRefused, parse_layout
from printing.rendering.profile import PAPER_58, PAPER_80
from printing.rendering.ticket import render_ticket
from tests.unit.printing.paper import pieces, ticket

SHORT = "marks\nnumber size=4\nallergies\nitems size=2\njob\n"


def lines(source: str, **changes: object) -> list[str]:
    (piece,) = pieces(render_ticket(ticket(**changes), PAPER_80, parse_layout(source)))
    return piece.text.rstrip("\n").split("\n")


def test_the_usual_layout_is_written_in_the_same_language() -> None:
    assert parse_layout(USUAL_SOURCE) == USUAL
    assert render_ticket(ticket(), PAPER_58) == render_ticket(ticket(), PAPER_58, USUAL)


def test_blocks_come_in_the_order_of_the_lines() -> None:
    source = 'text "Chez Zoë" bold centre  # our name\n' + SHORT + "line\nspace\ntext 'Merci !'\n"
    printed = lines(source, marks=(Mark(MarkKind.COPY, "1"),))
    assert printed[0].strip() == "Chez Zoë"
    assert printed[1].startswith("COPY 1")
    assert printed[2] == " A-042"
    assert printed[-1] == " Merci !"


def test_sizes_are_those_of_the_printer() -> None:
    (piece,) = pieces(render_ticket(ticket(), PAPER_80, parse_layout(SHORT)))
    number = next(line for line in piece.lines if "A-042" in line.text)
    assert (number.width, number.height) == (4, 4)
    assert any((line.width, line.height) == (2, 2) and "Tartiflette" in line.text for line in piece.lines)


def test_words_of_a_restaurant_cannot_pass_for_a_mark() -> None:
    source = SHORT + 'text "CANCELLED"\ntext "POSSIBLE DUPLICATE" size=2 bold centre\n'
    (piece,) = pieces(render_ticket(ticket(), PAPER_58, parse_layout(source)))
    assert piece.marks == ()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "missing"),
        (SHORT.replace("marks\n", ""), "missing"),
        (SHORT.replace("allergies\n", ""), "missing"),
        (SHORT.replace("job\n", ""), "missing"),
        (SHORT + "number\n", "twice"),
        ("number\nallergies\nitems\nmarks\njob", "marks_late"),
        ("number\nmarks\nitems\nallergies\njob", "allergies_late"),
        (SHORT + "price\n", "unknown"),
        (SHORT + "{% include 'x' %}\n", "unknown"),
        (SHORT + "station size=2\n", "option"),
        (SHORT + "pickup size=9\n", "option"),
        (SHORT + 'text "a" red\n', "option"),
        (SHORT + "text\n", "words"),
        (SHORT + f'text "{"x" * 201}"\n', "words"),
        (SHORT + 'text "open\n', "quotes"),
        (SHORT + "line\n" * 60, "too_long"),
    ],
)
def test_what_is_no_layout_is_refused(source: str, code: str) -> None:
    with pytest.raises(LayoutRefused) as refusal:
        parse_layout(source)
    assert refusal.value.fields["layout"][0]["code"] == code


def test_controls_in_the_words_do_nothing() -> None:
    data = render_ticket(ticket(), PAPER_80, parse_layout(SHORT + 'text "\x1bp\x01\x19\xfa\x10\x14"\n'))
    (piece,) = pieces(data)
    assert piece.drawer_pulses == 0
    assert b"\x1bp" not in data


def test_a_text_that_nobody_can_store_is_refused() -> None:
    with pytest.raises(LayoutRefused):
        parse_layout(SHORT + 'text "\0"')
