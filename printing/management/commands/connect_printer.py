"""`manage.py connect_printer`: register a printer of any kind, and say what to type into it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from delivery import env
from delivery.devices.models import Device, Kind
from delivery.devices.services import create_pairing_code
from delivery.ground.errors import Problem
from printing.models import Printer
from printing.services.polling import issue_secret
from printing.services.printers import register_printer
from restaurants.models import Restaurant, Station

T = Printer.Transport
ASKS = {T.CLOUDPRNT: "/printers/cloudprnt/{}/poll", T.SDP: "/printers/sdp/{}/"}


class Command(BaseCommand):
    help = "Registers a printer and says what to type into it; --box gives the code that pairs a box for printers."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("restaurant", help="its slug")
        parser.add_argument("uid", nargs="?", help="the printer's name in the API; one that exists gets a new address")
        parser.add_argument("--transport", choices=list(T), default=T.TCP)
        parser.add_argument("--station", action="append", default=[], help="a station whose tickets it prints")
        parser.add_argument("--host", default="", help="tcp, or as the box sees it")
        parser.add_argument("--port", type=int, default=9100)
        parser.add_argument("--path", default="", help="file: the device; lp: the queue; agent: the box's USB device")
        parser.add_argument("--behind", default="", metavar="NAME", help="agent: the name of the paired box")
        parser.add_argument("--box", action="store_true", help="a code for a new box instead of a printer")

    def handle(self, *args: Any, **options: Any) -> None:
        restaurant = Restaurant.objects.filter(slug=options["restaurant"]).select_related("city").first()
        if restaurant is None:
            raise CommandError(f"no restaurant {options['restaurant']}")
        if options["box"]:
            self.stdout.write(create_pairing_code(kind=Kind.AGENT, restaurant=restaurant, by="terminal"))
        elif options["uid"]:
            self._connect(restaurant, options)
        else:
            raise CommandError("a uid for the printer, or --box")

    def _connect(self, restaurant: Restaurant, options: dict[str, Any]) -> None:
        printer = Printer.objects.filter(uid=options["uid"], restaurant=restaurant).first()
        try:
            printer = printer or self._registered(restaurant, options)
        except Problem as error:
            raise CommandError(str(error)) from error
        except Station.DoesNotExist as error:
            raise CommandError(f"no such station at {restaurant.slug}") from error
        path = ASKS.get(T(printer.transport))
        if path is None:
            self.stdout.write(f"{printer.uid}: {printer.get_transport_display()}")
            return
        site = (env.run_info() or {}).get("web_url", "")
        self.stdout.write(f"{site.rstrip('/')}{path.format(issue_secret(printer=printer))}")

    def _registered(self, restaurant: Restaurant, options: dict[str, Any]) -> Printer:
        box = None
        if options["transport"] == T.AGENT:
            boxes = Device.objects.filter(restaurant=restaurant, kind=Kind.AGENT, revoked_at__isnull=True)
            box = boxes.filter(name=options["behind"]).first() if options["behind"] else boxes.first()
            if box is None:
                raise CommandError("no such box: pair it first (--box)")
        return register_printer(
            restaurant=restaurant,
            uid=options["uid"],
            name=options["uid"],
            transport=options["transport"],
            host=options["host"],
            port=options["port"],
            path=options["path"],
            agent=box,
            answers=Printer.Answers.NOTHING if options["transport"] == T.LP else Printer.Answers.PROCESS_ID,
            stations=options["station"],
            by="terminal",
        )
