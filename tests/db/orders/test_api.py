"""The API of restaurants, checkout and orders, over HTTP."""

from typing import Any

import pytest
from django.test import Client

from delivery.cities.models import Membership as CityMembership
from delivery.devices.models import Kind
from delivery.devices.services import register_device
from delivery.orders.models import Order
from restaurants.models import Product, Restaurant
from tests import world
from tests.callers import Caller, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def counter(shop: Restaurant, kind: Kind = Kind.LOBBY) -> Caller:
    return Caller(register_device(kind=kind, restaurant=shop, name="counter")[1])


def dispatcher(shop: Restaurant) -> Caller:
    account, caller = person("dora")
    CityMembership.objects.create(city=shop.city, account=account, role=CityMembership.Role.DISPATCHER)
    return caller


def basket(shop: Restaurant, **lines: int) -> dict[str, Any]:
    ids = dict(Product.objects.filter(restaurant=shop).values_list("name", "public_id"))
    return {
        "restaurant": str(shop.public_id),
        "lines": [{"product": str(ids[name]), "quantity": quantity} for name, quantity in lines.items()],
        "address": {"line": "2 rue du Nord", "lat": shop.lat + 0.009, "lon": shop.lon, "floor": "3"},
    }


def test_a_stranger_finds_a_restaurant_and_its_menu(shop: Restaurant) -> None:
    status, found = Caller().get(f"/restaurants?lat={shop.lat}&lon={shop.lon}")
    assert (status, [(near["name"], near["delivery_fee"], near["is_open"]) for near in found["restaurants"]]) == (
        200,
        [("Pizzeria", 290, True)],
    )
    status, menu = Caller().get(f"/restaurants/{shop.public_id}/menu")
    assert status == 200
    assert [(group["name"], [(p["name"], p["amount"]) for p in group["products"]]) for group in menu["categories"]] == [
        ("Pizza", [("margherita", 950), ("regina", 1180)]),
        ("Drinks", [("cola", 290)]),
    ]
    assert Caller().get("/restaurants?lat=0&lon=0") == (200, {"restaurants": []})
    assert Caller().get("/restaurants?lat=nan&lon=0")[0] == 422


def test_from_quote_to_ready(shop: Restaurant) -> None:
    _, ana = person("ana")
    lobby = counter(shop)
    status, quote = ana.post("/quotes", basket(shop, margherita=2, cola=1))
    assert (status, quote["subtotal"], quote["delivery_fee"], quote["total"]) == (201, 2190, 290, 2480)
    body = {"quote": quote["id"], "customer": {"name": "Ana"}, "tip": 100, "expected_total": 2580}
    status, placed = ana.post("/orders", body, key="once")
    assert (status, placed["status"], placed["total"], placed["version"]) == (201, "placed", 2580, 1)
    assert placed["tracking_url"] == f"/track/{placed['tracking_token']}/"
    assert ana.post("/orders", body, key="once") == (201, placed)
    assert Order.objects.get().floor == "3"
    path = f"/orders/{placed['id']}"
    assert ana.get(path)[1]["number"] == placed["number"]
    status, accepted = lobby.post(f"{path}/accept", {"prep_minutes": 20, "version": 1})
    assert (status, accepted["status"], accepted["version"]) == (200, "preparing", 3)
    assert [line["station"] for line in accepted["lines"]] == ["oven", "bar"]
    assert lobby.post(f"{path}/ready", {"version": 1})[0] == 409
    assert lobby.post(f"{path}/ready", {})[1]["status"] == "ready"
    status, late = ana.post(f"{path}/cancel", {"reason": "changed my mind"})
    assert (status, late["code"], late["current"]["status"]) == (409, "too_late", "ready")


def test_refusals_have_their_codes(shop: Restaurant) -> None:
    _, ana = person("ana")
    wanted = basket(shop, margherita=1)
    cases = {
        "invalid": wanted | {"total": 1},
        "address_outside_zones": wanted | {"address": {"line": "far", "lat": 0, "lon": 0}},
        "unknown_restaurant": wanted | {"restaurant": str(shop.city.public_id)},
        "unknown_product": wanted | {"lines": [{"product": str(shop.public_id), "quantity": 1}]},
    }
    for code, body in cases.items():
        status, refusal = ana.post("/quotes", body)
        assert (status, refusal["code"]) == (422, code)
    assert list(ana.post("/quotes", cases["unknown_product"])[1]["fields"]) == ["lines.0.product"]
    assert list(ana.post("/quotes", basket(shop, cola=0))[1]["fields"]) == ["lines.0.quantity"]
    for price in ("unit_amount", "amount", "price"):
        line = wanted["lines"][0] | {price: 1}
        assert ana.post("/quotes", wanted | {"lines": [line]})[0] == 422
    body = wanted | {"customer": {"name": "Ana"}, "expected_total": 1}
    status, changed = ana.post("/orders", body)
    assert (status, changed["code"], changed["current"]["total"]) == (409, "price_changed", 1240)
    nul = wanted | {"customer": {"name": "A\0na"}}
    assert ana.post("/orders", nul)[0] == 422
    assert Caller().post("/orders", body)[0] == 401
    assert not Order.objects.exists()


