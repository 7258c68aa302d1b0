"""The rough world of the paper proof: kitchens full of simulated printers, and everything that can go wrong there.

All chance comes from one seed. Workers are threads that die at named points as a killed process does: whatever they
have committed stays, whatever they held is left to its lease.
"""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import local
from typing import Any
from unittest import mock

from django.db import connection
from django.db.models import Q

from delivery.orders import services as orders
from delivery.orders.models import Order
from printing.drivers import network
from printing.models import Printer, PrintJob
from printing.reactions import print_tickets
from printing.services import doubt, jobs
from printing.services.polling import issue_secret
from printing.services.printers import register_printer
from printing.services.sending import Patience, drain_printer
from printing.services.watch import watch_jobs
from printing.simulator import Simulator, Ticket, Timing
from printing.simulator.cloudprnt import CloudPrinter
from restaurants.models import Restaurant
from tests import world
from tests.db.printing.cloud import knock
from tests.db.printing.facts import facts_about
from tests.db.printing.kitchen import time_passes

QUICK = Patience(connect_s=1.0, status_s=0.15, confirm_s=0.25)
TIMING = Timing(slow_s=0.1, late_s=0.6)
SOCKET_FAULTS = ("slow", "offline", "paper_out", "cover", "silent", "late", "twice", "wrong_id", "cut_off")
CLOUD_FAULTS = (
    "paper_out",
    "halfway",
    "lost_post",
    "lost_get",
    "lost_delete",
    "late_delete",
    "twice_delete",
    "double_poll",
    "timeout",
    "busy",
)
POINTS = ("leased", "before_commit", "before_first_byte", "half_sent", "before_verdict", "after_verdict")
DEATH_RATE, FAULT_RATE = 0.15, 0.6
# Each restaurant has two printers: one per station, one that asks over HTTP, or one that covers for the other.
LAYOUTS = ((("oven", "tcp"), ("bar", "tcp")), (("oven", "tcp"), ("bar", "cloud")), (("oven", "tcp"), ("oven", "tcp")))
SHOP_SIZE = 2
HANDS = 8


class Killed(BaseException):
    """kill -9, as far as a thread can suffer it: no handler may catch it."""


