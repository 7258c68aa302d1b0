"""From rows to the engine's limits: bags, ages, cash, zones, rests, silence, vehicles, fairness, experience."""

from datetime import timedelta

import pytest
from django.db.models import F

from delivery.cities.models import Membership, Zone
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.orders.models import Order
from delivery.payments.models import Tender
from dispatch.cargo import cargo_of
from dispatch.engine.kitchens import Kitchens
from dispatch.engine.problem import Deliverer as EngineDeliverer
from dispatch.engine.problem import Demand, Problem
from dispatch.experience import LEAST, Experience, learn, ridden_min
from dispatch.fleet.models import Deliverer, Position, Shift
from dispatch.models import Decision, Offer, Route, Stop
from dispatch.planning import CityPlanning
from dispatch.problems import problem_of, weighed
from dispatch.services.offers import decline_offer
from dispatch.snapshot import OFFLINE_AFTER, take_snapshot
from restaurants.models import Product, Restaurant
from tests import fleet_world as fw
from tests import world
from tests.callers import person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def asked(shop: Restaurant, taught: Experience | None = None) -> Problem:
    snapshot = take_snapshot(shop.city_id)
    every = timedelta(minutes=1)
    return problem_of(snapshot, every=every, pull={}, previous={}, kitchens=Kitchens(), taught=taught)


def one(shop: Restaurant) -> tuple[Demand, EngineDeliverer]:
    problem = asked(shop)
    [demand], [person] = problem.orders, problem.deliverers
    return demand, person


def test_an_order_asks_for_what_its_dishes_ask_for(shop: Restaurant) -> None:
    Product.objects.filter(name="margherita").update(keeps="hot", bag_room=2)
    Product.objects.filter(name="cola").update(keeps="cold", age_limit=18)
    order = world.order(shop, "margherita", "cola")
    cargo = cargo_of([order.pk])[order.pk]
    assert (cargo.room, cargo.needs) == (3, frozenset({"hot_bag", "cold_bag", "age_check"}))
    plain = world.order(shop, "regina")
    assert cargo_of([plain.pk])[plain.pk].needs == frozenset()


def test_cash_at_the_door_counts_against_the_limit(shop: Restaurant) -> None:
    who = fw.deliverer(shop.city)
    Deliverer.objects.filter(pk=who.pk).update(cash_limit=5000)
    orders = [fw.waiting_order(shop) for _ in range(2)]
    Tender.objects.filter(order__in=orders).update(kind="cash", state="authorized")
    owed = orders[0].total
    problem = asked(shop)
    assert [demand.cash for demand in problem.orders] == [owed, owed]
    fw.offer(who, orders[0])
    demand, person = one(shop)
    assert (demand.cash, person.cash_limit) == (owed, 5000 - owed)


@pytest.mark.parametrize(
    ("lacks", "is_offered"),
    [
        ({}, True),
        ({"has_hot_bag": False}, False),
        ({"may_check_age": False}, True),
        ({"bag_room": 0}, False),
        ({"cash_limit": 0}, True),
    ],
)
def test_who_lacks_something_is_not_asked(shop: Restaurant, lacks: dict[str, object], *, is_offered: bool) -> None:
    Product.objects.filter(name="margherita").update(keeps="hot")
    who = fw.deliverer(shop.city)
    Deliverer.objects.filter(pk=who.pk).update(**lacks)
    order = fw.waiting_order(shop)
    CityPlanning(fw.lease(shop.city)).tick()
    assert Offer.objects.exists() == is_offered
    if not is_offered:
        assert Decision.objects.get(order=order).waits_because == "nobody_suited"


def test_deliverers_with_zones_serve_no_other(shop: Restaurant) -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 1]]
    elsewhere = Zone.objects.create(city=shop.city, name="elsewhere", ring=ring, fee=1)
    who = fw.deliverer(shop.city)
    who.zones.add(elsewhere)
    order = fw.waiting_order(shop)
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    assert Decision.objects.get(order=order).waits_because == "nobody_suited"
    who.zones.add(Zone.objects.get(city=shop.city, name="all"))
    planning.tick()
    assert Offer.objects.get().deliverer == who


