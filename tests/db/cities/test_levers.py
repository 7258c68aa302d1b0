"""Emergency switches: what they do to a quote, a list and a promise, and how they end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from delivery.checkout import services as checkout
from delivery.checkout.models import Quote
from delivery.cities import levers, selectors
from delivery.cities.errors import OutOfReach, ZoneFull, ZonePaused
from delivery.cities.models import Lever, Zone
from delivery.cities.topics import city_levers
from delivery.ground import clock
from delivery.ground.errors import Invalid, VersionConflict
from delivery.ground.outbox.models import Deadline
from delivery.orders.promise import way
from delivery.orders.services import accept_order
from delivery.wiring import city_snapshot
from restaurants.models import Restaurant
from restaurants.selectors import restaurants_delivering_to
from tests import world
from tests.db.storefront import visit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def pull(shop: Restaurant, kind: str, amount: int | None = None, **more: Any) -> Lever:
    until = more.pop("until", None) or clock.now() + HOUR
    return levers.pull_lever(city=shop.city, kind=kind, amount=amount, until=until, by="account:ana", **more)


def quote(shop: Restaurant) -> Quote:
    return checkout.quote(actor=world.GUEST, basket=world.basket(shop, "margherita"))


def test_a_rush_costs_what_it_says_and_takes_longer(shop: Restaurant) -> None:
    before = quote(shop)
    pull(shop, "rush", 10, fee=150)
    during = quote(shop)
    assert during.delivery_fee == before.delivery_fee + 150
    assert during.total == before.total + 150
    assert selectors.rush_at(shop.city, shop.point) == timedelta(minutes=10)
    [near] = restaurants_delivering_to(shop.point, clock.now())
    assert near.delivery_fee == world.FEE + 150
    assert Zone.objects.get().fee == world.FEE


def test_a_rush_is_in_the_promise(shop: Restaurant) -> None:
    pull(shop, "rush", 25)
    order = accept_order(order_id=world.order(shop).pk, by="device:lobby")
    usual = way(shop.city, shop.point, order.point)
    assert order.ready_eta
    assert order.promised_from
    assert clock.between(shop.city, order.ready_eta, order.promised_from) == usual + timedelta(minutes=25)


def test_a_pause_takes_no_orders_until_its_end(shop: Restaurant) -> None:
    lever = pull(shop, "pause")
    with pytest.raises(ZonePaused) as refused:
        quote(shop)
    assert refused.value.current == {"paused_until": lever.until}
    levers.end_lever(lever_id=lever.pk, by="account:bea")
    assert quote(shop).total


def test_a_pause_is_heard_by_who_has_a_quote_already(shop: Restaurant) -> None:
    held = quote(shop)
    pull(shop, "pause")
    with pytest.raises(ZonePaused):
        world.order(shop, wants=str(held.public_id))


def test_a_smaller_zone_leaves_the_near_ones(shop: Restaurant) -> None:
    pull(shop, "near_only", 200)
    with pytest.raises(OutOfReach):
        quote(shop)  # the address is a kilometre away
    pull(shop, "near_only", 1100)
    assert quote(shop).total


def test_a_cap_counts_the_orders_of_a_quarter_of_an_hour(shop: Restaurant) -> None:
    pull(shop, "cap", 1)
    order = world.order(shop)
    with pytest.raises(ZoneFull):
        quote(shop)
    type(order).objects.filter(pk=order.pk).update(placed_at=clock.now() - levers.CAP_WITHIN)
    assert quote(shop).total


def test_a_lever_of_another_zone_or_city_does_nothing_here(shop: Restaurant) -> None:
    other = world.pizzeria("other")
    far = Zone.objects.create(city=shop.city, name="far", ring=[[0, 0], [1, 0], [1, 1]], fee=1)
    pull(other, "pause")
    pull(shop, "pause", zone=far)
    assert quote(shop).total


def test_pulling_again_replaces_and_says_who(shop: Restaurant) -> None:
    first, second = pull(shop, "rush", 10), pull(shop, "rush", 20)
    first.refresh_from_db()
    assert (first.ended_by, second.ended_at) == ("account:ana", None)
    assert selectors.rush_at(shop.city, shop.point) == timedelta(minutes=20)


def test_its_deadline_ends_it(shop: Restaurant) -> None:
    lever = pull(shop, "pause")
    due = Deadline.objects.get(kind=levers.END, aggregate_id=lever.pk)
    assert due.due_at == lever.until
    levers.end_due_lever(aggregate_pk=lever.pk)
    lever.refresh_from_db()
    assert lever.ended_by == "system"
    assert not Deadline.objects.filter(kind=levers.END).exists()
    levers.end_due_lever(aggregate_pk=lever.pk)  # fired twice: nothing more happens
    assert Lever.objects.get(pk=lever.pk).version == lever.version


def test_its_time_is_over_before_anybody_writes_that_down(shop: Restaurant) -> None:
    pull(shop, "pause")
    Lever.objects.update(until=clock.now() - timedelta(seconds=1))
    assert quote(shop).total


def test_the_control_room_sees_it_come_and_go(shop: Restaurant) -> None:
    lever = pull(shop, "rush", 10, fee=150, zone=Zone.objects.get())
    [row] = city_levers(str(shop.city.public_id))
    assert row.entity == f"lever:{lever.public_id}"
    assert row.payload is not None
    assert (row.payload["zone"], row.payload["amount"], row.payload["pulled_by"]) == ("all", 10, "account:ana")
    assert row in city_snapshot(str(shop.city.public_id))
    levers.end_lever(lever_id=lever.pk, by="account:ana")
    assert city_levers(str(shop.city.public_id)) == []


@pytest.mark.parametrize(
    ("wild", "field"),
    [
        ({"kind": "earthquake"}, "kind"),
        ({"kind": "rush"}, "amount"),
        ({"kind": "rush", "amount": 0}, "amount"),
        ({"kind": "rush", "amount": 1000}, "amount"),
        ({"kind": "pause", "amount": 5}, "amount"),
        ({"kind": "pause", "fee": 5}, "fee"),
        ({"kind": "rush", "amount": 5, "fee": -1}, "fee"),
        ({"kind": "pause", "until": datetime(2020, 1, 1, tzinfo=UTC)}, "until"),
    ],
)
def test_a_wild_lever_is_refused(shop: Restaurant, wild: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        pull(shop, **wild)
    assert list(refused.value.fields) == [field]


def test_no_lever_without_a_near_end_nor_for_a_foreign_zone(shop: Restaurant) -> None:
    foreign = world.pizzeria("other").city.zones.get()
    with pytest.raises(Invalid):
        pull(shop, "pause", until=clock.now() + timedelta(hours=25))
    with pytest.raises(Invalid):
        pull(shop, "pause", zone=foreign)


def test_an_old_version_does_not_end_it(shop: Restaurant) -> None:
    lever = pull(shop, "pause")
    with pytest.raises(VersionConflict):
        levers.end_lever(lever_id=lever.pk, by="account:ana", version=lever.version + 1)


def test_the_storefront_tells_before_anything_is_chosen(shop: Restaurant, client: Client) -> None:
    pull(shop, "rush", 10, fee=150)
    visit.give_address(client)
    for page in ("/", f"/restaurants/{shop.slug}/"):
        shown = client.get(page).content.decode()
        assert "allow 10 minutes more; delivery costs €1.50 more" in shown
