"""Words for tests about tickets: a kitchen whose printers are simulated, a worker's turn, time that passes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import F

from delivery.orders import services as orders
from delivery.orders.models import Bearer, Order
from printing.models import Printer, PrintJob
from printing.reactions import print_tickets, take_tickets_back
from printing.services.printers import register_printer
from printing.services.sending import Patience, drain_printer
from printing.simulator import Simulator, Timing, running
from restaurants.models import Restaurant
from tests import world
from tests.db.printing.facts import facts_about

# Loopback answers at once; each of these either is answered or is meant to run out.
SHORT = Patience(connect_s=2.0, status_s=0.3, confirm_s=0.5)


# "backup" stands behind the printer of the oven.
STATIONS = {"backup": "oven"}


class Kitchen:
    """A pizzeria with one simulated printer per station named."""

    def __init__(self, shop: Restaurant, simulators: dict[str, Simulator]) -> None:
        self.shop = shop
        self.simulators = simulators
        self.printers = {
            name: register_printer(
                restaurant=shop,
                uid=f"{shop.slug}-{name}",
                name=name.title(),
                host="127.0.0.1",
                port=simulator.port,
                stations=[STATIONS.get(name, name)],
            )
            for name, simulator in simulators.items()
        }

    def cook(self, *names: str, **more: Any) -> Order:
        """An order whose tickets are queued."""
        order = world.order(self.shop, *names, **more)
        orders.accept_order(order_id=order.pk, by="tests")
        print_tickets(facts_about(order))
        order.refresh_from_db()
        return order

    def cancel(self, order: Order) -> None:
        orders.cancel_order(order_id=order.pk, by="tests", reason="other", borne_by=Bearer.PLATFORM)
        take_tickets_back(facts_about(order))

    def work(self, *names: str, owner: str = "worker", patience: Patience = SHORT) -> int:
        """One turn of a worker at the named printers, all without a name; returns how many jobs it tried."""
        printers = [self.printers[name] for name in names or self.printers]
        return sum(drain_printer(printer_id=printer.pk, owner=owner, patience=patience) for printer in printers)

    def paper(self, name: str = "oven") -> list[tuple[str, ...]]:
        """The marks of each ticket that came out, oldest first."""
        return [ticket.marks for ticket in self.simulators[name].tickets]

    def states(self, order: Order) -> list[str]:
        """The states of the order's jobs, oldest first."""
        jobs = PrintJob.objects.filter(ticket__order=order).order_by("pk")
        return list(jobs.values_list("state", flat=True))


@contextmanager
def kitchen(*names: str, faults: dict[str, list[str]] | None = None, timing: Timing | None = None) -> Iterator[Kitchen]:
    """A kitchen with printers for the named stations ("oven" without any), each with its faults."""
    wanted = names or ("oven",)
    simulators = {name: Simulator(faults=(faults or {}).get(name, []), timing=timing) for name in wanted}
    with running(*simulators.values()):
        yield Kitchen(world.pizzeria(), simulators)


def time_passes(seconds: float) -> None:
    """Everything about jobs and printers was that much longer ago."""
    by = timedelta(seconds=seconds)
    columns = ["created_at", "state_at", "not_before", "not_after", "paper_by", "lease_until"]
    PrintJob.objects.update(**{column: F(column) - by for column in columns})
    Printer.objects.update(rest_until=F("rest_until") - by, asked_at=F("asked_at") - by)
