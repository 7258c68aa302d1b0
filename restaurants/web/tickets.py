"""The kitchen tickets of an order as text: what the paper says, or would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from printing.models import Ticket
from printing.rendering.content import TicketContent
from printing.selectors import Paper
from restaurants.web.cards import Card
from restaurants.web.health import why_not
from restaurants.web.shown import Shown


@dataclass(frozen=True, slots=True)
class TicketText:
    """One station's ticket. `paper`: where it stands, when it was meant for a printer."""

    content: TicketContent
    paper: Shown | None

    @property
    def pickup(self) -> str:
        """When it is due, on the city's clock, as the ticket was made."""
        return f"{self.content.pickup_at:%H:%M}"


def tickets_of(card: Card) -> Sequence[TicketText]:
    """In the order of their stations; none before cooking starts."""
    papers = {paper.station: paper for paper in card.papers}
    tickets = Ticket.objects.filter(order=card.order, purpose=Ticket.Purpose.KITCHEN).order_by("pk")
    return [TicketText(TicketContent.from_json(ticket.content), _shown(papers, ticket)) for ticket in tickets]


def _shown(papers: Mapping[str, Paper], ticket: Ticket) -> Shown | None:
    paper = papers.get(ticket.station)
    if paper is None or paper.job is None:
        return None
    if paper.is_in_trouble:
        return Shown("tomato", "paper-out", why_not(paper))
    return Shown("basil" if paper.is_there else "ash", "printer", str(paper.job.get_state_display()))
