"""The planner: what it reads, what it commits, and what it leaves to others."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.orders.models import Order
from dispatch import planner as planner_module
from dispatch.desk.models import Alarm
from dispatch.engine.kitchens import LEARNT_FROM, Kitchens
from dispatch.errors import LeaseLost
from dispatch.fleet.models import Deliverer
from dispatch.models import CityLease, Decision, Exclusion, Offer, Route
from dispatch.planner import Planner
from dispatch.planning import CityPlanning, interval_of
from dispatch.problems import problem_of, watch_kitchens
from dispatch.services.leases import NEVER, renew_cities, sign_in_planner, sign_out_planner, take_cities
from dispatch.services.offers import accept_offer, decline_offer
from dispatch.snapshot import take_snapshot, waiting_cities
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def wait_until(holds: Callable[[], bool]) -> None:
    """Bounded by tries, not by the clock."""
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came true")


def reasons() -> list[str]:
    return list(Decision.objects.order_by("pk").values_list("waits_because", flat=True))


def test_the_nearest_deliverer_gets_the_offer(shop: Restaurant) -> None:
    fw.deliverer(shop.city, "far", at=Point(shop.lat + 0.04, shop.lon))
    near = fw.deliverer(shop.city, "near")
    order = fw.waiting_order(shop)
    assert CityPlanning(fw.lease(shop.city)).tick() == 1
    offer = Offer.objects.get()
    assert (offer.deliverer, offer.status, offer.pay) == (near, "open", 400)
    # 1,000.8 m from the counter to the door, over detours of 1.3.
    assert offer.distance_m == 1301
    decision = Decision.objects.get(order=order)
    assert (decision.route_id, decision.deliverer_id, decision.made_by) == (offer.route_id, near.pk, "engine")
    assert decision.terms["approach_min"] == 0.0
    assert decision.runner_up["deliverer"] == str(Deliverer.objects.get(account__name="Far").pk)


def test_kitchens_that_were_late_are_expected_to_be_late(shop: Restaurant) -> None:
    kitchens = Kitchens()
    told = [fw.waiting_order(shop) for _ in range(LEARNT_FROM + 1)]
    watch_kitchens(kitchens, take_snapshot(shop.city_id))
    late = [order.pk for order in told[:-1]]
    Order.objects.filter(pk__in=late).update(status="ready", ready_at=F("ready_eta") + timedelta(minutes=10))
    snapshot = take_snapshot(shop.city_id)
    watch_kitchens(kitchens, snapshot)
    asked = problem_of(snapshot, every=timedelta(minutes=1), pull={}, previous={}, kitchens=kitchens)
    [cooking] = [demand for demand in asked.orders if demand.order == str(told[-1].pk)]
    # Told for a minute after the snapshot at the latest.
    assert 9 < min(cooking.perhaps_at) <= cooking.ready_at < 21
    assert all(demand.perhaps_at == () for demand in asked.orders if demand is not cooking)


def test_two_orders_of_one_counter_share_a_route(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    fw.waiting_order(shop)
    fw.waiting_order(shop)
    CityPlanning(fw.lease(shop.city)).tick()
    assert list(Route.objects.get().stops.values_list("kind", flat=True)) == [
        "pickup",
        "pickup",
        "dropoff",
        "dropoff",
    ]


def test_nobody_is_sent_to_wait_for_the_food(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    fw.waiting_order(shop, prep_time=timedelta(minutes=30))
    CityPlanning(fw.lease(shop.city)).tick()
    assert (Offer.objects.count(), reasons()) == (0, ["not_yet"])


def test_a_reason_is_written_when_it_changes(shop: Restaurant) -> None:
    fw.waiting_order(shop, prep_time=timedelta(minutes=30))
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    planning.tick()
    assert reasons() == ["no_deliverer"]
    fw.deliverer(shop.city)
    planning.tick()
    assert reasons() == ["no_deliverer", "not_yet"]


def test_an_order_without_deliverer_calls_a_dispatcher_after_a_while(shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    assert Alarm.objects.count() == 0
    Order.objects.filter(pk=order.pk).update(accepted_at=F("accepted_at") - timedelta(minutes=6))
    planning.tick()
    planning.tick()
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.subject) == ("order_without_deliverer", f"order:{order.public_id}")


def test_a_declined_order_goes_to_somebody_else(shop: Restaurant) -> None:
    first = fw.deliverer(shop.city, "first")
    second = fw.deliverer(shop.city, "second", at=Point(shop.lat + 0.02, shop.lon))
    order = fw.waiting_order(shop)
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    offer = Offer.objects.get()
    assert offer.deliverer == first
    decline_offer(offer_id=offer.public_id, deliverer_id=first.pk, by="account:first")
    planning.tick()
    assert Offer.objects.get(status="open").deliverer == second
    assert list(Exclusion.objects.values_list("order", "deliverer")) == [(order.pk, first.pk)]


def test_who_declined_is_offered_the_next_order(shop: Restaurant) -> None:
    person = fw.deliverer(shop.city)
    fw.waiting_order(shop)
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    decline_offer(offer_id=Offer.objects.get().public_id, deliverer_id=person.pk, by="account:max")
    planning.tick()
    assert reasons()[-1] == "all_forbidden"
    order = fw.waiting_order(shop)
    planning.tick()
    assert Offer.objects.get(status="open").route.stops.get(kind="pickup").order == order


def test_a_busy_deliverer_is_planned_but_not_asked(shop: Restaurant) -> None:
    person = fw.deliverer(shop.city)
    fw.waiting_order(shop)
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    accept_offer(offer_id=Offer.objects.get().public_id, deliverer_id=person.pk, by="account:max")
    fw.waiting_order(shop)
    planning.tick()
    assert (Offer.objects.count(), reasons()[-1]) == (1, "after_others")


def test_a_planner_that_lost_its_lease_commits_nothing(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    fw.waiting_order(shop)
    stale = CityPlanning(fw.lease(shop.city, "first"))
    CityLease.objects.update(until=NEVER)
    fw.lease(shop.city, "second")
    with pytest.raises(LeaseLost):
        stale.tick()
    assert (Route.objects.count(), Offer.objects.count(), Decision.objects.count()) == (0, 0, 0)


def test_a_lease_that_ran_out_is_no_lease(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    fw.waiting_order(shop)
    planning = CityPlanning(fw.lease(shop.city))
    CityLease.objects.update(until=Now() - timedelta(seconds=1))
    with pytest.raises(LeaseLost):
        planning.tick()


def test_a_city_is_held_by_one(shop: Restaurant) -> None:
    mine = fw.lease(shop.city, "first")
    assert take_cities(holder="second", city_ids=[shop.city_id], limit=1) == []
    assert renew_cities(leases=[mine]) == {mine}
    CityLease.objects.update(until=NEVER)
    theirs = fw.lease(shop.city, "second")
    assert theirs.epoch == mine.epoch + 1
    assert renew_cities(leases=[mine]) == set()


def test_a_snapshot_takes_as_many_queries_for_ten_orders_as_for_one(shop: Restaurant) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            take_snapshot(shop.city_id)
        return len(taken)

    held = fw.lease(shop.city)
    fw.offer(fw.deliverer(shop.city, "one"), fw.waiting_order(shop), held=held)
    fw.waiting_order(shop)
    few = queries()
    for number in range(9):
        fw.offer(fw.deliverer(shop.city, f"more{number}"), fw.waiting_order(shop), held=held)
        fw.waiting_order(shop)
    assert (few, queries()) == (14, 14)


def test_city_time_sets_the_pace() -> None:
    assert interval_of(City(time_rate=1.0)) == timedelta(seconds=5)
    assert interval_of(City(time_rate=60.0)) == timedelta(seconds=1)
    assert interval_of(City(time_rate=600.0)) == timedelta(seconds=0.25)


def test_only_cities_with_waiting_orders_are_worked_on(shop: Restaurant) -> None:
    world.pizzeria("quiet")
    fw.waiting_order(shop)
    assert waiting_cities() == [shop.city_id]


def test_planners_share_the_cities() -> None:
    cities = [fw.waiting_order(world.pizzeria(slug)).city_id for slug in ("a", "b", "c")]
    first, second = Planner(holder="first"), Planner(holder="second")
    try:
        first.round()
        assert {lease.city_id for lease in first.threads} == set(cities)
        second.round()
        first.round()
        second.round()
        assert (len(first.threads), len(second.threads)) == (2, 1)
        held = {lease.city_id for planner in (first, second) for lease in planner.threads}
        assert held == set(cities)
    finally:
        first.leave()
        second.leave()
    assert CityLease.objects.filter(until__gt=Now()).count() == 0


def test_a_broken_city_holds_no_other_up() -> None:
    now = clock.now()
    broken, fine = (
        world.pizzeria(slug, time_rate=600.0, clock_started_at=now, clock_shows_at=now) for slug in ("broken", "fine")
    )
    fw.waiting_order(broken)
    fw.waiting_order(fine)
    fw.deliverer(fine.city)
    # A rule that the engine refuses: every tick of this city raises.
    City.objects.filter(pk=broken.city_id).update(target_time=timedelta(minutes=-1))
    stop = threading.Event()
    planner = Planner(holder="one")
    runner = threading.Thread(target=planner.run, args=[stop])
    runner.start()
    try:
        wait_until(Offer.objects.filter(city=fine.city).exists)
        wait_until(Alarm.objects.filter(kind="planning_fails", city=broken.city).exists)
    finally:
        stop.set()
        runner.join(timeout=10)
    assert not runner.is_alive()
    assert Alarm.objects.filter(city=fine.city).count() == 0


def test_a_stuck_city_is_given_up(shop: Restaurant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner_module, "STUCK_AFTER_S", 0.0)
    fw.waiting_order(shop)
    planner = Planner(holder="one")
    try:
        planner.round()
        [(lease, thread)] = planner.threads.items()
        planner.round()
        assert thread not in planner.threads.values()
        assert lease not in planner.threads
    finally:
        planner.leave()
    assert not thread.is_alive(), "who leaves waits for the given-up threads too"


def test_planners_that_are_gone_do_not_count() -> None:
    assert sign_in_planner(holder="first") == 1
    assert sign_in_planner(holder="second") == 2
    sign_out_planner(holder="second")
    assert sign_in_planner(holder="first") == 1
