"""A phone that tells later what happened earlier; what others change, and who is told; breaks; asking for help."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from delivery.cities.models import Membership
from delivery.ground import clock
from delivery.ground.ids import new_token
from delivery.orders.models import Order
from dispatch.desk.models import Alarm
from dispatch.fleet import services as fleet
from dispatch.fleet.errors import NoShift
from dispatch.fleet.models import Deliverer, Position
from dispatch.models import Offer, Route, RouteNotice, Stop
from dispatch.selectors import unseen_notices
from dispatch.services.assign import assign_order
from dispatch.services.notices import acknowledge_notices
from dispatch.services.offers import accept_offer, expire_offer
from dispatch.services.stops import arrive_stop, complete_stop
from dispatch.snapshot import take_snapshot
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.callers import person
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def max_(shop: Restaurant) -> Deliverer:
    return fw.deliverer(shop.city, "max")


def on_a_route(who: Deliverer, order: Order) -> Route:
    route = accept_offer(offer_id=fw.offer(who, order).public_id, deliverer_id=who.pk, by="tests")
    long_ago = clock.now() - 30 * MINUTE
    Route.objects.filter(pk=route.pk).update(assigned_at=long_ago)
    Order.objects.filter(pk=order.pk).update(accepted_at=long_ago)
    return route


def stop_of(order: Order, kind: str) -> Stop:
    return Stop.objects.get(order=order, kind=kind)


def test_what_is_told_later_happened_earlier(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    now = clock.now()
    for kind, minutes in (("pickup", 20), ("dropoff", 5)):
        stop = stop_of(order, kind).public_id
        arrive_stop(stop_id=stop, deliverer_id=max_.pk, by="t", happened_at=now - (minutes + 1) * MINUTE)
        complete_stop(stop_id=stop, deliverer_id=max_.pk, by="t", happened_at=now - minutes * MINUTE)
    order.refresh_from_db()
    assert (order.picked_up_at, order.delivered_at) == (now - 20 * MINUTE, now - 5 * MINUTE)
    assert stop_of(order, "dropoff").arrived_at == now - 6 * MINUTE


def test_a_phone_is_believed_within_bounds(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = on_a_route(max_, order)
    route.refresh_from_db()
    pickup, dropoff = (stop_of(order, kind).public_id for kind in ("pickup", "dropoff"))
    complete_stop(stop_id=pickup, deliverer_id=max_.pk, by="t", happened_at=clock.now() - timedelta(days=2))
    assert stop_of(order, "pickup").done_at == route.assigned_at
    arrive_stop(stop_id=dropoff, deliverer_id=max_.pk, by="t", happened_at=clock.now() + timedelta(days=2))
    arrived_at = stop_of(order, "dropoff").arrived_at
    assert arrived_at is not None
    assert arrived_at <= clock.now()
    complete_stop(stop_id=dropoff, deliverer_id=max_.pk, by="t", happened_at=arrived_at - 10 * MINUTE)
    assert stop_of(order, "dropoff").done_at == arrived_at


def test_integrators_may_say_when_and_show_a_code(shop: Restaurant) -> None:
    account, caller = person("max")
    who = fleet.join_deliverer(account=account, city=shop.city, vehicle="scooter", by="tests")
    fleet.start_shift(deliverer_id=who.pk, by="tests")
    order = fw.waiting_order(shop)
    on_a_route(who, order)
    pickup, dropoff = (stop_of(order, kind).public_id for kind in ("pickup", "dropoff"))
    happened_at = clock.now() - 9 * MINUTE
    assert caller.post(f"/stops/{pickup}/arrive", {"happened_at": clock.utc_text(happened_at)})[0] == 200
    assert stop_of(order, "pickup").arrived_at == happened_at
    assert caller.post(f"/stops/{pickup}/complete", {})[0] == 200
    status, refused = caller.post(f"/stops/{dropoff}/complete", {"pin": "x"})
    assert (status, refused["code"], refused["current"]) == (422, "pin_wrong", {"tries_left": 4})
    assert refused["fields"]["pin"][0]["code"] == "pin_wrong"
    status, refused = caller.post(f"/stops/{dropoff}/complete", {"left_at_door": True})
    assert (status, refused["code"]) == (422, "photo_needed")
    assert caller.post(f"/stops/{dropoff}/complete", {"photo": "bm8gcGhvdG8="})[1]["code"] == "photo_unreadable"
    assert caller.post(f"/stops/{dropoff}/complete", {"happened_at": "2026-01-01T00:00:00"})[0] == 422
    assert caller.post(f"/stops/{dropoff}/complete", {})[0] == 200


def test_a_place_has_its_accuracy(shop: Restaurant) -> None:
    account, caller = person("max")
    who = fleet.join_deliverer(account=account, city=shop.city, vehicle="scooter", by="tests")
    fleet.start_shift(deliverer_id=who.pk, by="tests")
    place = {"lat": 43.6, "lon": 4.6, "at": clock.utc_text(clock.now()), "accuracy_m": 11.6}
    reply = Client(headers=caller.headers).post("/api/v1/positions", place, content_type="application/json")
    assert (reply.status_code, Position.objects.get().accuracy_m) == (204, 12)


@pytest.mark.django_db(transaction=True)
def test_who_did_not_change_a_route_is_told(shop: Restaurant, max_: Deliverer) -> None:
    eve = fw.deliverer(shop.city, "eve")
    mine, given = fw.waiting_order(shop), fw.waiting_order(shop)
    on_a_route(max_, mine)
    relay = carry_all()
    assert unseen_notices(max_.pk) == []  # an accepted route is no news
    assign_order(order_id=given.pk, deliverer_id=max_.pk, by="dora")
    carry_all(relay)
    assign_order(order_id=given.pk, deliverer_id=eve.pk, by="dora")
    fw.cancel(mine)
    carry_all(relay)
    fw.fire_duties()
    carry_all(relay)
    told = [(notice.kind, notice.order_id) for notice in unseen_notices(max_.pk)]
    assert told == [("joined", given.pk), ("left", given.pk), ("cancelled", mine.pk)]
    assert [notice.kind for notice in unseen_notices(eve.pk)] == ["joined"]
    newest = unseen_notices(max_.pk)[1].pk
    assert acknowledge_notices(deliverer_id=max_.pk, newest=newest) == 2
    assert [notice.kind for notice in unseen_notices(max_.pk)] == ["cancelled"]
    assert acknowledge_notices(deliverer_id=max_.pk, newest=RouteNotice.objects.latest("pk").pk) == 1
    assert len(unseen_notices(eve.pk)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_break_takes_back_what_is_offered(shop: Restaurant, max_: Deliverer) -> None:
    offer = fw.offer(max_, fw.waiting_order(shop))
    fleet.start_break(deliverer_id=max_.pk, by="tests")
    carry_all()
    fw.fire_duties()
    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    assert [shift.deliverer_id for shift in take_snapshot(shop.city_id).shifts] == []
    fleet.start_break(deliverer_id=max_.pk, by="tests")  # once is enough
    fleet.resume_offers(deliverer_id=max_.pk, by="tests")
    assert [shift.deliverer_id for shift in take_snapshot(shop.city_id).shifts] == [max_.pk]
    assert Offer.objects.filter(deliverer=max_).count() == 1


def test_nobody_rests_off_shift(max_: Deliverer) -> None:
    fleet.end_shift(deliverer_id=max_.pk, by="tests")
    with pytest.raises(NoShift):
        fleet.start_break(deliverer_id=max_.pk, by="tests")


def test_three_silent_offers_ask_and_hold_nothing_against_anybody(shop: Restaurant, max_: Deliverer) -> None:
    """One tap, and the next snapshot of the planner knows the person as if nothing had been."""
    held = fw.lease(shop.city)
    for _ in range(3):
        offer = fw.offer(max_, fw.waiting_order(shop), held=held)
        expire_offer(aggregate_pk=offer.route_id)
    max_.refresh_from_db()
    assert max_.offers_paused_at is not None
    assert take_snapshot(shop.city_id).shifts == []
    fleet.resume_offers(deliverer_id=max_.pk, by="tests")
    fresh = fw.waiting_order(shop)
    snapshot = take_snapshot(shop.city_id)
    assert [shift.deliverer_id for shift in snapshot.shifts] == [max_.pk]
    assert (max_.pk, fresh.pk) not in snapshot.excluded
    again = Deliverer.objects.get(pk=max_.pk)
    assert (again.silent_offers, again.offers_paused_at) == (0, None)


def test_help_has_a_name_on_it(shop: Restaurant, max_: Deliverer) -> None:
    dora = world.account("dora")
    Membership.objects.create(city=shop.city, account=dora, role=Membership.Role.DISPATCHER)
    client = Client()
    client.force_login(max_.account, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(2):
        reply = client.post(reverse("phone_help"), {"idempotency_key": new_token(), "reason": "vehicle"})
        assert reply.status_code == 302
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.detail["reason"], alarm.assigned_to) == ("deliverer_asks", "vehicle", dora)
    assert "Dora has been told" in client.get(reverse("phone")).content.decode()
    assert client.post(reverse("phone_help"), {"idempotency_key": new_token()}).status_code == 422
