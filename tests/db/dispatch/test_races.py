"""Never two: real connections that want the same thing at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from delivery.ground.errors import Problem
from delivery.orders import services as orders
from delivery.orders.models import Bearer
from dispatch.fleet.models import Deliverer
from dispatch.models import Offer, Route, Stop
from dispatch.services.assign import assign_order
from dispatch.services.offers import accept_offer, expire_offer, offer_route
from dispatch.services.routes import prune_routes
from dispatch.services.stops import complete_stop
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[str]:
    """All acts at once, each on a connection of its own; "done", or the code of the refusal, in their order."""
    gate = threading.Barrier(len(acts))
    results = [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            act()
            results[number] = "done"
        except Problem as problem:
            results[number] = problem.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number, act]) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def max_(shop: Restaurant) -> Deliverer:
    return fw.deliverer(shop.city, "max")


def test_an_offer_is_accepted_once(shop: Restaurant, max_: Deliverer) -> None:
    offer = fw.offer(max_, fw.waiting_order(shop))

    def accept() -> Route:
        return accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")

    assert sorted(together(accept, accept, accept)) == ["done", "offer_taken", "offer_taken"]
    assert Route.objects.filter(deliverer=max_, status="assigned").count() == 1


def test_an_order_is_offered_once(shop: Restaurant, max_: Deliverer) -> None:
    eve = fw.deliverer(shop.city, "eve")
    order = fw.waiting_order(shop)
    held = fw.lease(shop.city)

    def offer_to(person: Deliverer) -> Callable[[], Offer]:
        return lambda: offer_route(city=shop.city, proposal=fw.proposal(person, order), lease=held)

    assert sorted(together(offer_to(max_), offer_to(eve))) == ["done", "stale_plan"]
    assert (Offer.objects.count(), Route.objects.count()) == (1, 1)


def test_a_deliverer_is_offered_one_route(shop: Restaurant, max_: Deliverer) -> None:
    one, two = fw.waiting_order(shop), fw.waiting_order(shop)
    held = fw.lease(shop.city)
    acts = [
        lambda order=order: offer_route(city=shop.city, proposal=fw.proposal(max_, order), lease=held)
        for order in (one, two)
    ]
    assert sorted(together(*acts)) == ["done", "stale_plan"]


def test_accepting_and_being_assigned_end_in_one_route(shop: Restaurant, max_: Deliverer) -> None:
    offered, given = fw.waiting_order(shop), fw.waiting_order(shop)
    offer = fw.offer(max_, offered)
    results = together(
        lambda: accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max"),
        lambda: assign_order(order_id=given.pk, deliverer_id=max_.pk, by="account:boss"),
    )
    # Who comes second is refused, or joins what the first has made.
    assert results[1] in ("done", "conflict")
    assert results[0] in ("done", "offer_taken", "deliverer_busy")
    assert "done" in results
    assert Route.objects.filter(deliverer=max_, status="assigned").count() == 1
    assert Stop.objects.filter(route__status="withdrawn").count() == 0


def test_one_order_is_not_given_to_two(shop: Restaurant, max_: Deliverer) -> None:
    eve = fw.deliverer(shop.city, "eve")
    order = fw.waiting_order(shop)
    acts = [
        lambda person=person: assign_order(order_id=order.pk, deliverer_id=person.pk, by="account:boss")
        for person in (max_, eve)
    ]
    results = together(*acts)
    assert "done" in results
    assert Stop.objects.filter(order=order, route__status="assigned").count() == 2
    assert Stop.objects.filter(order=order).values("route").distinct().count() == 1


def test_accepting_and_expiring_agree(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    offer = fw.offer(max_, order)
    [answer, _] = together(
        lambda: accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max"),
        lambda: expire_offer(aggregate_pk=offer.route_id),
    )
    offer.refresh_from_db()
    route = Route.objects.get(pk=offer.route_id)
    assert (answer, offer.status, route.status) in [
        ("done", "accepted", "assigned"),
        ("offer_expired", "expired", "withdrawn"),
    ]
    assert Stop.objects.filter(order=order, route=None).count() == (2 if route.status == "withdrawn" else 0)


def test_an_order_cancelled_while_it_is_offered_is_left_nowhere(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    held = fw.lease(shop.city)
    proposal = fw.proposal(max_, order)
    together(
        lambda: offer_route(city=shop.city, proposal=proposal, lease=held),
        lambda: orders.cancel_order(order_id=order.pk, by="a", reason="test", borne_by=Bearer.PLATFORM),
    )
    prune_routes()
    assert Offer.objects.filter(status="open").count() == 0
    assert Stop.objects.filter(route__status__in=["planned", "assigned"]).count() == 0


def test_a_bag_is_picked_up_once(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    offer = fw.offer(max_, order)
    accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")
    pickup = Stop.objects.get(order=order, kind="pickup")

    def complete() -> Stop:
        return complete_stop(stop_id=pickup.public_id, deliverer_id=max_.pk, by="account:max")

    assert sorted(together(complete, complete)) == ["done", "illegal_transition"]
    order.refresh_from_db()
    assert order.status == "picked_up"
