"""What is, was or would be on paper: the bytes that pictures, pages and texts of tickets are made from."""

import zlib
from typing import cast

from printing.models import Attempt, Printer, PrintJob
from printing.rendering.blocks import refuse_unfit, render_blocks
from printing.rendering.content import Language
from printing.rendering.profile import Profile
from printing.services.profiles import profile_of
from printing.services.requests import printable
from printing.services.sending import payload_of


def bytes_of(job: PrintJob) -> bytes:
    """The ESC/POS of a job: what was sent, else what would be sent now. Needs what `payload_of` needs."""
    sent = Attempt.objects.filter(job=job, payload__isnull=False).order_by("-number").first()
    if sent is not None and sent.payload is not None:
        return zlib.decompress(bytes(sent.payload))
    return payload_of(job, attempt=max(1, job.attempts))


def preview_content(*, content: object, profile: Profile, language: str) -> bytes:
    """The ESC/POS that `content` of a print request becomes. Raises ContentRefused."""
    blocks = printable(content)
    refuse_unfit(blocks, profile)
    return render_blocks(blocks, profile, language=cast(Language, language))


def paper_of(printer: Printer) -> tuple[Profile, str]:
    """What a printer prints on, and in which language."""
    return profile_of(printer), printer.restaurant.language if printer.restaurant else "en"
