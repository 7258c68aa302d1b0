"""A big city on a full evening, written in bulk: what the control room has to stay quick with."""

import math
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from delivery.accounts.models import Account
from delivery.cities.models import City
from delivery.ground import clock, outbox
from delivery.orders.events import OrderDelayed
from delivery.orders.models import Order
from dispatch.fleet.models import Deliverer, Position, Shift
from dispatch.models import Route, Stop
from restaurants.models import Restaurant

SHOPS = 40
BAGS = 2  # on each route


def crowd(city: City, *, orders: int, people: int) -> list[Order]:
    """Three quarters of the people carry two bags each, the others are free; the other orders wait."""
    shops = _shops(city)
    made = _orders(city, shops, orders)
    workers = _people(city, people)
    routes = _routes(city, workers[: people * 3 // 4])
    carried = {order.pk: routes[number // BAGS] for number, order in enumerate(made[: len(routes) * BAGS])}
    Stop.objects.bulk_create(
        [
            Stop(
                city=city,
                order=order,
                kind=kind,
                route=carried.get(order.pk),
                position=number % BAGS + (BAGS if kind == Stop.Kind.DROPOFF else 0),
                lat=order.lat,
                lon=order.lon,
            )
            for number, order in enumerate(made)
            for kind in (Stop.Kind.PICKUP, Stop.Kind.DROPOFF)
        ]
    )
    return made


def move(city: City, *, share: int, step: int) -> int:
    """One in `share` phones reports another place; returns how many."""
    now = clock.now()
    places = [place for place in Position.objects.filter(deliverer__city=city) if place.pk % share == step % share]
    for place in places:
        place.lat += 0.0004 * math.sin(place.pk + step)
        place.lon += 0.0004 * math.cos(place.pk + step)
        place.measured_at = place.received_at = now
    Position.objects.bulk_update(places, ["lat", "lon", "measured_at", "received_at"])
    return len(places)


def delay(orders: Sequence[Order]) -> None:
    """Kitchens need longer: a fact for each order, in one transaction."""
    with transaction.atomic():
        for order in orders:
            locked = Order.objects.lock(pk=order.pk)
            locked.promised_until += timedelta(minutes=1)
            event = OrderDelayed(
                restaurant_id=locked.restaurant_id, ready_eta="", promised_until=locked.promised_until.isoformat()
            )
            outbox.record(locked, event, changed=["promised_until"])


def _shops(city: City) -> list[Restaurant]:
    return Restaurant.objects.bulk_create(
        [
            Restaurant(
                city=city,
                slug=f"shop-{number}",
                name=f"Shop {number}",
                address_line=f"{number} rue du Four",
                lat=city.lat + 0.02 * math.sin(number),
                lon=city.lon + 0.02 * math.cos(number),
            )
            for number in range(SHOPS)
        ]
    )


def _orders(city: City, shops: Sequence[Restaurant], count: int) -> list[Order]:
    now = clock.now()
    return Order.objects.bulk_create(
        [
            Order(
                city=city,
                restaurant=shops[number % SHOPS],
                placed_by="guest:crowd",
                number=f"{chr(65 + number % 26)}{number:04d}",
                channel="web",
                status="preparing",
                customer_name="Camille",
                address_line=f"{number} rue du Nord",
                lat=city.lat + 0.03 * math.sin(number * 7),
                lon=city.lon + 0.03 * math.cos(number * 7),
                currency=city.currency,
                subtotal=1000,
                delivery_fee=290,
                total=1290,
                commission_bp=2000,
                delivery_vat_bp=2000,
                placed_at=now - timedelta(minutes=15),
                accept_by=now - timedelta(minutes=10),
                accepted_at=now - timedelta(minutes=14),
                cook_at=now - timedelta(minutes=14),
                ready_eta=now + timedelta(minutes=number % 20),
                promised_from=now + timedelta(minutes=10),
                promised_until=now + timedelta(seconds=number * 4 - 300),
                version=0,  # no fact yet: the first one is a delay
            )
            for number in range(count)
        ]
    )


def _people(city: City, count: int) -> list[Deliverer]:
    now = clock.now()
    accounts = Account.objects.bulk_create(
        [Account(email=f"crowd{number}@example.org", name=f"Rider {number}") for number in range(count)]
    )
    people = Deliverer.objects.bulk_create([Deliverer(account=each, city=city, version=1) for each in accounts])
    ends_at = now + timedelta(hours=4)
    Shift.objects.bulk_create(
        [Shift(deliverer=each, starts_at=now, ends_at=ends_at, started_at=now) for each in people]
    )
    Position.objects.bulk_create(
        [
            Position(
                deliverer=each,
                lat=city.lat + 0.03 * math.sin(number * 3),
                lon=city.lon + 0.03 * math.cos(number * 3),
                measured_at=now,
                received_at=now,
            )
            for number, each in enumerate(people)
        ]
    )
    return people


def _routes(city: City, people: Sequence[Deliverer]) -> list[Route]:
    now = clock.now()
    return Route.objects.bulk_create(
        [
            Route(
                city=city,
                deliverer=each,
                status=Route.Status.ASSIGNED,
                distance_m=2000,
                pay=800,
                planned_at=now,
                assigned_at=now,
                version=1,
            )
            for each in people
        ]
    )