def test_a_rest_ends_the_pickups_before_it_and_begins_them_after_it(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    fw.waiting_order(shop)
    in_half_an_hour = clock.now() + timedelta(minutes=30)
    Shift.objects.update(rests_at=in_half_an_hour, rests_until=in_half_an_hour + timedelta(minutes=20))
    _, before = one(shop)
    assert (29 < before.off_at <= 30, before.free_at) == (True, 0)
    Shift.objects.update(rests_at=F("rests_at") - timedelta(hours=1), rests_until=in_half_an_hour)
    _, resting = one(shop)
    assert (29 < resting.free_at <= 30, resting.off_at > 400) == (True, True)


def test_a_phone_that_is_silent_for_long_is_asked_nothing_new(shop: Restaurant) -> None:
    who = fw.deliverer(shop.city)
    order = fw.waiting_order(shop)
    Position.objects.update(received_at=F("received_at") - OFFLINE_AFTER - timedelta(minutes=1))
    assert asked(shop).deliverers == ()
    fw.offer(who, order)
    assert len(asked(shop).deliverers) == 1, "what is on the way stays on the way"


def test_pay_and_waiting_of_the_shift_are_told(shop: Restaurant) -> None:
    first, second = fw.deliverer(shop.city, "first"), fw.deliverer(shop.city, "second")
    Shift.objects.update(started_at=F("started_at") - timedelta(hours=1))
    now = clock.now()
    Route.objects.create(
        city=shop.city,
        deliverer=first,
        status="done",
        distance_m=1,
        pay=800,
        planned_at=now,
        assigned_at=now,
        closed_at=now,
    )
    fw.waiting_order(shop)
    told = {person.id: person for person in asked(shop).deliverers}
    paid, idle = told[str(first.pk)], told[str(second.pk)]
    assert [paid.paid_ahead, idle.paid_ahead] == pytest.approx([1, -1])
    # 800 of 1,200 an hour for nine hours.
    assert paid.pay_share == pytest.approx(800 / (9 * 1200), rel=0.01)
    assert [paid.waited_min, idle.waited_min] == pytest.approx([0, 60], abs=1)


def test_offers_are_accepted_by_zone_and_hour_never_by_person(shop: Restaurant) -> None:
    held = fw.lease(shop.city)
    for number in range(12):
        who = fw.deliverer(shop.city, f"person{number}")
        offer = fw.offer(who, fw.waiting_order(shop), held=held)
        decline_offer(offer_id=offer.public_id, deliverer_id=who.pk, by="tests")
    taught = learn(shop.city)
    zone, hour = str(Zone.objects.get(city=shop.city).pk), clock.shown(shop.city, clock.now()).hour
    assert LEAST <= taught.acceptance(zone, hour) < taught.usually < 1
    assert taught.acceptance("elsewhere", hour) == taught.usually
    fw.waiting_order(shop)
    demands = asked(shop, taught).orders
    assert {demand.acceptance for demand in demands} == {taught.acceptance(zone, hour)}
    assert {demand.zone for demand in demands} == {zone}


def test_rides_that_took_longer_stretch_the_ways(shop: Restaurant) -> None:
    start = clock.now()
    legs = [(0, 2, shop.lat), (12, 14, shop.lat + 0.01), (20, 22, shop.lat + 0.02)]
    stops = [
        Stop(
            kind="pickup" if number == 0 else "dropoff",
            lat=lat,
            lon=shop.lon,
            arrived_at=start + timedelta(minutes=came),
            done_at=start + timedelta(minutes=done),
        )
        for number, (came, done, lat) in enumerate(legs)
    ]
    # Two halves of a service of four minutes are no ride: 2 -> 12 and 14 -> 20.
    assert ridden_min(shop.city, stops) == (10 - 2) + (6 - 2)
    fw.deliverer(shop.city, at=Point(shop.lat + 0.01, shop.lon))
    fw.waiting_order(shop)
    problem = asked(shop)
    slow = weighed(problem, problem.rules, Experience(rides=[1.5] * 30))
    places = [problem.deliverers[0].at, problem.orders[0].pickup]
    assert slow.travel.minutes(places)[0, 1] == 1.5 * problem.travel.minutes(places)[0, 1]
    assert weighed(problem, problem.rules, Experience(rides=[1.5] * 3)).travel is problem.travel


def test_a_promise_and_a_vehicle_reach_the_engine(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    order: Order = fw.waiting_order(shop)
    demand, person = one(shop)
    assert person.vehicle == "bicycle"
    assert order.promised_until is not None
    assert demand.promised_at == pytest.approx((order.promised_until - clock.now()) / timedelta(minutes=1), abs=0.5)


def test_who_watches_the_city_says_what_a_deliverer_has(shop: Restaurant) -> None:
    who = fw.deliverer(shop.city)
    account, dora = person("dora")
    Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    path = f"/deliverers/{who.public_id}/equipment"
    wanted = {"has_cold_bag": False, "bag_room": 6, "zones": ["all"], "version": who.version}
    status, told = dora.post(path, wanted)
    assert (status, told["has_cold_bag"], told["bag_room"], told["zones"]) == (200, False, 6, ["all"])
    fw.waiting_order(shop)
    _, told_engine = one(shop)
    assert (told_engine.has, told_engine.capacity) == (frozenset({"hot_bag", "age_check"}), 6)
    assert told_engine.zones == frozenset({str(Zone.objects.get(city=shop.city).pk)})
    assert dora.post(path, wanted)[0] == 409
    assert dora.post(path, {"zones": ["moon"]})[0] == 422
    assert dora.post(path, {"bag_room": -1})[0] == 422
    other, otto = person("otto")
    Membership.objects.create(city=world.pizzeria("other").city, account=other, role=Membership.Role.DISPATCHER)
    assert otto.post(path, {})[0] == 404
    assert person("guest")[1].post(path, {})[0] == 403
