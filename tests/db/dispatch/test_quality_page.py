"""The quality page: who sees it, what it shows, and how weights are changed on it."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from delivery.ground import clock
from delivery.ground.geo import Point
from delivery.ground.ids import new_token
from delivery.orders.models import Order
from dispatch.models import ShadowPlan, Weights
from dispatch.planning import CityPlanning
from dispatch.services.weights import set_weights
from dispatch.weighing import own_weights
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/control-room/quality/"


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def signed_in(name: str, shop: Restaurant | None = None) -> Client:
    account: Account = world.account(name)
    if shop is not None:
        Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(number: int, use: str = "live", **weights: object) -> dict[str, object]:
    return {"idempotency_key": new_token(), "version": number, "use": use, "reason": "rain", **own_weights(), **weights}


def test_an_empty_city_has_a_page_that_says_so(shop: Restaurant) -> None:
    said = signed_in("dora", shop).get(PAGE).content.decode()
    assert "Nothing was delivered in this time." in said
    assert "Nothing is on trial." in said


def test_only_who_watches_the_city_sees_it(shop: Restaurant) -> None:
    assert Client().get(PAGE).status_code == 302
    assert signed_in("guest").get(PAGE).status_code in (403, 404)
    other = world.pizzeria("other")
    assert signed_in("otto", other).get(f"{PAGE}?city={shop.city.public_id}").status_code == 404


def test_deliveries_and_trials_are_drawn_and_told(shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    now = clock.now()
    Order.objects.filter(pk=order.pk).update(
        status="delivered",
        ready_at=now,
        picked_up_at=now,
        delivered_at=F("promised_until") + timedelta(minutes=5),
        placed_at=now - timedelta(minutes=1),
        closed_at=now,
    )
    Order.objects.filter(pk=order.pk).update(delivered_at=now, promised_until=now - timedelta(minutes=9))
    trial = set_weights(city_id=shop.city_id, use=Weights.Use.SHADOW, values={"pay_weight": 4}, by="tests")
    ShadowPlan.objects.create(
        city=shop.city,
        shadow=trial,
        planned_at=now,
        orders=4,
        different=1,
        live_door_min=120,
        shadow_door_min=100,
        live_food_min=8,
        shadow_food_min=4,
        live_late_min=0,
        shadow_late_min=0,
        took_ms=3,
    )
    dora = signed_in("dora", shop)
    for days in ("1", "7", "28", "nonsense"):
        said = dora.get(f"{PAGE}?days={days}").content.decode()
        assert "30.0 → 25.0" in said
        assert "25%" in said
        assert "data-plot" in said
        assert "End the trial" in said


def test_weights_are_changed_by_form_once_and_with_what_was_read(shop: Restaurant) -> None:
    dora = signed_in("dora", shop)
    address = f"/control-room/weights/?city={shop.city.public_id}"
    wanted = form(0, pay_weight="2.5", bundle_limit="3")
    assert [dora.post(address, wanted).status_code for _ in range(2)] == [302, 302]
    weights = Weights.objects.get()
    assert (weights.values, weights.reason, weights.author and weights.author.name) == (
        {"pay_weight": 2.5, "bundle_limit": 3},
        "rain",
        "Dora",
    )
    assert "rain" in dora.get(PAGE).content.decode()
    assert dora.post(address, form(0)).status_code == 409
    assert dora.post(address, form(1, pay_weight="-1")).status_code == 422
    assert dora.post(address, form(1, pay_weight="much")).status_code == 422
    assert Weights.objects.count() == 1


def test_the_pane_of_an_order_tells_why(shop: Restaurant) -> None:
    dora = signed_in("dora", shop)
    fw.deliverer(shop.city, "far", at=Point(shop.lat + 0.02, shop.lon))
    fw.deliverer(shop.city, "near")
    set_weights(city_id=shop.city_id, use=Weights.Use.LIVE, values={"pay_weight": 2}, by="tests")
    now, later = fw.waiting_order(shop), fw.waiting_order(shop, prep_time=timedelta(minutes=30))
    CityPlanning(fw.lease(shop.city)).tick()
    chosen = dora.get(f"/control-room/orders/{now.public_id}/").content.decode()
    assert "Why the planner chose Near" in chosen
    assert all(words in chosen for words in ("next best", "Far", "Weights of version 1.", "2 couriers were weighed."))
    waits = dora.get(f"/control-room/orders/{later.public_id}/").content.decode()
    assert "planned, would only wait at the restaurant" in waits or "planned behind other stops" in waits
    assert "Meant for " in waits
    assert "who leaves at" in waits


def test_a_trial_begins_and_ends_by_form(shop: Restaurant) -> None:
    dora = signed_in("dora", shop)
    assert dora.post("/control-room/weights/", form(0, use="shadow")).status_code == 302
    ended = dora.post("/control-room/weights/trial/end/", {"idempotency_key": new_token(), "version": 1})
    assert ended.status_code == 302
    assert list(Weights.objects.order_by("number").values_list("is_on", flat=True)) == [True, False]


@pytest.mark.parametrize("address", ["/control-room/weights/", "/control-room/weights/trial/end/"])
def test_nobody_else_changes_weights(shop: Restaurant, address: str) -> None:
    city = f"?city={shop.city.public_id}"
    assert signed_in("otto", world.pizzeria("other")).post(address + city, form(0)).status_code == 404
    assert Weights.objects.count() == 0
