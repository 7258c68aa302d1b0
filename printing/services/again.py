"""A ticket printed once more because a person wants it on paper: a copy, and it says so."""

from django.db import transaction
from django.db.models import Max

from delivery.ground import clock
from printing.errors import NoPrinter
from printing.models import WAITING, Printer, PrintJob, Ticket
from printing.rendering.content import Mark, MarkKind
from printing.services.tickets import PAPER_WITHIN, TOO_OLD_AFTER, URGENT, marks_to_json


@transaction.atomic
def print_again(*, order_id: int, by: str) -> list[PrintJob]:
    """Queue a marked copy of each kitchen ticket of the order, before all others, at the printer it was meant for.

    What waits and was never sent is not copied: it is tried at once, and comes out once.
    Raises:
        NoPrinter: no ticket of the order was ever meant for a printer.
    """
    mine = PrintJob.objects.filter(ticket__order_id=order_id, ticket__purpose=Ticket.Purpose.KITCHEN)
    newest = mine.order_by("ticket", "-pk").distinct("ticket")
    jobs = list(PrintJob.objects.filter(pk__in=newest.values("pk")).select_related("ticket").order_by("pk"))
    if not jobs:
        raise NoPrinter()
    waiting = [job for job in jobs if job.state in WAITING]
    PrintJob.objects.filter(pk__in=[job.pk for job in waiting]).update(not_before=None)
    Printer.objects.filter(pk__in=[job.printer_id for job in waiting]).update(rest_until=None)
    is_over = {*PrintJob.State} - {*WAITING, PrintJob.State.SENDING}
    return PrintJob.objects.bulk_create(_copy(job, by) for job in jobs if job.state in is_over)


def _copy(job: PrintJob, by: str) -> PrintJob:
    highest = PrintJob.objects.filter(ticket=job.ticket).aggregate(no=Max("copy_no"))["no"]
    copy_no, now = (highest or 0) + 1, clock.now()
    return PrintJob(
        ticket=job.ticket,
        city_id=job.city_id,
        printer_id=job.printer_id,
        intent_key=f"{job.ticket.public_id}:by_hand:{copy_no}",
        copy_no=copy_no,
        marks=marks_to_json([Mark(MarkKind.COPY, str(copy_no))]),
        priority=URGENT,
        paper_by=now + PAPER_WITHIN,
        not_after=now + TOO_OLD_AFTER,
        requested_by=by,
    )
