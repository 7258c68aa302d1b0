"""Money that goes back after a delivery: never more than was paid, somebody bears it, the cents still sum to zero."""

from typing import Any

import pytest
from django.test import Client

from delivery.ground.errors import Invalid
from delivery.orders import ledger, services
from delivery.orders.errors import NotDelivered, RefundTooLarge
from delivery.orders.models import Bearer, LedgerEntry, Order
from delivery.orders.pricing import Party
from delivery.payments.models import Tender
from restaurants.models import Restaurant
from tests import world
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def delivered(shop: Restaurant, kind: Tender.Kind = Tender.Kind.CARD) -> Order:
    order = world.order(shop, "margherita")
    Tender.objects.filter(order=order).update(kind=kind)
    services.accept_order(order_id=order.pk, by="tests")
    services.pick_up_order(order_id=order.pk, by="tests")
    services.deliver_order(order_id=order.pk, by="tests")
    carry_all()
    return Order.objects.get(pk=order.pk)


def give_back(order: Order, amount: int, borne_by: Bearer = Bearer.PLATFORM) -> Order:
    return services.refund_order(order_id=order.pk, amount=amount, borne_by=borne_by, by="tests", reason="missing")


@pytest.mark.parametrize("bearer", [Bearer.PLATFORM, Bearer.RESTAURANT])
def test_a_part_goes_back_to_the_card_and_its_bearer_pays(shop: Restaurant, bearer: Bearer) -> None:
    order = delivered(shop)
    before = ledger.balances(order)
    give_back(order, 300, bearer)
    carry_all()
    after = ledger.balances(order)
    assert after[Party.CUSTOMER] == 0
    assert sum(after.values()) == 0
    if bearer == Bearer.RESTAURANT:
        assert after[Party.RESTAURANT] - before[Party.RESTAURANT] == 300  # owed less
        assert after[Party.PLATFORM] - before[Party.PLATFORM] == -300  # holds less
    else:
        assert after == before  # it paid and it bore: the loss is the money that left
    assert LedgerEntry.objects.get(order=order, kind="refunded", party="customer").borne_by == bearer.value
    assert order.tenders.get().state == Tender.State.CAPTURED


def test_all_of_it_in_two_parts_and_not_a_cent_more(shop: Restaurant) -> None:
    order = delivered(shop)
    give_back(order, 300)
    give_back(order, order.total - 300)
    carry_all()
    assert order.tenders.get().state == Tender.State.REFUNDED
    assert ledger.balances(order)[Party.CUSTOMER] == 0
    with pytest.raises(RefundTooLarge):
        give_back(order, 1)


def test_cash_stays_owed_until_somebody_hands_it_over(shop: Restaurant) -> None:
    order = delivered(shop, Tender.Kind.CASH)
    give_back(order, 300)
    carry_all()
    assert ledger.balances(order)[Party.CUSTOMER] == -300


def test_what_is_no_refund_is_refused(shop: Restaurant) -> None:
    order = delivered(shop)
    with pytest.raises(Invalid):
        give_back(order, 0)
    with pytest.raises(Invalid):
        give_back(order, 100, Bearer.DELIVERER)
    with pytest.raises(NotDelivered):
        give_back(world.order(shop, "cola"), 100)
    assert not LedgerEntry.objects.filter(kind="refunded").exists()


def test_support_refunds_in_the_office_once_and_others_do_not(shop: Restaurant) -> None:
    order = delivered(shop)
    page = f"/console/orders/{order.public_id}/"
    fields: dict[str, Any] = {
        "amount": "3,00",
        "borne_by": "restaurant",
        "reason": "missing",
        "idempotency_key": "k1",
        "version": order.version,
    }
    support = signed_in("sam", is_support=True)
    assert "Who bears it" in support.get(page).content.decode()
    refused = support.post(f"{page}refund/", fields | {"amount": "9999", "idempotency_key": "k0"})
    assert refused.status_code == 409
    assert "More than is left" in refused.content.decode()
    for _ in range(2):
        assert support.post(f"{page}refund/", fields).status_code == 302
    assert ledger.refunded_so_far(order) == 300
    carry_all()
    said = support.get(page).content.decode()
    assert "Refunded after the delivery" in said
    assert "Every cent has a place" in said
    stranger = signed_in("guy")
    assert stranger.post(f"{page}refund/", fields | {"idempotency_key": "k2"}).status_code in {403, 404}


def signed_in(name: str, **more: bool) -> Client:
    client = Client()
    client.force_login(world.account(name, **more), backend="django.contrib.auth.backends.ModelBackend")
    return client
