"""Words for tests about paper: a ticket to vary, and eyes that read bytes as the simulated printer does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from printing.escpos import read_commands
from printing.rendering.content import Course, Fulfilment, Item, Modifier, TicketContent
from printing.rendering.profile import Profile
from printing.rendering.ticket import render_ticket
from printing.simulator import Ticket
from printing.simulator.sheet import Sheet, is_cut

PARIS_IN_WINTER = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 22, 12, 5, tzinfo=PARIS_IN_WINTER)

PLAIN_TICKET = TicketContent(
    station="Chaud",
    number="A-042",
    placed_at=NOON,
    pickup_at=NOON + timedelta(minutes=35),
    fulfilment=Fulfilment.DELIVERY,
    courses=(
        Course(
            "Plats",
            (
                Item(2, "Tartiflette savoyarde au reblochon fermier", (Modifier("-", "oignons"),)),
                Item(1, "Œufs cocotte", (Modifier("+", "comté", 2),), note="bien cuits"),
            ),
        ),
    ),
    language="fr",
)


def ticket(**changes: Any) -> TicketContent:
    return replace(PLAIN_TICKET, **changes)


def pieces(data: bytes) -> list[Ticket]:
    """Every piece of paper that `data` cuts off a printer."""
    sheet = Sheet()
    fallen = []
    for command in read_commands(data):
        sheet.draw(command)
        if is_cut(command):
            fallen.append(sheet.cut(datetime(2026, 11, 22, tzinfo=UTC)))
    return [piece for piece in fallen if piece is not None]


def printed(content: TicketContent, profile: Profile) -> Ticket:
    (piece,) = pieces(render_ticket(content, profile))
    return piece


def written(content: TicketContent, profile: Profile) -> list[str]:
    """The lines of the ticket, without the white ones at its end."""
    return printed(content, profile).text.rstrip("\n").split("\n")
