"""The life of an order through its services."""

from datetime import timedelta

import pytest

from delivery.ground.errors import IllegalTransition, VersionConflict
from delivery.ground.outbox.models import Deadline, EventRow
from delivery.orders import ledger, services
from delivery.orders.errors import TooLate
from delivery.orders.models import Bearer, Order
from delivery.orders.pricing import Party
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db

KITCHEN = "device:kitchen"


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def facts(order: Order) -> list[tuple[int, str]]:
    rows = EventRow.objects.filter(aggregate_kind="orders.order", aggregate_id=order.pk).order_by("seq")
    return list(rows.values_list("seq", "kind"))


def duties(order: Order) -> list[str]:
    return list(
        Deadline.objects.filter(aggregate_kind="orders.order", aggregate_id=order.pk).values_list("kind", flat=True)
    )


def test_from_placed_to_delivered(shop: Restaurant) -> None:
    order = world.order(shop, "margherita", "cola", tip=100)
    assert (order.status, order.total) == ("placed", 950 + 290 + 290 + 100)
    assert sorted(duties(order)) == ["order.accept_by", "order.ring_by"]
    services.accept_order(order_id=order.pk, by=KITCHEN, version=1, prep_time=timedelta(minutes=20))
    assert duties(order) == []
    services.mark_ready(order_id=order.pk, by=KITCHEN)
    services.pick_up_order(order_id=order.pk, by="account:deliverer")
    services.deliver_order(order_id=order.pk, by="account:deliverer")
    assert facts(order) == [
        (1, "OrderPlaced"),
        (2, "OrderAccepted"),
        (3, "CookingStarted"),
        (4, "OrderReady"),
        (5, "OrderPickedUp"),
        (6, "OrderDelivered"),
    ]
    order.refresh_from_db()
    assert (order.status, order.version, order.is_final, order.closed_at is None) == ("delivered", 6, True, False)


def test_the_promise_is_city_time(shop: Restaurant) -> None:
    fast = world.pizzeria("fast", time_rate=60.0)
    for place, rate in ((shop, 1), (fast, 60)):
        order = world.order(place)
        done = services.accept_order(order_id=order.pk, by=KITCHEN, prep_time=timedelta(minutes=20))
        assert done.accepted_at is not None
        assert done.ready_eta is not None
        assert done.promised_from is not None
        assert done.promised_until is not None
        assert done.ready_eta - done.accepted_at == timedelta(minutes=20) / rate
        # 1,000.8 m at 250 m a minute over detours of 1.3, four minutes at the counter and four at the door.
        assert (done.promised_from - done.ready_eta).total_seconds() * rate == pytest.approx(792.2, abs=0.1)
        assert done.promised_until - done.promised_from == timedelta(minutes=15) / rate


def test_a_preorder_waits_for_its_ticket(shop: Restaurant) -> None:
    wanted_at = shop.created_at + timedelta(hours=5)
    order = world.order(shop, wanted_at=wanted_at)
    done = services.accept_order(order_id=order.pk, by=KITCHEN)
    assert (done.status, duties(order), done.promised_from) == ("accepted", ["order.cook_at"], wanted_at)
    services.start_preparing(aggregate_pk=order.pk)
    order.refresh_from_db()
    assert (order.status, duties(order)) == ("preparing", [])


def test_an_old_version_and_an_illegal_step_change_nothing(shop: Restaurant) -> None:
    order = world.order(shop)
    services.accept_order(order_id=order.pk, by=KITCHEN)
    with pytest.raises(VersionConflict) as old:
        services.mark_ready(order_id=order.pk, by=KITCHEN, version=1)
    assert old.value.current == {"id": str(order.public_id), "version": 3, "status": "preparing"}
    with pytest.raises(IllegalTransition) as illegal:
        services.accept_order(order_id=order.pk, by=KITCHEN)
    assert illegal.value.current == {"id": str(order.public_id), "version": 3, "status": "preparing"}
    assert len(facts(order)) == 3


