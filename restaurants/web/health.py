"""How the printers of a restaurant are: one line each, with the age of the last ticket."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printing.models import Printer, PrintJob
from printing.selectors import Paper, printers_at
from restaurants.models import Restaurant
from restaurants.web.shown import Shown


class PrinterHealth(NamedTuple):
    printer: Printer
    shown: Shown
    last_at: datetime | None


def health_of(restaurant: Restaurant) -> Sequence[PrinterHealth]:
    """Each printer of the restaurant, how it is and when it last printed; two queries."""
    printers = printers_at(restaurant.pk)
    last = PrintJob.objects.filter(printer__in=printers, printed_at__isnull=False).values_list("printer_id")
    last_at = dict(last.annotate(at=Max("printed_at")).values_list("printer_id", "at"))
    return [PrinterHealth(printer, _health(printer), last_at.get(printer.pk)) for printer in printers]


def _health(printer: Printer) -> Shown:
    if printer.is_paused:
        return Shown("plum", "pause", _("paused"))
    words = str(printer.get_state_display())
    if printer.state == Printer.State.READY:
        return Shown("basil", "printer", words)
    if printer.state == Printer.State.UNKNOWN:
        return Shown("ash", "printer", words)
    return Shown("tomato", "paper-out", words)


WHY_NOT = {
    "expired": gettext_lazy("too old to print"),
    "unconfirmed": gettext_lazy("nobody knows if it came out"),
}


def why_not(paper: Paper) -> str:
    """What keeps a ticket from its paper, in words."""
    if paper.job is None:
        return _("no printer for %(station)s") % {"station": paper.station}
    if paper.job.state in WHY_NOT:
        return str(WHY_NOT[paper.job.state])
    printer = paper.job.printer
    if printer.is_paused:
        return _("%(printer)s is paused") % {"printer": printer.name}
    if printer.state == Printer.State.READY:
        return _("it takes too long")
    return _("%(printer)s: %(state)s") % {"printer": printer.name, "state": printer.get_state_display()}