class Deaths:
    """Decides for each turn of a worker whether, and where, it dies."""

    def __init__(self) -> None:
        self._turn = local()
        self.died_at: dict[str, int] = dict.fromkeys(POINTS, 0)

    def plan(self, chance: random.Random) -> None:
        self._turn.point = chance.choice(POINTS) if chance.random() < DEATH_RATE else None

    def at(self, point: str) -> bool:
        return getattr(self._turn, "point", None) == point

    def come(self, point: str) -> None:
        if self.at(point):
            self._turn.point = None
            self.died_at[point] += 1
            raise Killed(point)

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Every named point of the real code leads here first."""
        take_next, begin_sending, settle = jobs.take_next, jobs.begin_sending, jobs.settle
        say_all = network._Conversation.say_all

        def take(**arguments: Any) -> Any:
            taken = take_next(**arguments)
            if taken is not None:
                self.come("leased")
            return taken

        def begin(**arguments: Any) -> None:
            self.come("before_commit")
            begin_sending(**arguments)
            self.come("before_first_byte")

        def say(conversation: Any, data: bytes, within_s: float) -> Any:
            if self.at("half_sent"):
                conversation._connection.sendall(data[: len(data) // 2])
                self.come("half_sent")
            return say_all(conversation, data, within_s)

        def verdict(**arguments: Any) -> None:
            self.come("before_verdict")
            settle(**arguments)
            self.come("after_verdict")

        with (
            mock.patch.object(jobs, "take_next", take),
            mock.patch.object(jobs, "begin_sending", begin),
            mock.patch.object(jobs, "settle", verdict),
            mock.patch.object(network._Conversation, "say_all", say),
        ):
            yield


class RoughWorld:
    """Restaurants with printers that fail, orders that keep coming, and the paper in the end."""

    def __init__(self, *, seed: int, printers: int) -> None:
        self.chance = random.Random(seed)
        self.deaths = Deaths()
        self.sockets: dict[int, Simulator] = {}
        self.clouds: dict[int, CloudPrinter] = {}
        self.orders: dict[int, Order] = {}
        self._shops = [world.pizzeria(f"pizzeria-{number}") for number in range(printers // SHOP_SIZE)]
        self.simulators = [Simulator(timing=TIMING) for kind in self._kinds() if kind == "tcp"]

    def _kinds(self) -> list[str]:
        return [kind for number in range(len(self._shops)) for _, kind in LAYOUTS[number % len(LAYOUTS)]]

    def open(self) -> None:
        """Register every printer; the simulators listen already."""
        free = iter(self.simulators)
        for number, shop in enumerate(self._shops):
            for place, (station, kind) in enumerate(LAYOUTS[number % len(LAYOUTS)]):
                self._install(shop, f"{shop.slug}-{place}", station, next(free) if kind == "tcp" else None)

    def _install(self, shop: Restaurant, uid: str, station: str, simulator: Simulator | None) -> None:
        printer = register_printer(
            restaurant=shop,
            uid=uid,
            name=uid,
            host="127.0.0.1",
            port=simulator.port if simulator else 9100,
            transport=Printer.Transport.TCP if simulator else Printer.Transport.CLOUDPRNT,
            stations=[station],
        )
        if simulator:
            self.sockets[printer.pk] = simulator
        else:
            url = f"/printers/cloudprnt/{issue_secret(printer=printer)}/poll"
            self.clouds[printer.pk] = CloudPrinter(knock, url, mac=f"00:11:62:00:00:{len(self.clouds):02x}")

    def order(self) -> None:
        """One order somewhere, with one or two tickets."""
        shop = self.chance.choice(self._shops)
        order = world.order(shop, *self.chance.choice([["margherita"], ["regina", "cola"], ["cola"]]))
        orders.accept_order(order_id=order.pk, by="tests")
        print_tickets(facts_about(order))
        self.orders[order.pk] = order

    def break_things(self) -> None:
        """Each printer may fall ill, and one that is ill may recover."""
        for simulator in self.sockets.values():
            self._strike(simulator.clear, simulator.set_fault, SOCKET_FAULTS)
        for cloud in self.clouds.values():
            self._strike(cloud.clear, cloud.faults.add, CLOUD_FAULTS)

    def _strike(self, repair: Callable[[], None], strike: Callable[[str], None], faults: tuple[str, ...]) -> None:
        if self.chance.random() < 0.5:
            repair()
            if self.chance.random() < FAULT_RATE:
                strike(self.chance.choice(faults))

    def repair_everything(self) -> None:
        for simulator in self.sockets.values():
            simulator.clear()
        for cloud in self.clouds.values():
            cloud.clear()

    def work(self) -> None:
        """One turn of the workers at every printer, and one poll of each printer that asks."""
        seeds = {pk: self.chance.random() for pk in [*self.sockets, *self.clouds]}
        with self.deaths.everywhere(), ThreadPoolExecutor(HANDS) as hands:
            for done in [hands.submit(self._turn, pk, seed) for pk, seed in seeds.items()]:
                done.result()

    def _turn(self, printer_id: int, seed: float) -> None:
        chance = random.Random(seed)
        self.deaths.plan(chance)
        try:
            if printer_id in self.clouds:
                doubt.put_in_order(printer_id=printer_id)
                self.deaths.plan(random.Random(0))
                self.clouds[printer_id].turn()
            else:
                drain_printer(printer_id=printer_id, owner=f"worker-{seed:.6f}", patience=QUICK)
        except Killed:
            pass  # the rows say what is left to do
        finally:
            connection.close()

    def let_time_pass(self) -> None:
        time_passes(self.chance.uniform(1.5, 12))
        watch_jobs()

    def paper(self) -> dict[int, list[Ticket]]:
        """By primary key of the printer, oldest first."""
        called = {pk: list(simulator.tickets) for pk, simulator in self.sockets.items()}
        return called | {pk: list(cloud.tickets) for pk, cloud in self.clouds.items()}

    def is_at_rest(self) -> bool:
        """Nothing waits any more; what stays in doubt after its one marked copy is a person's business."""
        waiting = Q(state__in=["queued", "blocked", "sending"]) | Q(state="unconfirmed", supersedes=None)
        return not PrintJob.objects.filter(waiting).exists()
