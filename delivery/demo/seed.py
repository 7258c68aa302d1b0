"""Fills an empty database with the demonstration's cities, through the services that people use."""

from datetime import timedelta

from django.db import transaction

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.cities import services as cities
from delivery.cities.addresses import load_streets
from delivery.cities.models import City, Zone
from delivery.cities.network import installed_network
from delivery.demo import people
from delivery.demo.pace import AS_THE_WORLD, Pace
from delivery.demo.places import CITIES
from delivery.demo.places.specs import CURRENCY, TIMEZONE, VAT_BP, CitySpec, RestaurantSpec
from delivery.ground import clock
from delivery.ground.geo import Point
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer
from printing.services.printers import register_printer
from restaurants import services as restaurants
from restaurants.models import Restaurant

BY = "demo"
PLANNED_FOR = timedelta(days=30)
SHIFT = timedelta(hours=12)
FIRST_PRINTER_PORT = 9101
VEHICLES = (Deliverer.Vehicle.BICYCLE, Deliverer.Vehicle.SCOOTER, Deliverer.Vehicle.CAR)


@transaction.atomic
def seed(pace: Pace = AS_THE_WORLD) -> bool:
    """Everything at once or nothing; False when the database already holds a city."""
    if City.objects.exists():
        return False
    cities_by_slug = {spec.slug: _open_city(spec, pace) for spec in CITIES}
    if network := installed_network():
        load_streets(network=network, cities=list(cities_by_slug.values()))
    shops_by_slug: dict[str, Restaurant] = {}
    for spec in CITIES:
        for shop in spec.restaurants:
            port = FIRST_PRINTER_PORT + len(shops_by_slug)
            shops_by_slug[shop.slug] = _open_restaurant(cities_by_slug[spec.slug], spec, shop, port)
    for number, person in enumerate(people.everybody()):
        account = _account(person)
        city = cities_by_slug[person.city.slug] if person.city else None
        shop_row = shops_by_slug[person.restaurant.slug] if person.restaurant else None
        _employ(person, account, city, shop_row, number)
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


def _open_restaurant(city: City, spec: CitySpec, shop: RestaurantSpec, printer_port: int) -> Restaurant:
    restaurant = restaurants.open_restaurant(
        restaurant=Restaurant(
            city=city,
            slug=shop.slug,
            name=shop.name,
            address_line=f"{shop.street}, {spec.name}",
            lat=shop.at[0],
            lon=shop.at[1],
            language="es",
            opening_hours="24/7",
            prep_time=timedelta(minutes=shop.cuisine.prep_minutes),
        ),
        stations=shop.cuisine.stations,
        by=BY,
    )
    restaurants.add_products(restaurant_id=restaurant.pk, products=shop.cuisine.products, by=BY)
    register_printer(
        restaurant=restaurant,
        uid=f"{shop.slug}-kitchen",
        name="Cocina",
        host="127.0.0.1",
        port=printer_port,
        stations=shop.cuisine.stations,
        labels={"city": spec.slug, "restaurant": shop.slug, "role": "kitchen"},
        by=BY,
    )
    return restaurant


def _account(person: people.Person) -> Account:
    return accounts.create_account(
        email=person.email,
        phone=person.phone,
        name=person.name,
        language="es",
        is_owner=person.role == "owner",
        is_support=person.role == "support",
        is_staff=person.role == "restaurateur",
    )


def _employ(
    person: people.Person, account: Account, city: City | None, restaurant: Restaurant | None, number: int
) -> None:
    if person.role == "dispatcher" and city:
        cities.give_role(city=city, account=account, role="dispatcher")
    if restaurant:
        restaurants.give_role(restaurant=restaurant, account=account, role="restaurateur")
    if person.role == "deliverer" and city:
        vehicle = VEHICLES[number % len(VEHICLES)]
        _plan_shifts(fleet.join_deliverer(account=account, city=city, vehicle=vehicle, by=BY))
    if person.home:
        accounts.add_address(
            account=account,
            line=person.home.street,
            point=Point(*person.home.home),
            floor="2",
            door="B",
            intercom=person.name.split()[-1],
        )


def _plan_shifts(deliverer: Deliverer) -> None:
    """Half of each day and the other half too: somebody tries the demonstration at any hour."""
    starts_at = clock.now() - timedelta(minutes=30)
    ends_at = starts_at + PLANNED_FOR
    while starts_at < ends_at:
        fleet.plan_shift(deliverer=deliverer, starts_at=starts_at, ends_at=starts_at + SHIFT)
        starts_at += SHIFT