def test_money_of_a_placed_order(shop: Restaurant) -> None:
    order = world.order(shop, "margherita", "cola", tip=100)
    # VAT within: 950 at 10 % = 86, 290 at 20 % = 48, fee 290 at 20 % = 48. Commission 20 % of 1,240 = 248.
    assert ledger.balances(order) == {
        Party.CUSTOMER: 1630,
        Party.RESTAURANT: -(1240 - 134 - 248),
        Party.PLATFORM: -(248 + 290 - 48),
        Party.DELIVERER: -100,
        Party.TAX: -(134 + 48),
    }


@pytest.mark.parametrize("end", ["reject", "expire", "cancel", "cancel_accepted"])
def test_nobody_owes_anything_for_what_was_not_cooked(shop: Restaurant, end: str) -> None:
    order = world.order(shop, wanted_at=shop.created_at + timedelta(hours=5))
    if end == "reject":
        services.reject_order(order_id=order.pk, by=KITCHEN, reason="busy")
    elif end == "expire":
        services.expire_order(aggregate_pk=order.pk)
    else:
        if end == "cancel_accepted":
            services.accept_order(order_id=order.pk, by=KITCHEN)
        services.cancel_order(order_id=order.pk, by="guest:tests", reason="changed", borne_by=Bearer.PLATFORM)
    assert set(ledger.balances(order).values()) == {0}
    assert duties(order) == []


def test_who_pays_for_cooked_food(shop: Restaurant) -> None:
    order, other = world.order(shop, tip=100), world.order(shop, tip=100)
    before = ledger.balances(order)
    for each, bearer in ((order, Bearer.PLATFORM), (other, Bearer.RESTAURANT)):
        services.accept_order(order_id=each.pk, by=KITCHEN)
        services.cancel_order(order_id=each.pk, by="x", reason="gone", borne_by=bearer)
    after = ledger.balances(order)
    assert (after[Party.CUSTOMER], after[Party.DELIVERER]) == (0, 0)
    assert after[Party.RESTAURANT] == before[Party.RESTAURANT]
    assert after[Party.TAX] == -86
    assert set(ledger.balances(other).values()) == {0}


def test_a_failed_order_is_paid_by_the_platform(shop: Restaurant) -> None:
    order = world.order(shop, tip=100)
    before = ledger.balances(order)
    services.accept_order(order_id=order.pk, by=KITCHEN)
    services.pick_up_order(order_id=order.pk, by="account:deliverer")
    services.fail_order(order_id=order.pk, by="account:deliverer", reason="absent")
    after = ledger.balances(order)
    assert after[Party.CUSTOMER] == 0
    assert (after[Party.RESTAURANT], after[Party.DELIVERER]) == (before[Party.RESTAURANT], -100)
    assert sum(after.values()) == 0


def test_a_customer_cannot_call_off_cooked_food(shop: Restaurant) -> None:
    order = world.order(shop)
    services.accept_order(order_id=order.pk, by=KITCHEN)
    with pytest.raises(TooLate):
        services.cancel_order(
            order_id=order.pk, by="guest:tests", reason="changed", borne_by=Bearer.PLATFORM, only_uncooked=True
        )


def test_a_delay_moves_the_promise(shop: Restaurant) -> None:
    order = world.order(shop)
    before = services.accept_order(order_id=order.pk, by=KITCHEN)
    after = services.delay_order(order_id=order.pk, by=KITCHEN, extra=timedelta(minutes=10))
    for name in ("ready_eta", "promised_from", "promised_until"):
        assert getattr(after, name) - getattr(before, name) == timedelta(minutes=10)
    services.mark_ready(order_id=order.pk, by=KITCHEN)
    with pytest.raises(IllegalTransition):
        services.delay_order(order_id=order.pk, by=KITCHEN, extra=timedelta(minutes=10))
