"""Founds the city of one replay through services: its clock, shops, kitchens with printers, and people."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from typing import Any

from django.db import transaction

from delivery.accounts.services import create_account, issue_token
from delivery.cities.models import City, Membership, Zone
from delivery.cities.services import give_role, open_city
from delivery.demo.replay.instance import Duty, Instance, Place
from delivery.devices.models import Kind
from delivery.devices.services import register_device
from delivery.ground import clock
from delivery.ground.geo import Plane, Point
from dispatch.fleet.models import Deliverer
from dispatch.fleet.services import join_deliverer, plan_shift
from printing.services.printers import register_printer
from restaurants.models import Restaurant
from restaurants.services import NewProduct, add_products, open_restaurant

CENTRE = Point(45.0, 5.0)
BUSINESS_STARTS_AT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # a Monday; the day itself does not matter
BY = "system:replay"
DISH_AMOUNT = 1200
VAT_BP = 1000
CENTS = 100
# Networks and processes need real time, however fast the city's clock runs.
ANSWER_OFFER_S, ANSWER_ORDER_S = 10, 60


@dataclass(frozen=True)
class Shop:
    """One restaurant as its actors need it."""

    public_id: str
    product_id: str
    lobby_token: str


@dataclass(frozen=True)
class Crew:
    """One deliverer as its actor needs it."""

    duty: Duty
    public_id: str
    token: str


@dataclass(frozen=True)
class Founded:
    city: City
    plane: Plane
    shops: dict[str, Shop]
    crews: list[Crew]


def free_name(instance: Instance, *, run: str) -> str:
    """The slug for a new city of this run; the second run of the same name gets a number behind it."""
    wanted = f"replay-{instance.name}-{run}"
    taken = set(City.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(name for name in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if name not in taken)


def register_customers(instance: Instance, *, city: str) -> dict[str, str]:
    """An account for each order of the day; returns their tokens. `city`: its slug."""
    return {order.place.id: _customer(order.place.id, city=city) for order in instance.orders}


@transaction.atomic
def found_city(
    instance: Instance, *, slug: str, rate: float, starts_at_min: float, lead_s: float, ports: dict[str, int]
) -> Founded:
    """Build everything at once; the city's clock shows `starts_at_min` in `lead_s` real seconds from now.

    Args:
        rate: city seconds per real second. ports: restaurant -> port of its printer.
    """
    city = _open_city(instance, slug=slug, rate=rate, starts_at_min=starts_at_min, lead_s=lead_s)
    plane = city.plane
    shops = {
        name: _open_shop(city, place, plane, port=ports[name])
        for name, place in instance.restaurants.items()
        if name in ports
    }
    crews = [_hire(city, duty) for duty in instance.deliverers]
    return Founded(city, plane, shops, crews)


def _open_city(instance: Instance, *, slug: str, rate: float, starts_at_min: float, lead_s: float) -> City:
    places = [
        *instance.restaurants.values(),
        *(order.place for order in instance.orders),
        *(duty.place for duty in instance.deliverers),
    ]
    plane = Plane(CENTRE)
    west, east = min(p.x_m for p in places) - 1000, max(p.x_m for p in places) + 1000
    south, north = min(p.y_m for p in places) - 1000, max(p.y_m for p in places) + 1000
    corners = [plane.to_point(x, y) for x, y in ((west, south), (east, south), (east, north), (west, north))]
    city = City(
        slug=slug,
        name=f"Replay {instance.name}",
        timezone="UTC",
        currency="USD",
        lat=CENTRE.lat,
        lon=CENTRE.lon,
        time_rate=rate,
        clock_started_at=clock.now() + timedelta(seconds=lead_s),
        clock_shows_at=BUSINESS_STARTS_AT + timedelta(minutes=starts_at_min),
        meters_per_minute=instance.meters_per_minute,
        detour=1.0,
        accept_within=max(timedelta(minutes=5), timedelta(seconds=ANSWER_ORDER_S) * rate),
        offer_for=max(timedelta(minutes=1), timedelta(seconds=ANSWER_OFFER_S) * rate),
        pickup_service=timedelta(minutes=instance.pickup_service_min),
        dropoff_service=timedelta(minutes=instance.dropoff_service_min),
        target_time=timedelta(minutes=instance.target_min),
        maximum_time=timedelta(minutes=instance.maximum_min),
        pay_per_order=round(instance.pay_per_order * CENTS),
        pay_per_hour=round(instance.pay_per_hour * CENTS),
    )
    zone = Zone(name="Everywhere", ring=[[corner.lon, corner.lat] for corner in corners], fee=300)
    opened = open_city(city=city, zones=[zone], by=BY)
    dispatcher = create_account(email=f"dispatcher@{city.slug}.example", name="Dispatcher on call")
    give_role(city=opened, account=dispatcher, role=Membership.Role.DISPATCHER)
    return opened


def _open_shop(city: City, place: Place, plane: Plane, *, port: int) -> Shop:
    point = plane.to_point(place.x_m, place.y_m)
    restaurant = open_restaurant(
        restaurant=Restaurant(
            city=city,
            slug=f"{city.slug}-{place.id}",
            name=f"Restaurant {place.id}",
            address_line=f"Street {place.id}",
            lat=point.lat,
            lon=point.lon,
        ),
        stations=["Kitchen"],
        by=BY,
    )
    dish = NewProduct(
        name="Dish of the day", amount=DISH_AMOUNT, vat_rate_bp=VAT_BP, category="Dishes", station="Kitchen"
    )
    (product,) = add_products(restaurant_id=restaurant.pk, products=[dish], by=BY)
    _, token = register_device(kind=Kind.LOBBY, restaurant=restaurant, name="Counter")
    register_printer(
        restaurant=restaurant,
        uid=f"{restaurant.slug}-kitchen"[:80],
        name="Kitchen",
        host="127.0.0.1",
        port=port,
        stations=["Kitchen"],
        by=BY,
    )
    return Shop(str(restaurant.public_id), str(product.public_id), token)


def _hire(city: City, duty: Duty) -> Crew:
    account = create_account(email=f"{duty.place.id}@{city.slug}.example", name=f"Deliverer {duty.place.id}")
    deliverer = join_deliverer(account=account, city=city, vehicle=Deliverer.Vehicle.BICYCLE, by=BY)
    plan_shift(deliverer=deliverer, starts_at=_instant(city, duty.on_min), ends_at=_instant(city, duty.off_min))
    return Crew(duty, str(deliverer.public_id), issue_token(account=account, name="phone"))


def _customer(name: str, *, city: str) -> str:
    account = create_account(email=f"{name}@customers.{city}.example", name=f"Customer {name}")
    return issue_token(account=account, name="browser")


def _instant(city: City, minute: float) -> datetime:
    return clock.real(city, BUSINESS_STARTS_AT + timedelta(minutes=minute))


def basket_of(shop: Shop, place: Place, plane: Plane) -> dict[str, Any]:
    """The body of POST /orders; the note lets the actors know the order again."""
    point = plane.to_point(place.x_m, place.y_m)
    return {
        "restaurant": shop.public_id,
        "lines": [{"product": shop.product_id, "quantity": 1}],
        "address": {"line": f"Door {place.id}", "lat": point.lat, "lon": point.lon},
        "customer": {"name": f"Customer {place.id}"},
        "note": place.id,
    }
