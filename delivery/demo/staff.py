"""The demonstration's deliverers: their names, vehicles and weeks. The same in each run.

Four patterns of hours, so that at every hour of every day at least ten of each city's fifty are planned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from delivery.ground import clock
from dispatch.fleet.models import Deliverer, Shift

PER_CITY = 50
SEED = 1818
PLANNED_DAYS = 30
WEEK = 7
GIVEN = [
    "Luz",
    "Diego",
    "Marta",
    "Iván",
    "Constanza",
    "Matías",
    "Rosa",
    "Felipe",
    "Nora",
    "Cristóbal",
    "Daniela",
    "Jorge",
    "Sofía",
    "Mario",
    "Clara",
    "Esteban",
    "Yasna",
    "Luis",
    "Paola",
    "Rodrigo",
    "Ximena",
    "Hernán",
    "Macarena",
    "Óscar",
    "Tamara",
    "Víctor",
    "Soledad",
    "Raúl",
    "Pilar",
    "Claudio",
]
FAMILY = [
    "Pizarro",
    "Cortés",
    "Vega",
    "Tapia",
    "Rivera",
    "Cisternas",
    "Díaz",
    "Godoy",
    "Salas",
    "Ardiles",
    "Toro",
    "Rojo",
    "Pinto",
    "Leiva",
    "Núñez",
    "Rojas",
    "Carvajal",
    "Alfaro",
    "Araya",
    "Barraza",
    "Olivares",
    "Zepeda",
    "Fuentes",
    "Lara",
    "Muñoz",
    "Contreras",
    "Castillo",
    "Jofré",
    "Véliz",
    "Honores",
]
VEHICLES = ("bicycle", "scooter", "scooter", "bicycle", "car")


@dataclass(frozen=True, slots=True)
class Hours:
    """A working day in city time; it may end on the next."""

    starts: time
    lasts: timedelta
    people: int


PATTERNS = (
    Hours(time(5, 0), timedelta(hours=8), people=12),
    Hours(time(12, 30), timedelta(hours=8, minutes=30), people=13),
    Hours(time(17, 0), timedelta(hours=6, minutes=30), people=13),
    Hours(time(21, 0), timedelta(hours=8, minutes=30), people=12),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """`free_on`: the weekday without work, 0 is Monday."""

    name: str
    vehicle: Deliverer.Vehicle
    hours: Hours
    free_on: int

    def days(self, first: datetime, count: int) -> Iterator[tuple[datetime, datetime]]:
        """The working times that begin on `count` days from `first` on, a midnight of the city's clock."""
        for day in (first + timedelta(days=number) for number in range(count)):
            if day.weekday() != self.free_on:
                starts_at = day.replace(hour=self.hours.starts.hour, minute=self.hours.starts.minute)
                yield starts_at, starts_at + self.hours.lasts


def workers_of(city: str) -> list[Worker]:
    """The fifty of a city, in the order of their phone numbers. `city`: its slug."""
    dice = Random(f"{SEED} {city}")
    names = dice.sample([f"{given} {family}" for given in GIVEN for family in FAMILY], PER_CITY)
    spread = [(hours, number % WEEK) for hours in PATTERNS for number in range(hours.people)]
    dice.shuffle(spread)
    return [
        Worker(name, Deliverer.Vehicle(VEHICLES[number % len(VEHICLES)]), hours, free_on)
        for number, (name, (hours, free_on)) in enumerate(zip(names, spread, strict=True))
    ]


def shifts_of(worker: Worker, deliverer: Deliverer, now: datetime) -> Iterator[Shift]:
    """The shifts of the coming weeks that have not ended at the real instant `now`; not saved."""
    city = deliverer.city
    yesterday = clock.shown(city, now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for starts_at, ends_at in worker.days(yesterday, PLANNED_DAYS + 1):
        shift = Shift(deliverer=deliverer, starts_at=clock.real(city, starts_at), ends_at=clock.real(city, ends_at))
        if shift.ends_at > now:
            yield shift
