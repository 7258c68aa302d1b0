"""The paper, line by line, as a printer with 48 or 32 columns puts it out."""

import json

import pytest

from printing.rendering.content import Also, Course, Footer, Fulfilment, Item, Language, Mark, MarkKind, TicketContent
from printing.rendering.profile import PAPER_58, PAPER_80, CodePage, Profile
from printing.rendering.ticket import render_ticket
from tests.unit.printing.paper import NOON, pieces, printed, ticket, written

FULL = ticket(
    station_index=1,
    station_total=2,
    customer="Zoë",
    deliverer="Ben",
    allergies=("arachide",),
    note="Sonner deux fois\nMerci",
    also=(Also("Bar", 2), Also("Froid", 1)),
    qr_url="https://passeplat.example/h/abc",
    footer=Footer("0192-7f", 1, NOON, "cuisine-1"),
)


def test_80_mm_ticket_in_french() -> None:
    assert written(FULL, PAPER_80) == [
        " CHAUD              1/2 ",
        " A-042",
        "Passée 12:05",
        "RETRAIT 12:40",
        "LIVRAISON",
        "Client: Zoë",
        "Livreur: Ben",
        "ALLERGIE: arachide                              ",
        "-- Plats",
        "2x Tartiflette savoyarde au reblochon fermier",
        "   - SANS oignons",
        "1x Œufs cocotte",
        "   + 2x comté",
        "   > bien cuits",
        "Note",
        "+-----------------------------------------------",
        "| Sonner deux fois",
        "| Merci",
        "+-----------------------------------------------",
        "Aussi: Bar 2 articles",
        "Aussi: Froid 1 article",
        "[qr https://passeplat.example/h/abc]",
        "",
        "------------------------------------------------",
        "tâche 0192-7f",
        "essai 1 22/11 12:05:00 cuisine-1",
    ]


def test_58_mm_ticket_wraps_long_words_and_keeps_them_whole() -> None:
    lines = written(ticket(allergies=("fruits à coque, crustacés, anhydride sulfureux",)), PAPER_58)
    assert lines[5:11] == [
        "ALLERGIE: fruits à coque,       ",
        "  crustacés, anhydride sulfureux",
        "-- Plats",
        "2x Tartiflette savoyarde au",
        "   reblochon fermier",
        "   - SANS oignons",
    ]


def test_a_word_wider_than_the_paper_is_broken_not_cut() -> None:
    word = "Anticonstitutionnellement" * 3
    lines = written(ticket(courses=(Course("Plats", (Item(1, word),)),)), PAPER_58)
    assert "".join(line[3:] for line in lines if line.startswith(("1x ", "   "))) == word


@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_no_line_is_wider_than_the_paper(profile: Profile, language: Language) -> None:
    marks = tuple(Mark(kind, "Poissonnerie") for kind in MarkKind)
    everything = printed(ticket(language=language, marks=marks, qr_url="", allergies=("œuf " * 30,)), profile)
    assert [line for line in everything.lines if len(line.text) * line.width > profile.columns] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Placed 12:05", "PICKUP 12:40", "COLLECTION", "   - NO oignons"]),
        ("fr", ["Passée 12:05", "RETRAIT 12:40", "À EMPORTER", "   - SANS oignons"]),
        ("es", ["Pedido 12:05", "RECOGIDA 12:40", "PARA LLEVAR", "   - SIN oignons"]),
    ],
)
def test_the_paper_speaks_the_language_of_the_kitchen(language: Language, words: list[str]) -> None:
    lines = written(ticket(language=language, fulfilment=Fulfilment.COLLECTION), PAPER_80)
    assert [line for line in lines if line in words] == words


