"""The twelve tickets of docs/tickets/: `python -m tests.unit.printing.golden` draws them anew."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from printing.rendering.blocks import parse_blocks, render_blocks
from printing.rendering.content import Also, Course, Footer, Fulfilment, Item, Mark, MarkKind, Modifier
from printing.rendering.layout import parse_layout
from printing.rendering.picture import draw_ticket, png_of
from printing.rendering.profile import PAPER_58, PAPER_80, CodePage, Profile
from printing.rendering.ticket import render_ticket
from tests.unit.printing.paper import NOON, ticket

FOLDER = Path(__file__).parents[3] / "docs" / "tickets"
FOOTER = Footer("0192-7f", 1, NOON, "cuisine-1")
FULL = ticket(
    station_index=1,
    station_total=2,
    customer="Zoë",
    deliverer="Ben",
    allergies=("arachide, fruits à coque",),
    note="Sonner deux fois\nMerci",
    also=(Also("Bar", 2), Also("Froid", 1)),
    footer=FOOTER,
)
BUNDLE = (
    Course("Menus", (Item(4, "Burger", (Modifier("+", "bacon"), Modifier("-", "cornichons")), allergy="sésame"),)),
    Course("Boissons", (Item(4, "Limonade"), Item(1, "Café allongé", note="très court"))),
)
OURS = """\
text "Chez Zoë" size=2 bold centre
line
number size=4
marks
pickup size=3
allergies
items size=2
note
job
text "Merci de vérifier les sauces" centre
"""


def drawn() -> Mapping[str, tuple[bytes, Profile]]:
    """ESC/POS and paper per name of a picture."""
    kitchen = {
        "01-full-80": (FULL, PAPER_80),
        "02-full-58": (FULL, PAPER_58),
        "03-bundle-and-changes": (ticket(courses=BUNDLE, footer=FOOTER), PAPER_80),
        "04-copy": (ticket(marks=(Mark(MarkKind.COPY, "1"),), footer=FOOTER), PAPER_80),
        "05-possible-duplicate-rerouted": (
            ticket(
                marks=(Mark(MarkKind.POSSIBLE_DUPLICATE), Mark(MarkKind.REROUTED, "GRILL")),
                footer=replace(FOOTER, attempt=2),
            ),
            PAPER_80,
        ),
        "06-changed-58": (ticket(marks=(Mark(MarkKind.CHANGED, "2"),), footer=FOOTER), PAPER_58),
        "07-cancelled": (ticket(marks=(Mark(MarkKind.CANCELLED),), footer=FOOTER), PAPER_80),
        "08-arabic": (
            ticket(customer="محمد علي", note="بدون بصل من فضلك", fulfilment=Fulfilment.COLLECTION, footer=FOOTER),
            PAPER_80,
        ),
        "09-chinese-and-emoji": (
            ticket(customer="王小明", note="不要辣 🌶 谢谢 🍕", language="es", footer=FOOTER),
            PAPER_58,
        ),
        "10-handover-code-cp858": (
            ticket(qr_url="https://passeplat.example/h/0192f7?s=Zm9vYmFy", footer=FOOTER),
            replace(PAPER_80, codepage=CodePage.CP858, native_qr=False),
        ),
    }
    content = [
        {"type": "title", "text": "Exercice incendie"},
        {"type": "text", "text": "À midi, sortie par la cour.\nPoint de rassemblement : le platane."},
        {"type": "line"},
        {"type": "qr", "text": "https://example.org/plan"},
    ]
    return {
        **{name: (render_ticket(said, profile), profile) for name, (said, profile) in kitchen.items()},
        "11-own-layout": (render_ticket(FULL, PAPER_80, parse_layout(OURS)), PAPER_80),
        "12-blocks-by-api": (render_blocks(parse_blocks(content), PAPER_80), PAPER_80),
    }


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, (data, profile) in drawn().items():
        (FOLDER / f"{name}.png").write_bytes(png_of(draw_ticket(data, profile.dots)))


if __name__ == "__main__":
    write()
