"""Sold out, busy, paused: each has an end that comes by itself, an author, and is seen by who orders and who cooks."""

from datetime import timedelta

import pytest

from delivery.checkout.errors import SoldOut
from delivery.ground import clock
from delivery.ground.errors import Invalid, VersionConflict
from delivery.ground.outbox.models import Deadline, EventRow
from delivery.orders import services as orders
from delivery.wiring import kitchen_snapshot
from restaurants import selectors, services
from restaurants.models import FOR_GOOD, Product, Restaurant
from tests import world

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def facts(shop: Restaurant) -> list[str]:
    rows = EventRow.objects.filter(aggregate_kind="restaurants.restaurant", aggregate_id=shop.pk)
    return list(rows.order_by("seq").values_list("kind", flat=True))[2:]  # opened, menu


def due(shop: Restaurant, kind: str) -> Deadline | None:
    return Deadline.objects.filter(aggregate_id=shop.pk, kind=kind).first()


def product(shop: Restaurant, name: str) -> Product:
    return Product.objects.get(restaurant=shop, name=name)


def test_what_is_sold_out_comes_back_by_itself_one_after_the_other(shop: Restaurant) -> None:
    now = clock.now()
    cola, regina = product(shop, "cola"), product(shop, "regina")
    services.mark_sold_out(product_id=cola.pk, until=now + 2 * HOUR, by="device:a")
    services.mark_sold_out(product_id=regina.pk, until=now + HOUR, by="account:ines")
    first = due(shop, services.SOLD_OUT_END)
    assert first is not None
    assert first.due_at == now + HOUR
    with pytest.raises(SoldOut):
        world.order(shop, "regina")
    assert [(out.name, out.sold_out_by) for out in selectors.sold_out(shop, now)] == [
        ("cola", "device:a"),
        ("regina", "account:ines"),
    ]
    Product.objects.filter(pk=regina.pk).update(sold_out_until=now)
    services.end_sold_out(aggregate_pk=shop.pk)
    assert [out.name for out in selectors.sold_out(shop, now)] == ["cola"]
    second = due(shop, services.SOLD_OUT_END)
    assert second is not None
    assert second.due_at == now + 2 * HOUR
    assert facts(shop) == ["MenuChanged"] * 3


def test_what_is_gone_for_good_waits_for_a_person(shop: Restaurant) -> None:
    cola = product(shop, "cola")
    services.mark_sold_out(product_id=cola.pk, until=FOR_GOOD, by="device:a")
    cola.refresh_from_db()
    assert selectors.is_sold_out(cola, clock.now())
    assert selectors.comes_back_at(cola, clock.now()) is None
    assert due(shop, services.SOLD_OUT_END) is None
    services.mark_sold_out(product_id=cola.pk, until=None, by="device:a")
    world.order(shop, "cola")
    assert selectors.sold_out(shop, clock.now()) == []


def test_a_busy_kitchen_takes_longer_until_it_is_calm(shop: Restaurant) -> None:
    before = shop.version
    services.be_busy(restaurant_id=shop.pk, extra=timedelta(minutes=15), duration=HOUR, by="device:a", version=before)
    shop.refresh_from_db()
    assert selectors.prep_time(shop, clock.now()) == shop.prep_time + timedelta(minutes=15)
    assert selectors.prep_time(shop, clock.now() + 2 * HOUR) == shop.prep_time
    order = world.order(shop)
    orders.accept_order(order_id=order.pk, by="tests")
    order.refresh_from_db()
    assert order.prep_time == shop.prep_time + timedelta(minutes=15)
    services.end_busy(aggregate_pk=shop.pk)
    shop.refresh_from_db()
    assert (shop.busy_until, shop.busy_extra, shop.busy_by) == (None, timedelta(), "")
    assert facts(shop) == ["RestaurantBusy", "RestaurantCalm"]
    assert due(shop, services.BUSY_END) is None


@pytest.mark.parametrize(("minutes", "hours"), [(0, 1), (31, 1), (5, 0)])
def test_busy_has_a_measure_and_an_end(shop: Restaurant, minutes: int, hours: int) -> None:
    with pytest.raises(Invalid):
        services.be_busy(restaurant_id=shop.pk, extra=timedelta(minutes=minutes), duration=hours * HOUR, by="device:a")
    assert facts(shop) == []


def test_two_tablets_do_not_overrule_each_other_unseen(shop: Restaurant) -> None:
    seen = shop.version
    services.pause_restaurant(restaurant_id=shop.pk, duration=HOUR, reason="rest", by="device:a", version=seen)
    with pytest.raises(VersionConflict):
        services.be_busy(restaurant_id=shop.pk, extra=HOUR / 6, duration=HOUR, by="device:b", version=seen)


def test_screens_follow_the_pace_of_their_restaurant(shop: Restaurant) -> None:
    services.pause_restaurant(restaurant_id=shop.pk, duration=HOUR, reason="rest", by="device:a")
    row = next(row for row in kitchen_snapshot(str(shop.public_id)) if row.entity == "restaurant")
    assert row.payload is not None
    shop.refresh_from_db()
    assert row.version == shop.version
    assert shop.paused_until is not None
    assert row.payload["paused_until"] == clock.utc_text(shop.paused_until)
    assert shop.paused_by == "device:a"
