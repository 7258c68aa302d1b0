"""Refusals of quotes and orders: each has its status, its code and its paths, and leaves nothing behind."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from delivery.accounts.limits import Limit
from delivery.accounts.models import Account
from delivery.checkout.models import Quote
from delivery.devices import services as devices
from delivery.devices.models import Kind
from delivery.ground.idempotency import IdempotencyKey
from delivery.ground.ids import new_public_id
from delivery.orders.models import Order
from delivery.payments.models import Tender
from dispatch.services.offers import expire_offer
from restaurants import services as restaurants
from restaurants.models import Product, Restaurant
from tests import world
from tests.live.town import Caller, Town, basket, placement, token_of, written

pytestmark = pytest.mark.django_db

FAR_AHEAD = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def ana() -> Caller:
    return token_of(world.account("ana"))


def refused(caller: Caller, path: str, body: Any, *, key: str | None = None) -> tuple[int, str, list[str]]:
    """Status, code and paths of a refusal that wrote nothing."""
    before = written()
    status, problem = caller.post(path, body, key=key)
    assert status >= 400, problem
    assert written() == before
    assert not Tender.objects.filter(state=Tender.State.AUTHORIZED, order__isnull=True).exists()
    return status, problem["code"], sorted(problem["fields"])


def test_a_write_needs_a_key(shop: Restaurant, ana: Caller) -> None:
    for key in ("", " ", "k" * 256):
        assert refused(ana, "/quotes", basket(shop, cola=1), key=key) == (400, "idempotency_key_missing", [])
        assert refused(ana, "/orders", placement(shop, cola=1), key=key) == (400, "idempotency_key_missing", [])


@pytest.mark.parametrize("path", ["/quotes", "/orders"])
def test_validation_names_the_path(shop: Restaurant, ana: Caller, path: str) -> None:
    good = placement(shop, margherita=1, cola=1) if path == "/orders" else basket(shop, margherita=1, cola=1)
    first, second = good["lines"]
    for quantity in (0, -1, 51, 1e308, "1e3", "2", 1.5, True, None):
        bad = good | {"lines": [first, second | {"quantity": quantity}]}
        assert refused(ana, path, bad) == (422, "invalid", ["lines.1.quantity"])
    assert refused(ana, path, good | {"lines": []}) == (422, "invalid", ["lines"])
    bad_address = good | {"address": good["address"] | {"lat": 91}}
    assert refused(ana, path, bad_address) == (422, "invalid", ["address.lat"])


@pytest.mark.parametrize("field", ["total", "subtotal", "delivery_fee", "price", "status", "currency", "discount"])
def test_amounts_and_states_are_the_servers(shop: Restaurant, ana: Caller, field: str) -> None:
    assert refused(ana, "/quotes", basket(shop, cola=1) | {field: 1}) == (422, "invalid", [field])
    assert refused(ana, "/orders", placement(shop, cola=1) | {field: 1}) == (422, "invalid", [field])
    body = placement(shop, cola=1)
    body["lines"][0][field] = 1
    assert refused(ana, "/orders", body) == (422, "invalid", [f"lines.0.{field}"])
    body = placement(shop, cola=1)
    body["customer"][field] = 1
    assert refused(ana, "/orders", body) == (422, "invalid", [f"customer.{field}"])


def test_what_cannot_be_delivered(shop: Restaurant, ana: Caller) -> None:
    far = {"address": {"line": "far", "lat": 0, "lon": 0}}
    other = world.pizzeria("other", lat=44.5)
    mixed = basket(shop, cola=1)["lines"] + basket(other, cola=1)["lines"]
    nothing = {"product": str(new_public_id()), "quantity": 1}
    cases: list[tuple[dict[str, Any], tuple[int, str, list[str]]]] = [
        (far, (422, "address_outside_zones", ["address"])),
        ({"lines": mixed}, (422, "two_restaurants", ["lines.1.product"])),
        ({"lines": [nothing]}, (422, "unknown_product", ["lines.0.product"])),
        ({"restaurant": str(new_public_id())}, (422, "unknown_restaurant", ["restaurant"])),
        ({"wanted_at": "2020-01-01T00:00:00Z"}, (422, "invalid", ["wanted_at"])),
        ({"wanted_at": "2020-01-01T00:00:00"}, (422, "invalid", ["wanted_at"])),
    ]
    for change, expected in cases:
        assert refused(ana, "/quotes", basket(shop, cola=1) | change) == expected
        assert refused(ana, "/orders", placement(shop, cola=1) | change) == expected


def test_sold_out_and_closed(shop: Restaurant, ana: Caller) -> None:
    cola = Product.objects.get(restaurant=shop, name="cola")
    restaurants.mark_sold_out(product_id=cola.pk, until=FAR_AHEAD, by="tests")
    assert refused(ana, "/quotes", basket(shop, margherita=1, cola=1)) == (409, "sold_out", ["lines.1.product"])
    assert refused(ana, "/orders", placement(shop, cola=1)) == (409, "sold_out", ["lines.0.product"])
    restaurants.pause_restaurant(restaurant_id=shop.pk, duration=timedelta(hours=1), reason="rush", by="tests")
    assert refused(ana, "/orders", placement(shop, margherita=1))[:2] == (409, "restaurant_paused")
    restaurants.resume_restaurant(restaurant_id=shop.pk, by="tests")
    Restaurant.objects.filter(pk=shop.pk).update(opening_hours="off")
    assert refused(ana, "/orders", placement(shop, margherita=1))[:2] == (409, "restaurant_closed")


def test_a_refused_write_leaves_its_key_free(shop: Restaurant, ana: Caller) -> None:
    assert refused(ana, "/quotes", basket(shop, cola=0), key="k")[0] == 422
    Restaurant.objects.filter(pk=shop.pk).update(opening_hours="off")
    good = placement(shop, cola=1)
    assert refused(ana, "/orders", good, key="k")[0] == 409
    Restaurant.objects.filter(pk=shop.pk).update(opening_hours="24/7")
    status, placed = ana.post("/orders", good, key="k")
    assert status == 201
    assert ana.post("/orders", good, key="k") == (201, placed)
    assert refused(ana, "/orders", good | {"tip": 1}, key="k") == (422, "key_reused", [])
    assert refused(ana, "/quotes", basket(shop, cola=1), key="k") == (422, "key_reused", [])
    assert Order.objects.count() == 1


def test_the_key_of_one_caller_is_not_anothers(shop: Restaurant, ana: Caller) -> None:
    bob = token_of(world.account("bob"))
    good = placement(shop, cola=1)
    assert ana.post("/orders", good, key="k")[1]["id"] != bob.post("/orders", good, key="k")[1]["id"]
    assert Order.objects.count() == 2


def test_quotes_of_others_old_ones_and_changed_prices(shop: Restaurant, ana: Caller) -> None:
    bob = token_of(world.account("bob"))
    status, quote = ana.post("/quotes", basket(shop, cola=1))
    assert status == 201
    wants = {"quote": quote["id"], "customer": {"name": "Ana"}}
    assert refused(bob, "/orders", wants) == (404, "not_found", [])
    assert refused(ana, "/orders", wants | {"quote": str(new_public_id())}) == (404, "not_found", [])
    assert refused(ana, "/orders", wants | basket(shop, cola=1))[:2] == (422, "invalid")
    assert refused(ana, "/orders", wants | {"expected_total": quote["total"] - 1})[:2] == (409, "price_changed")
    Quote.objects.filter(public_id=quote["id"]).update(expires_at=Now() - timedelta(seconds=1))
    assert refused(ana, "/orders", wants)[:2] == (409, "quote_expired")


def test_steps_out_of_turn_say_where_things_stand() -> None:
    town = Town("here", lat=43.68)
    lobby = town.callers["lobby"]
    path = f"/orders/{town.order.public_id}"
    before = written()
    status, conflict = lobby.post(f"{path}/accept", {"version": 9})
    assert (status, conflict["code"]) == (409, "version_conflict")
    assert conflict["current"] == {"id": str(town.order.public_id), "version": 1, "status": "placed"}
    status, illegal = lobby.post(f"{path}/ready", {})
    assert (status, illegal["code"], illegal["current"]["status"]) == (409, "illegal_transition", "placed")
    for version in (0, -1, "1", 1.5, True, 2**70, 1e308):
        status, problem = lobby.post(f"{path}/accept", {"version": version})
        assert (status in (409, 422), problem["code"] in ("invalid", "version_conflict")) == (True, True), version
    assert written() == before


def test_an_offer_answered_too_late() -> None:
    town = Town("here", lat=43.68)
    expire_offer(aggregate_pk=town.offer.route_id)
    path = f"/offers/{town.offer.public_id}/accept"
    assert refused(town.callers["deliverer"], path, {})[:2] == (409, "offer_expired")
    assert refused(town.callers["deliverer"], path, {"version": 99})[0] == 409


def test_unknown_and_foreign_printers() -> None:
    till = Town("here", lat=43.68).callers["integrator"]
    there = Town("there", lat=44.5)
    for to in (["nothing"], [there.printer.uid], "restaurant=there", "role=nothing", " "):
        status, code, _ = refused(till, "/print", {"to": to, "content": "x"})
        assert (status, code) in ((404, "no_printer"), (422, "invalid")), to
    assert refused(till, "/print", {"to": ["here-oven", "there-oven"], "content": "x"})[:2] == (404, "no_printer")


@pytest.mark.django_db(transaction=True)
def test_wrong_pairing_codes_are_counted_and_right_ones_work_once(shop: Restaurant, monkeypatch: Any) -> None:
    everlasting = Limit("wrong pairing codes", most=5, per=timedelta(days=36_500))
    monkeypatch.setattr(devices, "WRONG_CODES_PER_ADDRESS", everlasting)
    stranger = Caller()
    code = devices.create_pairing_code(kind=Kind.LOBBY, restaurant=shop, by="tests")
    status, paired = stranger.post("/devices/pair", {"code": code.lower()})
    assert (status, paired["restaurant"]) == (201, str(shop.public_id))
    assert Caller(paired["token"]).get(f"/restaurants/{shop.public_id}/menu")[0] == 200
    answers = [refused(stranger, "/devices/pair", {"code": code}) for _ in range(5)]
    assert {status for status, _, _ in answers} <= {404, 422}
    answer = stranger.send("POST", "/devices/pair", b'{"code": "AAAA2222"}')
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
def test_a_twin_that_still_runs_is_in_progress(shop: Restaurant, ana: Caller) -> None:
    """Another transaction holds the key, as a slow twin does."""
    body = placement(shop, cola=1)
    ref = str(Account.objects.get().public_id)
    outcome: list[tuple[int, Any]] = []

    def send() -> None:
        outcome.append(ana.post("/orders", body, key="k"))
        connection.close()

    with transaction.atomic():
        IdempotencyKey.objects.create(
            scope=f"account:{ref}", key="k", route="x", body_sha256=b"x", status=0, response={}, created_at=FAR_AHEAD
        )
        twin = threading.Thread(target=send)
        twin.start()
        twin.join(20)
        transaction.set_rollback(True)
    assert [(status, problem["code"]) for status, problem in outcome] == [(409, "in_progress")]
    assert not Order.objects.exists()
    assert ana.post("/orders", body, key="k")[0] == 201
