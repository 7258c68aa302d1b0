"""Words for tests about printers that ask: one simulated Star printer in a kitchen, and the door it knocks at."""

from collections.abc import Iterable

from django.test import Client

from printing.models import Printer, PrintJob
from printing.services.doubt import put_in_order
from printing.services.polling import issue_secret
from printing.services.printers import register_printer
from printing.simulator.cloudprnt import CloudPrinter
from printing.simulator.sdp import DirectPrinter
from tests import world
from tests.db.printing.kitchen import Kitchen, time_passes


def knock(method: str, url: str, body: bytes) -> tuple[int, bytes]:
    """A request as a printer makes it: no cookie, no origin, nothing but its body."""
    form = "application/x-www-form-urlencoded" if body.startswith(b"ConnectionType") else "application/json"
    answer = Client(enforce_csrf_checks=True).generic(method, url, body, content_type=form)
    return answer.status_code, answer.content


class CloudKitchen(Kitchen):
    """A pizzeria whose oven prints on one Star printer; `star` is the printer, `url` where it asks."""

    def __init__(self, faults: Iterable[str] = (), takes: Iterable[str] = ("text/plain",)) -> None:
        super().__init__(world.pizzeria(), {})
        self.printer = register_printer(
            restaurant=self.shop, uid="star", name="Star", transport=Printer.Transport.CLOUDPRNT, stations=["oven"]
        )
        self.url = f"/printers/cloudprnt/{issue_secret(printer=self.printer)}/poll"
        self.star = CloudPrinter(knock, self.url, faults=faults, takes=takes)

    def turns(self, count: int, *, each_s: float = 11) -> None:
        """So many poll intervals, with a worker's look at the printer before each."""
        for _ in range(count):
            time_passes(each_s)
            put_in_order(printer_id=self.printer.pk)
            self.star.turn()

    def marks(self) -> list[tuple[str, ...]]:
        return [ticket.marks for ticket in self.star.tickets]

    def newest(self) -> PrintJob:
        return PrintJob.objects.select_related("printer").latest("pk")


class EpsonKitchen(Kitchen):
    """The same with one Epson printer that asks over Server Direct Print."""

    def __init__(self, faults: Iterable[str] = ()) -> None:
        super().__init__(world.pizzeria(), {})
        self.printer = register_printer(
            restaurant=self.shop,
            uid="epson",
            name="Epson",
            transport=Printer.Transport.SDP,
            stations=["oven"],
            labels={"spooler": "on"} if "spooler" in faults else {},
        )
        self.url = f"/printers/sdp/{issue_secret(printer=self.printer)}/"
        self.epson = DirectPrinter(knock, self.url, faults=faults)

    def turns(self, count: int, *, each_s: float = 11) -> None:
        for _ in range(count):
            time_passes(each_s)
            put_in_order(printer_id=self.printer.pk)
            self.epson.turn()

    def marks(self) -> list[tuple[str, ...]]:
        return [ticket.marks for ticket in self.epson.tickets]