@pytest.mark.parametrize(
    ("mark", "language", "band"),
    [
        (Mark(MarkKind.COPY, "1"), "en", "COPY 1"),
        (Mark(MarkKind.COPY, "1"), "fr", "COPY 1 / COPIE 1"),
        (Mark(MarkKind.REROUTED, "Gril"), "en", "REROUTED FROM Gril"),
        (Mark(MarkKind.CHANGED, "2"), "es", "CHANGED rev 2 / MODIFICADO rev 2"),
        (Mark(MarkKind.CANCELLED), "fr", "CANCELLED / ANNULÉ"),
        (Mark(MarkKind.TEST), "es", "TEST / PRUEBA"),
        (Mark(MarkKind.POSSIBLE_DUPLICATE), "fr", "POSSIBLE DUPLICATE / DOUBLON POSSIBLE"),
    ],
)
def test_a_mark_is_said_in_english_capitals_and_in_the_language(mark: Mark, language: Language, band: str) -> None:
    for profile in (PAPER_80, PAPER_58):
        piece = printed(ticket(marks=(mark,), language=language), profile)
        assert piece.marks == (mark.kind.value,)
        bands = [line for line in piece.lines if line.inverse and line.height == 2]
        assert " ".join(" ".join(line.text for line in bands[1:]).split()) == band
        # The capitals are never split over two lines.
        assert any(line.text.startswith(mark.kind) for line in bands)


def test_a_mark_stays_text_when_its_detail_is_drawn() -> None:
    piece = printed(ticket(marks=(Mark(MarkKind.REROUTED, "Гриль"),)), PAPER_80)
    assert piece.marks == ("REROUTED",)
    assert piece.text.split("\n")[3].startswith("[image 576x")


def test_nothing_a_customer_types_looks_like_a_mark() -> None:
    content = ticket(
        customer="COPY",
        deliverer="TEST",
        station="Test",
        allergies=("CANCELLED " * 20,),
        note="COPY 1\nPOSSIBLE DUPLICATE",
        courses=(Course("TEST", (Item(1, "TEST " * 20, note="COPY " * 20, allergy="CHANGED " * 20),)),),
        also=(Also("REROUTED " * 10, 1),),
    )
    assert printed(content, PAPER_58).marks == ()


def test_a_possible_duplicate_first_cuts_off_what_hangs_from_the_printer() -> None:
    half = b"half a ticket\n"
    whole = render_ticket(ticket(marks=(Mark(MarkKind.POSSIBLE_DUPLICATE),)), PAPER_80)
    assert [piece.marks for piece in pieces(half + whole)] == [(), ("POSSIBLE DUPLICATE",)]


def test_what_must_be_seen_from_afar_is_large() -> None:
    lines = {line.text.strip(): line for line in printed(FULL, PAPER_80).lines}
    assert (lines["A-042"].width, lines["A-042"].height) == (3, 3)
    assert (lines["RETRAIT 12:40"].width, lines["RETRAIT 12:40"].height) == (2, 2)
    assert lines["ALLERGIE: arachide"].inverse
    assert lines["1x Œufs cocotte"].height == 2


def test_allergies_stand_above_the_items_and_again_at_theirs() -> None:
    courses = (Course("Plats", (Item(1, "Pad thaï", allergy="arachide"),)),)
    lines = [line.strip() for line in written(ticket(allergies=("arachide",), courses=courses), PAPER_80)]
    assert lines[5:] == ["ALLERGIE: arachide", "-- Plats", "1x Pad thaï", "ALLERGIE: arachide"]


def test_an_old_code_page_gets_plain_typography() -> None:
    profile = Profile(codepage=CodePage.CP858)
    lines = written(ticket(customer="L’Œuf à 5 € – “bio”…", courses=()), profile)
    assert lines[5] == 'Client: L\'OEuf à 5 € - "bio"...'


def test_the_bell_rings_twice_and_four_times_for_an_allergy() -> None:
    from_clone = Profile(buzzer=PAPER_80.buzzer.ESC_B)
    from_epson = Profile(buzzer=PAPER_80.buzzer.ESC_PAREN_A)
    assert printed(ticket(), from_clone).beeps == 2
    assert printed(ticket(allergies=("lait",)), from_epson).beeps == 4
    assert printed(ticket(), PAPER_80).beeps == 0


def test_no_ticket_opens_the_till() -> None:
    assert printed(FULL, PAPER_80).drawer_pulses == 0


def test_content_survives_json() -> None:
    assert TicketContent.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL
    plain = ticket(marks=(Mark(MarkKind.COPY, "3"),))
    assert TicketContent.from_json(json.loads(json.dumps(plain.to_json()))) == plain


def test_the_last_bytes_feed_and_cut_partially() -> None:
    assert render_ticket(ticket(), PAPER_80).endswith(b"\x1bd\x05\x1dV\x01")
