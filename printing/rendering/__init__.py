"""Rendering: printer-neutral content in, the bytes of one printer out. Pure: no Django, no clock, no socket.

Owns the layout of the ticket, the vocabulary of the paper and the encoding of characters. A character of a
customer never becomes a command: controls are stripped, and what the code page lacks is drawn as an image.
Refuses prices, drawer pulses and anything that outlives the ticket in the printer.
Entries: `render_ticket(content, profile)` and `render_blocks(content, profile)`.
"""

from printing.rendering.blocks import ContentRefused, parse_blocks, render_blocks
from printing.rendering.content import (
    Also,
    Course,
    Footer,
    Fulfilment,
    Item,
    Language,
    Mark,
    MarkKind,
    Modifier,
    TicketContent,
)
from printing.rendering.profile import PAPER_58, PAPER_80, Buzzer, CodePage, Cut, Profile
from printing.rendering.ticket import render_ticket

__all__ = [
    "PAPER_58",
    "PAPER_80",
    "Also",
    "Buzzer",
    "CodePage",
    "ContentRefused",
    "Course",
    "Cut",
    "Footer",
    "Fulfilment",
    "Item",
    "Language",
    "Mark",
    "MarkKind",
    "Modifier",
    "Profile",
    "TicketContent",
    "parse_blocks",
    "render_blocks",
    "render_ticket",
]
