"""The API of deliverers and dispatchers, and what the relay makes of their facts."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from delivery.cities.models import Membership
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.clock import utc_text
from delivery.ground.geo import Point
from delivery.ground.outbox.models import TopicEntry
from delivery.ground.registry import Trouble
from delivery.orders.models import Order
from dispatch import topics
from dispatch.desk.models import Alarm
from dispatch.desk.reactions import ask_about_trouble
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer, Position
from dispatch.models import Offer, Stop
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.callers import Caller, person
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def rider(shop: Restaurant, name: str = "max") -> tuple[Deliverer, Caller]:
    """A deliverer who has not started to work."""
    account, caller = person(name)
    return fleet.join_deliverer(account=account, city=shop.city, vehicle="scooter", by="tests"), caller


def dispatcher(shop: Restaurant, name: str = "dora") -> Caller:
    account, caller = person(name)
    Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    return caller


def at_work(shop: Restaurant, name: str = "max") -> tuple[Deliverer, Caller]:
    who, caller = rider(shop, name)
    assert caller.post("/shifts/start", {})[0] == 200
    fleet.report_position(deliverer_id=who.pk, point=Point(shop.lat, shop.lon), measured_at=clock.now())
    return who, caller


def report(caller: Caller, **body: Any) -> int:
    reply = Client(headers=caller.headers).post("/api/v1/positions", body, content_type="application/json")
    return reply.status_code


def test_a_working_day(shop: Restaurant) -> None:
    who, caller = rider(shop)
    assert report(caller, lat=1, lon=2, at=utc_text(clock.now())) == 409
    status, shift = caller.post("/shifts/start", {})
    assert (status, shift["ended_at"]) == (200, None)
    status, again = caller.post("/shifts/start", {})
    assert (status, again["code"]) == (409, "already_on_shift")
    assert report(caller, lat=43.6, lon=4.6, at=utc_text(clock.now())) == 204
    assert Position.objects.get(deliverer=who).lat == 43.6
    assert caller.get("/offers") == (200, {"offers": [], "route": None})
    status, shift = caller.post("/shifts/end", {})
    assert (status, shift["ended_at"] is None, Position.objects.count()) == (200, False, 0)
    assert caller.post("/shifts/end", {})[1]["code"] == "no_shift"


def test_a_place_never_goes_back_in_time(shop: Restaurant) -> None:
    who, caller = at_work(shop)
    now = clock.now()
    assert report(caller, lat=43.61, lon=4.6, at=utc_text(now)) == 204
    assert report(caller, lat=43.62, lon=4.6, at=utc_text(now - timedelta(seconds=9))) == 204
    assert Position.objects.get(deliverer=who).lat == 43.61
    # A phone that runs an hour ahead measures now, and does not shut out what it sends later.
    assert report(caller, lat=43.63, lon=4.6, at=utc_text(now + timedelta(hours=1))) == 204
    assert Position.objects.get(deliverer=who).measured_at < now + timedelta(minutes=5)
    # One that is an hour behind says so, and is believed.
    behind = utc_text(clock.now() - timedelta(hours=1))
    assert report(caller, lat=43.64, lon=4.6, at=behind, sent_at=behind) == 204
    assert Position.objects.get(deliverer=who).lat == 43.64


@pytest.mark.parametrize("body", [{"lat": 91, "lon": 0}, {"lat": 1}, {"lat": "nan", "lon": 0}, {"lat": 1, "lon": 2}])
def test_a_place_on_earth_with_its_time(shop: Restaurant, body: dict[str, Any]) -> None:
    _, caller = at_work(shop)
    assert (
        report(caller, **body | ({} if len(body) == 2 and body["lat"] == 1 else {"at": "2026-01-01T00:00:00Z"})) == 422
    )


def test_from_offer_to_door_over_http(shop: Restaurant) -> None:
    who, caller = at_work(shop)
    order = fw.waiting_order(shop)
    Order.objects.filter(pk=order.pk).update(customer_name="Ana Lopez", customer_phone="+33612345678", door_code="7A")
    fw.offer(who, order)
    status, seen = caller.get("/offers")
    [offer] = seen["offers"]
    assert (status, offer["pay"], offer["currency"], offer["destination"]["line"]) == (200, 400, "EUR", "2 rue du Nord")
    for private in ("Ana", "+33612345678", "7A"):
        assert private not in str(offer)
    status, taken = caller.post(f"/offers/{offer['id']}/accept", {"version": offer["version"]})
    assert status == 200
    pickup, dropoff = taken["route"]["stops"]
    assert (pickup["name"], dropoff["name"], dropoff["phone"]) == ("Pizzeria", "Ana", "+33612345678")
    assert dropoff["address"]["door_code"] == "7A"
    status, refused = caller.post(f"/stops/{dropoff['id']}/complete", {})
    assert (status, refused["code"]) == (409, "stop_out_of_order")
    assert caller.post(f"/stops/{pickup['id']}/arrive", {})[1]["status"] == "arrived"
    assert caller.post(f"/stops/{pickup['id']}/complete", {})[1]["status"] == "done"
    status, done = caller.post(f"/stops/{dropoff['id']}/complete", {})
    assert (status, done["status"], done["route"]["status"]) == (200, "done", "done")
    assert "phone" not in done
    order.refresh_from_db()
    assert order.status == "delivered"
    # One route of 400 on a shift of some seconds: far more than the guarantee.
    assert caller.post("/shifts/end", {})[1]["pay"] == 400


def test_a_repeated_answer_is_one_answer(shop: Restaurant) -> None:
    who, caller = at_work(shop)
    offer = fw.offer(who, fw.waiting_order(shop))
    first = caller.post(f"/offers/{offer.public_id}/accept", {}, key="one")
    assert caller.post(f"/offers/{offer.public_id}/accept", {}, key="one") == first
    status, refused = caller.post(f"/offers/{offer.public_id}/accept", {}, key="two")
    assert (status, refused["code"], refused["current"]["status"]) == (409, "offer_taken", "accepted")


def test_foreign_offers_and_stops_do_not_exist(shop: Restaurant) -> None:
    who, _ = at_work(shop)
    _, eve = at_work(shop, "eve")
    order = fw.waiting_order(shop)
    offer = fw.offer(who, order)
    assert eve.post(f"/offers/{offer.public_id}/accept", {})[0] == 404
    assert eve.post(f"/offers/{offer.public_id}/decline", {})[0] == 404
    stop = Stop.objects.get(order=order, kind="pickup")
    for act in ("arrive", "complete"):
        assert eve.post(f"/stops/{stop.public_id}/{act}", {})[0] == 404
    assert Offer.objects.get().status == "open"


def test_who_is_no_deliverer_has_no_offers(shop: Restaurant) -> None:
    assert Caller().get("/offers")[0] == 401
    assert person("ana")[1].get("/offers")[0] == 403
    assert dispatcher(shop).post("/shifts/start", {})[0] == 403


def test_a_dispatcher_assigns_in_the_own_city_only(shop: Restaurant) -> None:
    who, caller = at_work(shop)
    order = fw.waiting_order(shop)
    body = {"deliverer": str(who.public_id)}
    path = f"/orders/{order.public_id}/assign"
    assert dispatcher(world.pizzeria("other"), "otto").post(path, body)[0] == 404
    assert caller.post(path, body)[0] == 404
    status, route = dispatcher(shop).post(path, body)
    assert (status, route["deliverer"], len(route["stops"])) == (200, str(who.public_id), 2)


def test_positions_are_for_who_watches_the_city(shop: Restaurant) -> None:
    who, caller = at_work(shop)
    path = f"/cities/{shop.city.public_id}/positions"
    assert caller.get(path)[0] == 403
    assert dispatcher(world.pizzeria("other"), "otto").get(path)[0] == 404
    status, seen = dispatcher(shop).get(path)
    assert (status, [place["deliverer"] for place in seen["positions"]]) == (200, [str(who.public_id)])


def test_an_alarm_has_a_name_is_taken_and_closed(shop: Restaurant) -> None:
    dora = dispatcher(shop)
    ask_about_trouble(Trouble(shop.city_id, "orders.order", 7, "print_tickets", "no paper", gave_up=True))
    ask_about_trouble(Trouble(shop.city_id, "orders.order", 7, "print_tickets", "no paper", gave_up=True))
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.assigned_to and alarm.assigned_to.name, alarm.owner) == ("parked", "Dora", None)
    otto = dispatcher(world.pizzeria("other"), "otto")
    assert otto.post(f"/alarms/{alarm.public_id}/take", {})[0] == 404
    status, taken = dora.post(f"/alarms/{alarm.public_id}/take", {"version": 1})
    assert (status, taken["owner"]) == (200, "Dora")
    status, closed = dora.post(f"/alarms/{alarm.public_id}/close", {"reason": "printed by hand"})
    assert (status, closed["close_reason"]) == (200, "printed by hand")
    status, refused = dora.post(f"/alarms/{alarm.public_id}/take", {})
    assert (status, refused["code"]) == (409, "illegal_transition")


def rows(topic: str) -> list[tuple[str, bool]]:
    """(entity without its id, whether it is still there), in the order of the topic."""
    entries = TopicEntry.objects.filter(topic=topic).order_by("seq")
    return [(entry.entity.split(":")[0], entry.payload is not None) for entry in entries]


@pytest.mark.django_db(transaction=True)
def test_the_relay_opens_stops_and_tells_the_phone(shop: Restaurant) -> None:
    who, caller = at_work(shop)
    order = world.order(shop)
    fw.accept(order)
    relay = carry_all()
    assert set(Stop.objects.filter(order=order).values_list("kind", flat=True)) == {"pickup", "dropoff"}
    offer = fw.offer(who, order)
    carry_all(relay)
    phone = f"deliverer.{who.public_id}"
    assert rows(phone)[-1] == ("offer", True)
    caller.post(f"/offers/{offer.public_id}/accept", {})
    carry_all(relay)
    assert rows(phone)[-2:] == [("offer", False), ("route", True)]
    for kind in ("pickup", "dropoff"):
        stop = Stop.objects.get(order=order, kind=kind)
        caller.post(f"/stops/{stop.public_id}/complete", {})
    carry_all(relay)
    assert rows(phone)[-1] == ("route", False)
    assert ("route", False) in rows(f"city.{shop.city.public_id}")


@pytest.mark.django_db(transaction=True)
def test_the_relay_lets_a_cancelled_order_go(shop: Restaurant) -> None:
    who, _ = at_work(shop)
    order = fw.waiting_order(shop)
    offer = fw.offer(who, order)
    fw.cancel(order)
    carry_all()
    fw.fire_duties()
    offer.refresh_from_db()
    assert (offer.status, set(Stop.objects.values_list("status", flat=True))) == ("withdrawn", {"cancelled"})


def test_snapshots_hold_open_work_for_who_may_see_it(shop: Restaurant) -> None:
    who, _ = at_work(shop)
    fw.offer(who, fw.waiting_order(shop))
    own = topics.deliverer_snapshot(str(who.public_id))
    assert [row.entity.split(":")[0] for row in own] == ["deliverer", "offer"]
    city = topics.city_rows(str(shop.city.public_id))
    assert [row.entity.split(":")[0] for row in city] == ["route", "deliverer"]
    mine = Actor(ref="account:max", account_id=who.account_id)
    assert topics.may_join_deliverer(mine, str(who.public_id))
    assert not topics.may_join_deliverer(
        Actor(ref="account:eve", account_id=world.account("eve").pk), str(who.public_id)
    )
    assert not topics.may_join_deliverer(mine, "nonsense")
