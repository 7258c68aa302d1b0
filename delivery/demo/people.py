"""Who lives in the demonstration: found again by e-mail or phone, so a second run writes the same logins."""

from collections.abc import Iterator
from dataclasses import dataclass

from delivery.demo.places import CITIES
from delivery.demo.places.specs import CitySpec, PersonSpec, RestaurantSpec
from delivery.demo.staff import Worker, workers_of

DOMAIN = "demo.example"
ROLES = {"owner", "support", "dispatcher", "customer", "deliverer", "restaurateur", "integrator"}
SCOPES = ("orders:read", "orders:write", "print:write")


@dataclass(frozen=True, slots=True)
class Person:
    """`role` as in SURFACES: who signs in at `path` by `email`, else by `phone`."""

    role: str
    name: str
    path: str
    city: CitySpec | None = None
    restaurant: RestaurantSpec | None = None
    email: str | None = None
    phone: str | None = None
    home: PersonSpec | None = None
    worker: Worker | None = None


def everybody() -> Iterator[Person]:
    """All persons, in the order of their rows."""
    yield Person("owner", "Olivia Marín", "/console/", email=f"owner@{DOMAIN}")
    yield Person("support", "Samuel Rey", "/console/", email=f"support@{DOMAIN}")
    for number, city in enumerate(CITIES):
        yield Person("dispatcher", city.dispatcher, "/control-room/", city, email=f"dispatcher.{city.slug}@{DOMAIN}")
        for index, home in enumerate(city.customers, 1):
            yield Person("customer", home.name, "/", city, email=f"customer{index}.{city.slug}@{DOMAIN}", home=home)
        for index, worker in enumerate(workers_of(city.slug)):
            yield Person("deliverer", worker.name, "/phone/", city, phone=f"+569000{number}{index:04d}", worker=worker)
        for shop in city.restaurants:
            boss = f"Dirección {shop.name}"
            yield Person("restaurateur", boss, "/console/", city, shop, email=f"boss.{shop.slug}@{DOMAIN}")
        till = f"Caja de {city.restaurants[0].name}"
        yield Person(
            "integrator", till, "/api/v1/openapi.json", city, city.restaurants[0], email=f"till.{city.slug}@{DOMAIN}"
        )
