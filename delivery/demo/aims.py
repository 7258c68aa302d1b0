"""What exactly is broken: where most is to do in the city, and how people call it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from delivery.cities.models import City
from delivery.demo.mishaps import KINDS, open_mishaps
from delivery.demo.models import Mishap
from delivery.demo.roles import restaurant_for
from delivery.ground.errors import NotFound
from printing.models import Printer
from restaurants.models import Restaurant


@dataclass(frozen=True, slots=True)
class Broken:
    """A mishap for people. `left_s`: seconds until it heals by itself."""

    mishap: Mishap
    city: City | None
    restaurant: Restaurant | None
    printer: Printer | None
    left_s: int

    @property
    def name(self) -> str:
        """What is broken; nothing for a part of this copy, whose words say it all."""
        names = [thing.name for thing in (self.printer, self.restaurant) if thing is not None]
        return ", ".join(names) or (self.city.name if self.city else "")


def target_of(kind: str, city: City) -> str:
    """The target of a new mishap in the city: its busiest shop, or the printer that most stations of it use.

    Raises NotFound.
    """
    if kind not in KINDS:
        raise NotFound()
    match KINDS[kind].aim:
        case "copy":
            return ""
        case "city":
            return city.slug
        case "shop":
            return f"lobby:{restaurant_for('lobby', city).public_id}"
        case "printer":
            mine = Printer.objects.filter(restaurant=restaurant_for("lobby", city), transport="tcp")
            printer = mine.annotate(stations=Count("station_printers")).order_by("-stations", "pk").first()
            if printer is None:
                raise NotFound()
            return f"printer:{printer.uid}"


def broken_now(now: datetime) -> list[Broken]:
    """Everything that is broken on purpose, the oldest first."""
    return [_described(mishap, now) for mishap in open_mishaps()]


def _described(mishap: Mishap, now: datetime) -> Broken:
    place, _, name = mishap.target.partition(":")
    printer = restaurant = city = None
    if place == "printer":
        printer = Printer.objects.select_related("restaurant__city").filter(uid=name).first()
        restaurant = printer.restaurant if printer else None
    elif place == "lobby":
        restaurant = Restaurant.objects.select_related("city").filter(public_id=name).first()
    elif place:
        city = City.objects.filter(slug=place).first()
    city = restaurant.city if restaurant else city
    return Broken(mishap, city, restaurant, printer, max(0, int((mishap.until - now).total_seconds())))
