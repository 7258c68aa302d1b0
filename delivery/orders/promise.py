"""When the food will be at the door: city time from accepting to the window that the customer is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from delivery.cities import ways
from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.geo import Point

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Promise:
    """Real instants: when cooking starts, when the bag should be ready, and the window told to the customer."""

    cook_at: datetime
    ready_eta: datetime
    promised_from: datetime
    promised_until: datetime


def way(city: City, start: Point, end: Point) -> timedelta:
    """City time from a ready bag to the door: pick up, ride at the city's speed along its streets, hand over."""
    return city.pickup_service + timedelta(minutes=ways.way(city, start, end).minutes) + city.dropoff_service


def promise(
    city: City, *, accepted_at: datetime, prep_time: timedelta, way: timedelta, wanted_at: datetime | None
) -> Promise:
    """The plan of an order accepted at `accepted_at`; a preorder cooks as late as its wanted time allows."""
    cook_at = accepted_at
    if wanted_at is not None:
        cook_at = max(accepted_at, clock.after(city, -(prep_time + way), since=wanted_at))
    ready_eta = clock.after(city, prep_time, since=cook_at)
    promised_from = clock.after(city, way, since=ready_eta)
    return Promise(cook_at, ready_eta, promised_from, clock.after(city, WINDOW, since=promised_from))
