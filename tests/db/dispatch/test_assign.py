"""What a dispatcher gives and takes."""

import pytest

from dispatch.errors import DelivererOffDuty, OrderNotPlannable
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer
from dispatch.models import Decision, Route, Stop
from dispatch.services.assign import assign_order
from dispatch.services.offers import accept_offer
from dispatch.services.stops import complete_stop
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db

BOSS = "account:boss"


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def max_(shop: Restaurant) -> Deliverer:
    return fw.deliverer(shop.city, "max")


def test_a_waiting_order_is_given(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = assign_order(order_id=order.pk, deliverer_id=max_.pk, by=BOSS)
    assert (route.status, route.deliverer, route.pay, route.stops.count()) == ("assigned", max_, 400, 2)
    assert Decision.objects.get(order=order).made_by == BOSS


def test_a_second_order_joins_the_route(shop: Restaurant, max_: Deliverer) -> None:
    first, second = fw.waiting_order(shop), fw.waiting_order(shop)
    assign_order(order_id=first.pk, deliverer_id=max_.pk, by=BOSS)
    route = assign_order(order_id=second.pk, deliverer_id=max_.pk, by=BOSS)
    assert (route.pay, list(route.stops.values_list("order", "kind"))) == (
        800,
        [(first.pk, "pickup"), (first.pk, "dropoff"), (second.pk, "pickup"), (second.pk, "dropoff")],
    )


def test_a_new_order_comes_last_also_when_another_has_left_the_route(shop: Restaurant, max_: Deliverer) -> None:
    first, second, third = (fw.waiting_order(shop) for _ in range(3))
    for order in (first, second):
        assign_order(order_id=order.pk, deliverer_id=max_.pk, by=BOSS)
    assign_order(order_id=first.pk, deliverer_id=fw.deliverer(shop.city, "eve").pk, by=BOSS)
    route = assign_order(order_id=third.pk, deliverer_id=max_.pk, by=BOSS)
    assert list(route.stops.values_list("order", "kind")) == [
        (second.pk, "pickup"),
        (second.pk, "dropoff"),
        (third.pk, "pickup"),
        (third.pk, "dropoff"),
    ]


def test_an_order_goes_from_one_to_another(shop: Restaurant, max_: Deliverer) -> None:
    eve = fw.deliverer(shop.city, "eve")
    moved, stays = fw.waiting_order(shop), fw.waiting_order(shop)
    offer = fw.offer(max_, moved, stays)
    accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")
    route = assign_order(order_id=moved.pk, deliverer_id=eve.pk, by=BOSS)
    assert (route.deliverer, set(route.stops.values_list("order", flat=True))) == (eve, {moved.pk})
    assert set(Stop.objects.filter(route=offer.route_id).values_list("order", flat=True)) == {stays.pk}


def test_an_offer_in_the_way_is_withdrawn(shop: Restaurant, max_: Deliverer) -> None:
    eve = fw.deliverer(shop.city, "eve")
    order = fw.waiting_order(shop)
    offer = fw.offer(max_, order)
    assign_order(order_id=order.pk, deliverer_id=eve.pk, by=BOSS)
    offer.refresh_from_db()
    assert (offer.status, Route.objects.get(pk=offer.route_id).status) == ("withdrawn", "withdrawn")


def test_a_bag_under_way_stays_where_it_is(shop: Restaurant, max_: Deliverer) -> None:
    eve = fw.deliverer(shop.city, "eve")
    order = fw.waiting_order(shop)
    assign_order(order_id=order.pk, deliverer_id=max_.pk, by=BOSS)
    pickup = Stop.objects.get(order=order, kind="pickup")
    complete_stop(stop_id=pickup.public_id, deliverer_id=max_.pk, by="account:max")
    with pytest.raises(OrderNotPlannable):
        assign_order(order_id=order.pk, deliverer_id=eve.pk, by=BOSS)


def test_an_unanswered_order_is_given_to_nobody(shop: Restaurant, max_: Deliverer) -> None:
    with pytest.raises(OrderNotPlannable):
        assign_order(order_id=world.order(shop).pk, deliverer_id=max_.pk, by=BOSS)


def test_nobody_at_home_is_given_anything(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    fleet.end_shift(deliverer_id=max_.pk, by="account:max")
    with pytest.raises(DelivererOffDuty):
        assign_order(order_id=order.pk, deliverer_id=max_.pk, by=BOSS)


def test_a_delivered_order_is_over(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    assign_order(order_id=order.pk, deliverer_id=max_.pk, by=BOSS)
    for kind in ("pickup", "dropoff"):
        stop = Stop.objects.get(order=order, kind=kind)
        complete_stop(stop_id=stop.public_id, deliverer_id=max_.pk, by="account:max")
    order.refresh_from_db()
    assert order.status == "delivered"
    with pytest.raises(OrderNotPlannable):
        assign_order(order_id=order.pk, deliverer_id=max_.pk, by=BOSS)