def test_an_order_exists_only_for_those_it_concerns(shop: Restaurant) -> None:
    _, ana = person("ana")
    _, bob = person("bob")
    owner = person("olga", is_owner=True)[1]
    other = counter(world.pizzeria("other", lat=44.5))
    status, placed = ana.post(
        "/orders", basket(shop, margherita=1) | {"customer": {"name": "Ana", "phone": "+33612345678"}}
    )
    assert status == 201
    path = f"/orders/{placed['id']}"
    seen = {
        "ana": ana.get(path),
        "lobby": counter(shop).get(path),
        "kitchen": counter(shop, Kind.KITCHEN).get(path),
        "dispatcher": dispatcher(shop).get(path),
        "owner": owner.get(path),
    }
    assert {name: status for name, (status, _) in seen.items()} == dict.fromkeys(seen, 200)
    assert "address" in seen["ana"][1]
    for audience in ("lobby", "kitchen"):
        assert not {"address", "customer_phone"} & set(seen[audience][1])
    for stranger in (bob, other):
        assert stranger.get(path)[0] == 404
        for step in ("accept", "ready", "reject", "cancel"):
            body = {"reason": "busy"} if step in ("reject", "cancel") else {}
            assert stranger.post(f"{path}/{step}", body)[0] == 404
    assert ana.post(f"{path}/accept", {})[0] == 403
    assert Caller().get(path)[0] == 401
    assert Order.objects.get().version == 1


def test_a_quote_belongs_to_who_asked(shop: Restaurant) -> None:
    _, ana = person("ana")
    _, bob = person("bob")
    quote = ana.post("/quotes", basket(shop, margherita=1))[1]
    body = {"quote": quote["id"], "customer": {"name": "Bob"}}
    assert bob.post("/orders", body)[0] == 404
    assert ana.post("/orders", body)[0] == 201
    status, spent = ana.post("/orders", body)
    assert (status, spent["code"]) == (409, "quote_expired")


def test_cookies_alone_do_not_write(shop: Restaurant) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.account("ana"))
    headers = {"Idempotency-Key": "k"}
    reply = browser.post("/api/v1/quotes", basket(shop, cola=1), content_type="application/json", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (403, "csrf_failed")


HOSTILE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"[" * 100_000,
    b'{"a":' * 10_000,
    b"\xff\xfe",
    b'{"lines": NaN}',
    b'{"restaurant": "\\u0000", "lines": [], "address": {}}',
]
HOSTILE_VALUES = [-1, 0, 51, 1e308, "1e3", True, None, [], {}, "\ud800", "\0", 2**70, "x" * 100_000]


@pytest.mark.parametrize("path", ["/quotes", "/orders"])
def test_no_bytes_break_the_door(shop: Restaurant, path: str) -> None:
    _, ana = person("ana")
    for body in HOSTILE:
        reply = Client(headers=ana.headers | {"Idempotency-Key": "k"}).generic("POST", f"/api/v1{path}", body)
        assert (reply.status_code in (400, 422), reply.headers["Content-Type"]) == (True, "application/problem+json")
    assert not Order.objects.exists()


@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=repr)
def test_no_value_breaks_the_door(shop: Restaurant, value: Any) -> None:
    _, ana = person("ana")
    good = basket(shop, margherita=1) | {"customer": {"name": "Ana"}}
    line, address = good["lines"][0], good["address"]
    wrong: list[dict[str, Any]] = [
        {"restaurant": value},
        {"lines": [line | {"quantity": value}]},
        {"lines": [line | {"product": value}]},
        {"address": address | {"lat": value}},
        {"customer": {"name": value if value != "1e3" else ""}},
        {"tip": value if value is True or value not in (0, 51) else -2},
        {"tender": value},
        {"wanted_at": value if value is not None else 0},
    ]
    for change in wrong:
        status, refusal = ana.post("/orders", good | change)
        assert (status in (400, 422), bool(refusal["code"])) == (True, True), change
    assert not Order.objects.exists()


def test_the_api_describes_itself() -> None:
    status, document = Caller().get("/openapi.json")
    assert (status, document["openapi"]) == (200, "3.1.0")
    assert {"/api/v1/orders", "/api/v1/quotes", "/api/v1/orders/{order_id}/accept"} <= set(document["paths"])
