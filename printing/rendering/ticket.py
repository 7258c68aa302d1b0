"""The layout of a kitchen ticket, top to bottom. No prices: they are nobody's business at the stove.

Whatever a customer typed stands behind a label, a sign, a bar or an indent, never at the left edge: the marks
of a copy stand there, and only there.
"""

from collections.abc import Callable
from datetime import datetime

from printing.rendering.content import Footer, Item, Language, Mark, MarkKind, Modifier, TicketContent
from printing.rendering.layout import USUAL, Block, Layout
from printing.rendering.paper import BOLD, PLAIN, Paper, Style
from printing.rendering.profile import Profile
from printing.rendering.words import FULFILMENTS, WORDS, say_mark

_BAND = Style(width=2, height=2, bold=True, inverse=True)
_LOUD = Style(height=2, bold=True, inverse=True)
_INVERSE = Style(bold=True, inverse=True)


def render_ticket(content: TicketContent, profile: Profile, layout: Layout = USUAL) -> bytes:
    """The whole ticket for one printer, cut included; it follows the ESC @ of the driver."""
    paper = Paper(profile)
    if any(mark.kind is MarkKind.POSSIBLE_DUPLICATE for mark in content.marks):
        # Half of the attempt in doubt may hang from the printer: it must not become the head of this ticket.
        paper.cut()
    for block in layout:
        _PRINTED[block.name](paper, content, block)
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


def _station(paper: Paper, content: TicketContent, block: Block) -> None:
    share = f"{content.station_index}/{content.station_total}" if content.station_total > 1 else ""
    paper.ends(content.station.upper(), share, _BAND)


def _number(paper: Paper, content: TicketContent, block: Block) -> None:
    paper.text(content.number, Style(width=block.size, height=block.size, bold=True), first=" ", rest=" ")


def _pickup(paper: Paper, content: TicketContent, block: Block) -> None:
    style = Style(width=block.size, height=block.size, bold=True)
    paper.text(f"{WORDS['pickup'][content.language]} {_clock(content.pickup_at)}", style)


def _placed(paper: Paper, content: TicketContent, block: Block) -> None:
    paper.text(f"{WORDS['placed'][content.language]} {_clock(content.placed_at)}")


def _fulfilment(paper: Paper, content: TicketContent, block: Block) -> None:
    paper.text(FULFILMENTS[content.fulfilment][content.language], BOLD)


def _customer(paper: Paper, content: TicketContent, block: Block) -> None:
    if content.customer:
        paper.text(content.customer, BOLD, first=f"{WORDS['customer'][content.language]}: ", rest="  ")


def _courier(paper: Paper, content: TicketContent, block: Block) -> None:
    if content.deliverer:
        paper.text(content.deliverer, BOLD, first=f"{WORDS['deliverer'][content.language]}: ", rest="  ")


def _allergies(paper: Paper, content: TicketContent, block: Block) -> None:
    for allergy in content.allergies:
        paper.text(allergy, _LOUD, first=f"{WORDS['allergy'][content.language]}: ", rest="  ")


def _items(paper: Paper, content: TicketContent, block: Block) -> None:
    style = Style(width=block.size, height=max(2, block.size), bold=True)
    for course in content.courses:
        paper.rule(course.name)
        for item in course.items:
            _item(paper, item, content.language, style)


def _note(paper: Paper, content: TicketContent, block: Block) -> None:
    if content.note:
        paper.text(WORDS["note"][content.language], BOLD)
        paper.boxed(content.note)


def _item(paper: Paper, item: Item, language: Language, style: Style) -> None:
    quantity = f"{item.quantity}x "
    indent = " " * len(quantity)
    if paper.prints_as_text(item.name):
        paper.text(item.name, style, first=quantity, rest=indent)
    else:
        # The number must be readable even where the name is a drawing that failed.
        paper.text(quantity.strip(), style)
        paper.text(item.name, style, first=indent, rest=indent)
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


def _also(paper: Paper, content: TicketContent, block: Block) -> None:
    for also in content.also:
        word = WORDS["item" if also.items == 1 else "items"][content.language]
        paper.text(f"{also.station} {also.items} {word}", first=f"{WORDS['also'][content.language]}: ", rest="  ")


def _qr(paper: Paper, content: TicketContent, block: Block) -> None:
    if content.qr_url:
        paper.qr(content.qr_url)


def _words(paper: Paper, content: TicketContent, block: Block) -> None:
    """Words of the restaurant, never at the left edge."""
    style = Style(width=block.size, height=block.size, bold=block.bold)
    free = paper.columns(style) - len(block.text)
    paper.text(block.text, style, first=" " * max(1, free // 2 if block.centre else 1), rest=" ")


def _job(paper: Paper, content: TicketContent, block: Block) -> None:
    if content.footer is not None:
        _footer(paper, content.footer, content.language)


def _footer(paper: Paper, footer: Footer, language: Language) -> None:
    paper.rule()
    paper.text(f"{WORDS['job'][language]} {footer.job_id}", rest="  ")
    attempt = f"{WORDS['attempt'][language]} {footer.attempt}"
    paper.text(f"{attempt} {footer.at:%d/%m %H:%M:%S} {footer.printer}", rest="  ")


def _has_allergy(content: TicketContent) -> bool:
    return bool(content.allergies) or any(item.allergy for course in content.courses for item in course.items)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


_PRINTED: dict[str, Callable[[Paper, TicketContent, Block], None]] = {
    "station": _station,
    "number": _number,
    "marks": lambda paper, content, block: print_marks(paper, content.marks, content.language),
    "placed": _placed,
    "pickup": _pickup,
    "fulfilment": _fulfilment,
    "customer": _customer,
    "courier": _courier,
    "allergies": _allergies,
    "items": _items,
    "note": _note,
    "also": _also,
    "qr": _qr,
    "job": _job,
    "line": lambda paper, content, block: paper.rule(),
    "space": lambda paper, content, block: paper.text(""),
    "text": _words,
}
