"""The layout of a kitchen ticket, top to bottom. No prices: they are nobody's business at the stove.

Whatever a customer typed stands behind a label, a sign, a bar or an indent, never at the left edge: the marks
of a copy stand there, and only there.
"""

from datetime import datetime

from printing.rendering.content import Footer, Item, Language, Mark, MarkKind, Modifier, TicketContent
from printing.rendering.paper import BOLD, PLAIN, Paper, Style
from printing.rendering.profile import Profile
from printing.rendering.words import FULFILMENTS, WORDS, say_mark

_BAND = Style(width=2, height=2, bold=True, inverse=True)
_NUMBER = Style(width=3, height=3, bold=True)
_DOUBLE = Style(width=2, height=2, bold=True)
_TALL = Style(height=2, bold=True)
_LOUD = Style(height=2, bold=True, inverse=True)
_INVERSE = Style(bold=True, inverse=True)


def render_ticket(content: TicketContent, profile: Profile) -> bytes:
    """The whole ticket for one printer, cut included; it follows the ESC @ of the driver."""
    paper = Paper(profile)
    if any(mark.kind is MarkKind.POSSIBLE_DUPLICATE for mark in content.marks):
        # Half of the attempt in doubt may hang from the printer: it must not become the head of this ticket.
        paper.cut()
    _head(paper, content)
    _people(paper, content)
    for allergy in content.allergies:
        paper.text(allergy, _LOUD, first=f"{WORDS['allergy'][content.language]}: ", rest="  ")
    for course in content.courses:
        paper.rule(course.name)
        for item in course.items:
            _item(paper, item, content.language)
    if content.note:
        paper.text(WORDS["note"][content.language], BOLD)
        paper.boxed(content.note)
    _elsewhere(paper, content)
    if content.footer is not None:
        _footer(paper, content.footer, content.language)
    paper.beep(4 if _has_allergy(content) else 2)
    paper.cut()
    return paper.bytes()


def print_marks(paper: Paper, marks: tuple[Mark, ...], language: Language) -> None:
    """One inverse band per mark, double width where the capitals fit in one line."""
    for mark in marks:
        said = say_mark(mark, language)
        fits = len(mark.kind) <= paper.columns(_BAND)
        style = _BAND if fits else _LOUD
        if not paper.prints_as_text(said):
            # The capitals stay text even where the detail becomes a drawing.
            paper.text(mark.kind, style)
        paper.text(said, style, rest="  ")


def _head(paper: Paper, content: TicketContent) -> None:
    share = f"{content.station_index}/{content.station_total}" if content.station_total > 1 else ""
    paper.ends(content.station.upper(), share, _BAND)
    paper.text(content.number, _NUMBER, first=" ", rest=" ")
    print_marks(paper, content.marks, content.language)


def _people(paper: Paper, content: TicketContent) -> None:
    language = content.language
    paper.text(f"{WORDS['placed'][language]} {_clock(content.placed_at)}")
    paper.text(f"{WORDS['pickup'][language]} {_clock(content.pickup_at)}", _DOUBLE)
    paper.text(FULFILMENTS[content.fulfilment][language], BOLD)
    for label, name in (("customer", content.customer), ("deliverer", content.deliverer)):
        if name:
            paper.text(name, BOLD, first=f"{WORDS[label][language]}: ", rest="  ")


def _item(paper: Paper, item: Item, language: Language) -> None:
    quantity = f"{item.quantity}x "
    indent = " " * len(quantity)
    if paper.prints_as_text(item.name):
        paper.text(item.name, _TALL, first=quantity, rest=indent)
    else:
        # The number must be readable even where the name is a drawing that failed.
        paper.text(quantity.strip(), _TALL)
        paper.text(item.name, _TALL, first=indent, rest=indent)
    for modifier in item.modifiers:
        paper.text(modifier.text, PLAIN, first=_sign(modifier, language), rest="     ")
    if item.note:
        paper.text(item.note, BOLD, first="   > ", rest="     ")
    if item.allergy:
        paper.text(item.allergy, _INVERSE, first=f"   {WORDS['allergy'][language]}: ", rest="     ")


def _sign(modifier: Modifier, language: Language) -> str:
    if modifier.sign == "-":
        return f"   - {WORDS['no'][language]} "
    return f"   + {modifier.quantity}x " if modifier.quantity > 1 else "   + "


def _elsewhere(paper: Paper, content: TicketContent) -> None:
    for also in content.also:
        word = WORDS["item" if also.items == 1 else "items"][content.language]
        paper.text(f"{also.station} {also.items} {word}", first=f"{WORDS['also'][content.language]}: ", rest="  ")
    if content.qr_url:
        paper.qr(content.qr_url)


def _footer(paper: Paper, footer: Footer, language: Language) -> None:
    paper.rule()
    paper.text(f"{WORDS['job'][language]} {footer.job_id}", rest="  ")
    attempt = f"{WORDS['attempt'][language]} {footer.attempt}"
    paper.text(f"{attempt} {footer.at:%d/%m %H:%M:%S} {footer.printer}", rest="  ")


def _has_allergy(content: TicketContent) -> bool:
    return bool(content.allergies) or any(item.allergy for course in content.courses for item in course.items)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
