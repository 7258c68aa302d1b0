"""What the screens of a restaurant say of an order: two ages, when to start, who comes, what is owed in coins."""

from datetime import timedelta

import pytest

from delivery.ground import clock
from delivery.orders import services as orders
from delivery.orders.models import Order
from delivery.payments.models import Tender
from dispatch.fleet.models import Position
from dispatch.services.stops import open_stops
from restaurants.models import Restaurant, Station
from restaurants.web.cards import cards_of
from restaurants.web.rail import PASS, Place, places_of, to_make
from tests import fleet_world, world

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def cooking(shop: Restaurant, *names: str, minutes: int = 20) -> Order:
    order = world.order(shop, *names)
    fleet_world.accept(order, prep_time=timedelta(minutes=minutes))
    order.refresh_from_db()
    return order


def rail(shop: Restaurant, station: str = PASS, *, after: timedelta = timedelta()) -> list[Place]:
    stations = list(Station.objects.filter(restaurant=shop))
    return places_of(shop, stations, station, clock.now() + after)


@pytest.mark.parametrize(
    ("after", "says"), [(0, ("enamel", "ON TIME")), (17, ("brass", "HURRY")), (21, ("tomato", "LATE"))]
)
def test_two_thresholds_of_age_change_colour_and_word(shop: Restaurant, after: int, says: tuple[str, str]) -> None:
    cooking(shop)
    [place] = rail(shop, after=after * MINUTE)
    assert (place.head.tone, place.head.words) == says


def test_a_far_courier_lets_the_kitchen_start_later(shop: Restaurant) -> None:
    order = cooking(shop)
    open_stops([order])
    max_ = fleet_world.carried_by(order)
    Position.objects.filter(deliverer=max_).update(lat=shop.lat + 0.09)  # 10 km, 52 minutes on a bicycle
    [place] = rail(shop)
    assert place.card.coming is not None
    assert place.card.coming.distance_m is not None
    assert round(place.card.coming.distance_m / 1000) == 13
    assert place.starts_at is not None
    assert 31 * MINUTE < place.starts_at - clock.now() < 33 * MINUTE
    assert (place.head.tone, place.head.icon) == ("ash", "hourglass")
    Position.objects.filter(deliverer=max_).update(measured_at=clock.now() - 5 * MINUTE)
    [place] = rail(shop)
    assert (place.card.coming is not None, place.starts_at, place.head.words) == (True, None, "ON TIME")


def test_each_station_hangs_its_own_share_the_oldest_first(shop: Restaurant) -> None:
    first, second = cooking(shop, "margherita", "cola"), cooking(shop, "cola")
    assert [place.card.order.number for place in rail(shop, "bar")] == [first.number, second.number]
    [oven] = rail(shop, "oven")
    assert [(other.station, other.dishes, other.is_done) for other in oven.elsewhere] == [("bar", 1, False)]
    assert to_make(rail(shop)) == [("cola", 2), ("margherita", 1)]
    orders.bump(order_id=first.pk, station="bar", positions=[1], by="tests", version=0)
    [oven] = rail(shop, "oven")
    assert [(other.station, other.dishes, other.is_done) for other in oven.elsewhere] == [("bar", 1, True)]
    assert sorted(to_make(rail(shop))) == [("cola", 1), ("margherita", 1)]
    assert [place.card.order.number for place in rail(shop, "bar")] == [second.number]
    orders.bump(order_id=first.pk, station="oven", positions=[0], by="tests", version=0)
    assert rail(shop)[0].head.words == "ALL READY"


def test_cash_is_told_and_what_is_void_is_not(shop: Restaurant) -> None:
    order = cooking(shop)
    for number, state in enumerate(["authorized", "voided"]):
        Tender.objects.create(
            order=order,
            attempt_key=f"cash:{number}",
            provider="cash",
            kind="cash",
            amount=1240,
            currency="EUR",
            state=state,
        )
    [card] = cards_of(shop, clock.now())
    assert card.cash == 1240
