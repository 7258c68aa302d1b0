"""A day of demand in the format of the public meal-delivery instances (Reyes et al. 2018). Pure.

A folder holds orders.txt, couriers.txt, restaurants.txt and instance_parameters.txt: tab-separated, one
header line, coordinates in metres, times in whole minutes from the start of business.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path


class BadInstance(Exception):
    """The folder is not an instance; the text says which file and line."""


@dataclass(frozen=True)
class Place:
    id: str
    x_m: float
    y_m: float


@dataclass(frozen=True)
class Demand:
    """One order: where it goes, when it is placed and when the kitchen has it ready (minutes)."""

    place: Place
    restaurant: str
    placed_min: int
    ready_min: int


@dataclass(frozen=True)
class Duty:
    """One deliverer's shift: where it begins, from when until when (minutes)."""

    place: Place
    on_min: int
    off_min: int


@dataclass(frozen=True)
class Instance:
    name: str
    restaurants: dict[str, Place]
    orders: list[Demand]
    deliverers: list[Duty]
    meters_per_minute: float
    pickup_service_min: float
    dropoff_service_min: float
    target_min: float
    maximum_min: float
    pay_per_order: float
    pay_per_hour: float

    def first(self, count: int) -> "Instance":
        """The same day with its first `count` orders and all its shifts."""
        return replace(self, orders=self.orders[:count])


def load(folder: Path) -> Instance:
    """Read an instance. Raises BadInstance."""
    if not folder.is_dir():
        raise BadInstance(f"{folder}: no such folder")
    restaurants = {row[0]: _place(row) for row in _rows(folder / "restaurants.txt", 3)}
    try:
        orders = [Demand(_place(row), row[4], int(row[3]), int(row[5])) for row in _rows(folder / "orders.txt", 6)]
        deliverers = [Duty(_place(row), int(row[3]), int(row[4])) for row in _rows(folder / "couriers.txt", 5)]
        (parameters,) = ([float(value) for value in row] for row in _rows(folder / "instance_parameters.txt", 7))
    except ValueError as error:
        raise BadInstance(f"{folder}: {error}") from error
    if not all(math.isfinite(value) and value >= 0 for value in parameters) or parameters[0] == 0:
        raise BadInstance(f"{folder}: parameters are not negative, and people move")
    unknown = {order.restaurant for order in orders} - set(restaurants)
    if unknown or not orders or not deliverers:
        raise BadInstance(f"{folder}: unknown restaurants {sorted(unknown)}, or nothing to do")
    orders.sort(key=lambda order: (order.placed_min, order.place.id))
    return Instance(folder.resolve().name, restaurants, orders, deliverers, *parameters[:7])


def _place(row: list[str]) -> Place:
    try:
        return Place(row[0], float(row[1]), float(row[2]))
    except ValueError as error:
        raise BadInstance(f"{row}: {error}") from error


def _rows(path: Path, width: int) -> Iterator[list[str]]:
    try:
        with path.open(newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
                if number == 1 or not row:
                    continue
                if len(row) < width:
                    raise BadInstance(f"{path.name}, line {number}: {len(row)} columns, {width} expected")
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInstance(f"{path.name}: {error}") from error
