"""API keys: shown once, limited to scopes and places, and dead the moment somebody revokes them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from delivery.accounts import limits
from delivery.devices import actors
from delivery.ground.errors import Invalid
from delivery.integrations import keys
from delivery.integrations.models import ApiKey
from printing.models import PrintJob
from printing.services.printers import register_printer
from printing.web import api
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def bistro() -> Restaurant:
    return world.restaurant(world.city(), "bistro")


def printer_of(shop: Restaurant) -> str:
    return register_printer(restaurant=shop, uid=f"{shop.slug}-1", name="Oven", host="127.0.0.1").uid


def program(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def prints(secret: str, to: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"to": to, "content": "x", **more}
    headers = {"Idempotency-Key": str(uuid4())}
    answer = program(secret).post("/api/v1/print", body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def made(*shops: Restaurant, scopes: tuple[str, ...] = ("print:write",), **more: Any) -> tuple[ApiKey, str]:
    return keys.make_key(name="till", scopes=scopes, restaurants=shops, by="tests", **more)


def test_a_key_prints_in_its_places_and_nowhere_else(shop: Restaurant, bistro: Restaurant) -> None:
    mine, other = printer_of(shop), printer_of(bistro)
    _, secret = made(shop)
    assert prints(secret, [mine])[0] == 201
    assert prints(secret, [mine, other])[0] == 404
    status, body = prints(secret, "all")
    assert (status, [job["printer"] for job in body["jobs"]]) == (201, [mine])


@pytest.mark.parametrize("reach", ["city", "everything"])
def test_a_key_reaches_restaurants_that_join_later(shop: Restaurant, reach: str) -> None:
    _, secret = made(cities=[shop.city]) if reach == "city" else made(reaches_all=True)
    later = printer_of(world.restaurant(shop.city, "newcomer"))
    assert prints(secret, [later])[0] == 201


def test_a_key_does_what_its_scopes_say(shop: Restaurant) -> None:
    mine = printer_of(shop)
    _, secret = made(shop, scopes=("orders:read",))
    assert prints(secret, [mine])[0] == 403
    order = world.order(shop, "margherita")
    assert program(secret).get(f"/api/v1/orders/{order.public_id}").status_code == 200
    assert program("ppk_wrong").get("/api/v1/restaurants?lat=1&lon=1").status_code == 401


def test_an_order_elsewhere_is_not_there(shop: Restaurant, bistro: Restaurant) -> None:
    order = world.order(shop, "margherita")
    _, secret = made(bistro, scopes=("orders:read",))
    assert program(secret).get(f"/api/v1/orders/{order.public_id}").status_code == 404


def test_a_revoked_key_is_dead_at_once(shop: Restaurant) -> None:
    key, secret = made(shop)
    actor = keys.actor_of_key(secret)
    assert actor is not None
    assert actor in actors.rights_of([actor])
    keys.revoke_key(key=key, by="boss")
    assert prints(secret, [printer_of(shop)])[0] == 401
    assert actors.rights_of([actor]) == {}
    assert list(keys.roles_of(actor)) == []


def test_the_secret_is_nowhere(shop: Restaurant) -> None:
    key, secret = made(shop)
    assert secret.startswith("ppk_")
    row = ApiKey.objects.values().get(pk=key.pk)
    assert secret[4:] not in str(row)
    assert str(key) == f"till …{secret[-4:]}"


def test_a_key_without_scopes_or_places_is_none(shop: Restaurant) -> None:
    for wrong in ({"scopes": ()}, {"scopes": ("everything",)}):
        with pytest.raises(Invalid):
            made(shop, **wrong)
    with pytest.raises(Invalid):
        made()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(name="x", sha256="x", ending="x", scopes=[], made_by="x")


def test_too_many_requests_wait(shop: Restaurant, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = made(shop)
    to = [printer_of(shop)]
    monkeypatch.setattr(api, "TICKETS", limits.Limit("t", most=3, per=api.TICKETS.per))
    assert prints(secret, to, copies=3)[0] == 201
    assert prints(secret, to)[0] == 429
    assert PrintJob.objects.count() == 3
    monkeypatch.setattr(api, "REQUESTS", limits.Limit("r", most=0, per=api.REQUESTS.per))
    answer = program(secret).post("/api/v1/print", {"to": to, "content": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer["Retry-After"]) <= 61
