"""Fills an empty database with the demonstration's cities, through the services that people use."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction

from delivery import env
from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.cities import services as cities
from delivery.cities.addresses import load_streets
from delivery.cities.models import City, Zone
from delivery.cities.network import installed_network
from delivery.demo import menus, people
from delivery.demo.history import write_history
from delivery.demo.pace import AS_THE_WORLD, Pace
from delivery.demo.places import CITIES
from delivery.demo.places.specs import CURRENCY, TIMEZONE, VAT_BP, CitySpec, RestaurantSpec
from delivery.demo.staff import Worker, shifts_of
from delivery.ground import clock
from delivery.ground.geo import Point
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer
from printing.models import Printer
from printing.services.printers import register_printer, serve_stations
from restaurants import services as restaurants
from restaurants.models import Restaurant

BY = "demo"
FIRST_PRINTER_PORT = 9101
USUAL_PORT = 8000
PORTS_OF_A_COPY, MOST_COPIES = 100, 200


@transaction.atomic
def seed(pace: Pace = AS_THE_WORLD) -> bool:
    """Everything at once or nothing; False when the database already holds a city."""
    if City.objects.exists():
        return False
    cities_by_slug = {spec.slug: _open_city(spec, pace) for spec in CITIES}
    if network := installed_network():
        load_streets(network=network, cities=list(cities_by_slug.values()))
    shops_by_slug = _open_restaurants(cities_by_slug)
    persons = list(people.everybody())
    accounts_made = accounts.create_accounts(accounts=[_account(person) for person in persons])
    for person, account in zip(persons, accounts_made, strict=True):
        city = cities_by_slug[person.city.slug] if person.city else None
        _give_role(person, account, city, shops_by_slug[person.restaurant.slug] if person.restaurant else None)
    known = list(zip(persons, accounts_made, strict=True))
    hired = _employ(known, cities_by_slug)
    on_call = {
        cities_by_slug[person.city.slug].pk: account
        for person, account in known
        if person.role == "dispatcher" and person.city
    }
    write_history(cities=cities_by_slug.values(), hired=hired, on_call=on_call)
    return True


def _open_city(spec: CitySpec, pace: Pace) -> City:
    lat, lon = spec.centre
    city = City(
        slug=spec.slug,
        name=spec.name,
        timezone=TIMEZONE,
        currency=CURRENCY,
        lat=lat,
        lon=lon,
        pay_per_order=1800,
        pay_per_hour=5200,
        delivery_vat_bp=VAT_BP,
    )
    pace.set_on(city)
    zones = [Zone(name=zone.name, ring=zone.ring, fee=zone.fee, minimum_order=zone.minimum) for zone in spec.zones]
    return cities.open_city(city=city, zones=zones, by=BY)


def _open_restaurants(cities_by_slug: dict[str, City]) -> dict[str, Restaurant]:
    shops: dict[str, Restaurant] = {}
    ports = count(_first_port())
    for spec in CITIES:
        for shop in spec.restaurants:
            shops[shop.slug] = _open_restaurant(cities_by_slug[spec.slug], spec, shop)
            _connect_printers(shops[shop.slug], spec, shop, ports)
    return shops


def _first_port() -> int:
    """Where this copy's printers begin: copies with neighbouring PORTs have their printers beside each other."""
    return FIRST_PRINTER_PORT + PORTS_OF_A_COPY * ((env.port() - USUAL_PORT) % MOST_COPIES)


def _open_restaurant(city: City, spec: CitySpec, shop: RestaurantSpec) -> Restaurant:
    restaurant = restaurants.open_restaurant(
        restaurant=Restaurant(
            city=city,
            slug=shop.slug,
            name=shop.name,
            address_line=f"{shop.street}, {spec.name}",
            lat=shop.at[0],
            lon=shop.at[1],
            language="es",
            opening_hours=shop.hours,
            prep_time=timedelta(minutes=shop.cuisine.prep_minutes),
        ),
        stations=shop.cuisine.stations,
        by=BY,
    )
    products = menus.menu_of(shop.slug, shop.cuisine)
    restaurants.add_products(restaurant_id=restaurant.pk, products=products, by=BY)
    return restaurant


def _connect_printers(restaurant: Restaurant, spec: CitySpec, shop: RestaurantSpec, ports: Iterator[int]) -> None:
    """One of 80 mm in the kitchen; where there are two, one of 58 mm prints for the pass, and each backs the other."""
    at_pass, *in_kitchen = shop.cuisine.stations
    kitchen = {"uid": f"{shop.slug}-kitchen", "name": "Cocina", "columns": 48, "dots": 576}
    counter = {"uid": f"{shop.slug}-pass", "name": "Mostrador", "columns": 32, "dots": 384}
    labels = {"city": spec.slug, "restaurant": shop.slug}
    served = [at_pass, *in_kitchen] if shop.printers == 1 else in_kitchen
    first = _printer(restaurant, kitchen, next(ports), served, labels | {"role": "kitchen"})
    if shop.printers > 1:
        _printer(restaurant, counter, next(ports), [at_pass, *in_kitchen], labels | {"role": "pass"})
        serve_stations(printer=first, stations=[at_pass])


def _printer(
    restaurant: Restaurant, kind: dict[str, Any], port: int, stations: Sequence[str], labels: dict[str, str]
) -> Printer:
    return register_printer(
        restaurant=restaurant, host="127.0.0.1", port=port, stations=stations, labels=labels, by=BY, **kind
    )


def _account(person: people.Person) -> Account:
    return Account(
        email=person.email,
        phone=person.phone,
        name=person.name,
        language="es",
        is_owner=person.role == "owner",
        is_support=person.role == "support",
        is_staff=person.role in ("owner", "support", "restaurateur"),
    )


def _give_role(person: people.Person, account: Account, city: City | None, restaurant: Restaurant | None) -> None:
    if person.role == "dispatcher" and city:
        cities.give_role(city=city, account=account, role="dispatcher")
    if restaurant:
        restaurants.give_role(restaurant=restaurant, account=account, role="restaurateur")
    if person.home:
        accounts.add_address(
            account=account,
            line=person.home.street,
            point=Point(*person.home.home),
            floor="2",
            door="B",
            intercom=person.name.split()[-1],
        )


def _employ(
    persons: Sequence[tuple[people.Person, Account]], cities_by_slug: dict[str, City]
) -> list[tuple[Worker, Deliverer]]:
    """Deliverers and their planned weeks."""
    hired = [
        (
            person.worker,
            Deliverer(account=account, city=cities_by_slug[person.city.slug], vehicle=person.worker.vehicle),
        )
        for person, account in persons
        if person.worker and person.city
    ]
    fleet.join_deliverers(deliverers=[deliverer for _, deliverer in hired], by=BY)
    now = clock.now()
    fleet.plan_shifts(shifts=[shift for worker, deliverer in hired for shift in shifts_of(worker, deliverer, now)])
    return hired
