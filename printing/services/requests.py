"""Print requests of programs: any content, on any printers that the asker may use."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from delivery.ground import clock
from delivery.ground.errors import Invalid
from printing.models import Printer, PrintJob, Ticket
from printing.rendering.blocks import Block, parse_blocks, refuse_unfit, render_blocks
from printing.rendering.content import Mark, MarkKind
from printing.rendering.profile import PAPER_80
from printing.rendering.raw import ContentRefused, refuse_endless
from printing.services.profiles import profile_of
from printing.services.tickets import TOO_OLD_AFTER, marks_to_json

MOST_BYTES = 200_000
MOST_JOBS = 1_000


@transaction.atomic
def request_print(
    *,
    printers: Sequence[Printer],
    content: object,
    copies: int,
    priority: int,
    not_after: datetime | None,
    by: str,
) -> list[PrintJob]:
    """One job per printer and copy; each copy after the first says so on the paper.

    Args:
        content: see `rendering.parse_blocks`. not_after: nothing is printed later; None: half an hour from now.
        by: the actor's ref.
    Raises:
        ContentRefused: the content cannot be printed. Invalid: too many jobs, or `not_after` has passed.
    """
    blocks = printable(content)
    for profile in {profile_of(printer) for printer in printers}:
        refuse_unfit(blocks, profile)
    if len(printers) * copies > MOST_JOBS:
        raise _invalid("copies", "too_many", gettext("At most %(n)s tickets in one request") % {"n": MOST_JOBS})
    now = clock.now()
    if not_after is not None and not_after <= now:
        raise _invalid("not_after", "in_the_past", gettext("This instant has passed"))
    tickets = _tickets({printer.restaurant_id for printer in printers}, content)
    return PrintJob.objects.bulk_create(
        PrintJob(
            ticket=tickets[printer.restaurant_id],
            city_id=printer.city_id,
            printer=printer,
            intent_key=f"api:{tickets[printer.restaurant_id].public_id}:{printer.pk}:{copy_no}",
            copy_no=copy_no,
            marks=marks_to_json([Mark(MarkKind.COPY, str(copy_no))] if copy_no else []),
            priority=priority,
            not_after=not_after or now + TOO_OLD_AFTER,
            requested_by=by,
        )
        for copy_no in range(copies)
        for printer in printers
    )


def printable(content: object) -> tuple[Block, ...]:
    """The blocks of content that may be printed. Raises ContentRefused."""
    _refuse_unstorable(content)
    blocks = parse_blocks(content)
    data = render_blocks(blocks, PAPER_80)
    if len(data) > MOST_BYTES:
        raise ContentRefused("too_large", "content", f"at most {MOST_BYTES} bytes at the printer")
    refuse_endless(data)
    return blocks


def _tickets(restaurant_ids: Iterable[int | None], content: object) -> dict[int | None, Ticket]:
    """One ticket per restaurant, so that none of them can be led from one tenant to another."""
    purpose = Ticket.Purpose.API
    tickets = [Ticket(restaurant_id=pk, purpose=purpose, content={"content": content}) for pk in restaurant_ids]
    return {ticket.restaurant_id: ticket for ticket in Ticket.objects.bulk_create(tickets)}


def _refuse_unstorable(value: object) -> None:
    """PostgreSQL holds neither NUL nor half a surrogate pair."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ContentRefused("invalid", "content", "NUL, or no Unicode text")
    elif isinstance(value, list):
        for part in value:
            _refuse_unstorable(part)
    elif isinstance(value, dict):
        for part in [*value, *value.values()]:
            _refuse_unstorable(part)


def _invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid(fields={field: [{"code": code, "message": message}]})
