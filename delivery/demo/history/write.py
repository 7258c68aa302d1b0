"""From the rows that a seed has made to fourteen days behind them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from delivery.accounts.models import Account, Address
from delivery.cities.models import City
from delivery.cities.selectors import zone_at
from delivery.demo.history.lives import End, draw, placed_on
from delivery.demo.history.orders import Home, Kitchen, Shop
from delivery.demo.history.paper import Paper
from delivery.demo.history.past import Past
from delivery.demo.history.rides import Carrier, Fleet
from delivery.demo.staff import Worker
from delivery.ground import clock
from delivery.ground.geo import Point, distance_m
from dispatch.fleet.models import Deliverer
from printing.models import Printer, StationPrinter
from restaurants import hours, selectors
from restaurants.models import Restaurant, Station
from restaurants.options import groups_of

DAYS = 14
SEED = 20_261_123
# Everything has ended by then, so that nothing of the past is still due.
QUIET = timedelta(hours=2)
Hired = tuple[Worker, Deliverer]


def write_history(*, cities: Iterable[City], hired: Sequence[Hired], on_call: dict[int, Account]) -> int:
    """Fourteen days, up to two hours ago on the cities' clocks; returns how many rows.

    Args:
        hired: who carries. on_call: a dispatcher of each city, by its primary key.
    """
    now = clock.now()
    past = Past(Random(SEED))
    for city in cities:
        crew = [(worker, deliverer) for worker, deliverer in hired if deliverer.city_id == city.pk]
        _City(past, city, crew, on_call[city.pk], now).live()
    return past.write()


class _City:
    """One city, day by day."""

    def __init__(self, past: Past, city: City, crew: Sequence[Hired], on_call: Account, now: datetime) -> None:
        self.dice = Random(f"{SEED} {city.slug}")
        self.city = city
        self.until = clock.shown(city, now) - QUIET
        self.first = self.until.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
        self.shops = _shops(city, now, self.dice)
        self.homes = _homes(city)
        self.open_at: dict[tuple[str, int, int], bool] = {}
        self.kitchen = Kitchen(past, self.dice, city)
        self.fleet = Fleet(past, self.dice, city, [self._carrier(*each) for each in crew])
        self.paper = Paper(past, self.dice, city, *_printers(city), on_call)

    def live(self) -> None:
        self.fleet.keep_shifts()
        for day in (self.first + timedelta(days=number) for number in range(DAYS + 1)):
            for at in placed_on(day, self.dice):
                if at < self.until:
                    self._order(at)

    def _order(self, at: datetime) -> None:
        open_shops = [shop for shop in self.shops if self._is_open(shop.row, at)]
        shop, home = self.dice.choice(open_shops), self.dice.choice(self.homes)
        spot = Point(home.address.lat, home.address.lon)
        ride = timedelta(minutes=distance_m(shop.row.point, spot) * self.city.detour / self.city.meters_per_minute)
        way = self.city.pickup_service + ride + self.city.dropoff_service
        usual, speed = shop.row.prep_time, shop.speed
        life = draw(self.dice, usual=usual, way=way, accept_within=self.city.accept_within, speed=speed)
        placed = self.kitchen.place(shop, home, clock.real(self.city, at), life, way)
        if placed.plan is None:
            return
        self.paper.print_tickets(placed)
        if life.end in (End.DELIVERED, End.FAILED):
            self.fleet.carry(self.kitchen, placed)

    def _is_open(self, shop: Restaurant, at: datetime) -> bool:
        """Open at the beginning and at the end of the hour: asked once per hour of the week."""
        key = (shop.opening_hours, at.weekday(), at.hour)
        if key not in self.open_at:
            begins = at.replace(minute=0, second=0, microsecond=0)
            edges = (begins, begins + timedelta(minutes=59))
            self.open_at[key] = all(hours.parsed(shop.opening_hours).is_open(edge) for edge in edges)
        return self.open_at[key]

    def _carrier(self, worker: Worker, deliverer: Deliverer) -> Carrier:
        days = worker.days(self.first, DAYS + 1)
        shifts = [
            (clock.real(self.city, starts_at), clock.real(self.city, ends_at))
            for starts_at, ends_at in days
            if ends_at < self.until
        ]
        return Carrier(deliverer, shifts, clock.real(self.city, self.first))


def _shops(city: City, now: datetime, dice: Random) -> list[Shop]:
    shops = []
    for row in Restaurant.objects.filter(city=city).order_by("pk"):
        row.city = city
        menu = selectors.menu(row, now)
        shops.append(Shop(row, menu, groups_of([dish.pk for dish in menu]), speed=dice.uniform(0.85, 1.25)))
    return shops


def _homes(city: City) -> list[Home]:
    homes = []
    for address in Address.objects.select_related("account").order_by("pk"):
        if zone := zone_at(city, Point(address.lat, address.lon)):
            homes.append(Home(address.account, address, zone.fee, zone.minimum_order))
    return homes


def _printers(city: City) -> tuple[dict[int, list[Station]], dict[tuple[int, str], Printer]]:
    """Stations of each restaurant, and the first printer of each station."""
    stations: dict[int, list[Station]] = defaultdict(list)
    for station in Station.objects.filter(restaurant__city=city):
        stations[station.restaurant_id].append(station)
    same: dict[int, Printer] = {}  # one object per printer: its version counts up
    printers: dict[tuple[int, str], Printer] = {}
    for served in StationPrinter.objects.filter(station__restaurant__city=city, rank=0).select_related(
        "station", "printer"
    ):
        printer = same.setdefault(served.printer_id, served.printer)
        printers[served.station.restaurant_id, served.station.name] = printer
    return stations, printers
