"""The words of dispatch for tests: deliverers at work, orders that wait, offers made by hand."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.ground.outbox.firing import find_due, fire
from delivery.orders import services as orders
from delivery.orders.models import Bearer, Order
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer
from dispatch.models import CityLease, Offer
from dispatch.services.leases import Lease, take_cities
from dispatch.services.offers import Proposal, accept_offer, offer_route
from dispatch.services.stops import arrive_stop, open_stops
from printing.services.tickets import queue_tickets
from restaurants.models import Restaurant
from tests import world

KITCHEN = "device:kitchen"


def deliverer(of: City, name: str = "max", *, at: Point | None = None) -> Deliverer:
    """On shift for eight hours, standing at `at` (the middle of the city)."""
    account = world.account(name)
    person = fleet.join_deliverer(account=account, city=of, vehicle="bicycle", by="tests")
    fleet.start_shift(deliverer_id=person.pk, by="tests")
    fleet.report_position(deliverer_id=person.pk, point=at or Point(of.lat, of.lon), measured_at=clock.now())
    found: Deliverer = Deliverer.objects.select_related("city").get(pk=person.pk)
    return found


def waiting_order(shop: Restaurant, *, prep_time: timedelta = timedelta(minutes=1)) -> Order:
    """Accepted, with its two stops open."""
    order = world.order(shop)
    accept(order, prep_time=prep_time)
    found: Order = Order.objects.select_related("restaurant", "city").get(pk=order.pk)
    open_stops([found])
    return found


def accept(order: Order, *, prep_time: timedelta = timedelta(minutes=1)) -> None:
    orders.accept_order(order_id=order.pk, by=KITCHEN, prep_time=prep_time)


def cancel(order: Order) -> None:
    orders.cancel_order(order_id=order.pk, by="tests", reason="changed_mind", borne_by=Bearer.PLATFORM)


def print_tickets(order: Order) -> None:
    """What the fact that cooking started causes."""
    queue_tickets(order_ids=[order.pk])


def carried_by(order: Order, name: str = "max", *, arrived: bool = False) -> Deliverer:
    """A deliverer of the city has taken the order, and may stand at the counter already."""
    person = deliverer(order.city, name)
    accept_offer(offer_id=offer(person, order).public_id, deliverer_id=person.pk, by="tests")
    if arrived:
        arrive_stop(stop_id=order.stops.get(kind="pickup").public_id, deliverer_id=person.pk, by="tests")
    return person


def fire_duties() -> None:
    """What the deadline loop does with all that is due."""
    for due in find_due():
        fire(due)


def lease(city: City, holder: str = "tests") -> Lease:
    """Held for as long as a test on a slow machine may take."""
    [taken] = take_cities(holder=holder, city_ids=[city.pk], limit=1)
    CityLease.objects.filter(city=city).update(until=Now() + timedelta(hours=1))
    return taken


def proposal(to: Deliverer, *carried: Order) -> Proposal:
    """All pickups, then all dropoffs."""
    kinds = [(order.pk, kind) for kind in ("pickup", "dropoff") for order in carried]
    return Proposal(
        deliverer_id=to.pk,
        deliverer_version=to.version,
        stops=kinds,
        order_versions={order.pk: order.version for order in carried},
        distance_m=1200,
        terms={"cost": 12.5},
    )


def offer(to: Deliverer, *carried: Order, held: Lease | None = None) -> Offer:
    to.refresh_from_db()
    for order in carried:
        order.refresh_from_db()
    return offer_route(city=to.city, proposal=proposal(to, *carried), lease=held or lease(to.city))


@transaction.atomic
def pause(person: Deliverer) -> None:
    """What three silent offers do."""
    fleet.pause_offers(Deliverer.objects.lock(pk=person.pk))
