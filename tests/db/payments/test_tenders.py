"""Money reserved before an order exists, and what the order's end does to it."""

from datetime import timedelta

import pytest

from delivery.ground.errors import Conflict, KeyReused
from delivery.ground.outbox import firing
from delivery.orders import ledger, services
from delivery.orders.models import Bearer, LedgerEntry, Order
from delivery.orders.pricing import Party
from delivery.payments import reactions
from delivery.payments.errors import TenderNotTaken
from delivery.payments.models import Tender
from delivery.payments.services import (
    WITHOUT_ORDER_FOR,
    attach_tender,
    authorize_tender,
    reconcile_tenders,
    void_tender,
)
from tests import world
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db(transaction=True)

CARD = Tender.Kind.CARD


def state(order: Order) -> str:
    return Tender.objects.get(order=order).state


def test_a_repeated_key_is_the_same_payment() -> None:
    first = authorize_tender(attempt_key="k", kind=CARD, amount=100, currency="EUR")
    assert authorize_tender(attempt_key="k", kind=CARD, amount=100, currency="EUR") == first
    with pytest.raises(KeyReused):
        authorize_tender(attempt_key="k", kind=CARD, amount=101, currency="EUR")
    assert Tender.objects.count() == 1


@pytest.mark.parametrize("kind", [Tender.Kind.MEAL_VOUCHER, Tender.Kind.CREDIT])
def test_a_kind_that_no_provider_takes_is_refused(kind: Tender.Kind) -> None:
    with pytest.raises(TenderNotTaken):
        authorize_tender(attempt_key="k", kind=kind, amount=100, currency="EUR")
    assert not Tender.objects.exists()


def test_an_attempt_that_died_before_its_answer_is_taken_up_again() -> None:
    Tender.objects.create(attempt_key="k", provider="demo", kind=CARD, amount=100, currency="EUR")
    tender = authorize_tender(attempt_key="k", kind=CARD, amount=100, currency="EUR")
    assert (tender.state, tender.provider_ref[:5]) == ("authorized", "demo_")


def test_delivery_captures_once_and_posts_it() -> None:
    order = world.order(world.pizzeria(), tip=100)
    services.accept_order(order_id=order.pk, by="x")
    services.pick_up_order(order_id=order.pk, by="x")
    carry_all()
    assert state(order) == "authorized"
    services.deliver_order(order_id=order.pk, by="x")
    carry_all()
    assert state(order) == "captured"
    owed = ledger.balances(order)
    assert owed[Party.CUSTOMER] == 0
    # 950 with 86 VAT and 190 commission; fee 290 with 48 VAT; tip 100.
    assert owed[Party.PLATFORM] == (950 - 86 - 190) + (86 + 48) + 100
    reactions.capture([])
    assert LedgerEntry.objects.filter(order=order, kind="captured").count() == 2


@pytest.mark.parametrize("end", ["reject", "expire", "cancel", "fail"])
def test_every_other_end_gives_the_money_back(end: str) -> None:
    order = world.order(world.pizzeria())
    if end == "reject":
        services.reject_order(order_id=order.pk, by="x", reason="busy")
    elif end == "expire":
        services.expire_order(aggregate_pk=order.pk)
    elif end == "cancel":
        services.cancel_order(order_id=order.pk, by="x", reason="gone", borne_by=Bearer.PLATFORM)
    else:
        services.accept_order(order_id=order.pk, by="x")
        services.pick_up_order(order_id=order.pk, by="x")
        services.fail_order(order_id=order.pk, by="x", reason="absent")
    carry_all()
    assert state(order) == "voided"
    assert ledger.balances(order)[Party.CUSTOMER] == 0


def test_a_spent_or_returned_payment_pays_nothing() -> None:
    order = world.order(world.pizzeria())
    spent = Tender.objects.get(order=order)
    void_tender(tender=spent)
    assert state(order) == "authorized"
    with pytest.raises(Conflict):
        attach_tender(tender=spent, order=order)
    other = authorize_tender(attempt_key="o", kind=CARD, amount=order.total, currency="EUR")
    void_tender(tender=other)
    with pytest.raises(Conflict):
        attach_tender(tender=other, order=order)
    wrong = authorize_tender(attempt_key="w", kind=CARD, amount=order.total + 1, currency="EUR")
    with pytest.raises(Conflict):
        attach_tender(tender=wrong, order=order)


def test_money_without_an_order_is_given_back_later() -> None:
    paid = world.order(world.pizzeria())
    old = authorize_tender(attempt_key="old", kind=CARD, amount=100, currency="EUR")
    lost = Tender.objects.create(attempt_key="lost", provider="demo", kind=CARD, amount=1, currency="EUR")
    young = authorize_tender(attempt_key="young", kind=CARD, amount=100, currency="EUR")
    for tender in (old, lost, Tender.objects.get(order=paid)):
        long_ago = tender.created_at - WITHOUT_ORDER_FOR - timedelta(seconds=1)
        Tender.objects.filter(pk=tender.pk).update(created_at=long_ago)
    assert reconcile_tenders() == 2
    states = dict(Tender.objects.values_list("attempt_key", "state"))
    assert (states["old"], states["lost"], states["young"], state(paid)) == (
        "voided",
        "voided",
        "authorized",
        "authorized",
    )
    assert young.order_id is None


def test_an_order_that_nobody_answers_expires_by_its_deadline() -> None:
    order = world.order(world.pizzeria(time_rate=1_000_000.0))
    carry_all()
    due = [found for found in firing.find_due() if found.aggregate_id == order.pk]
    assert [found.kind for found in due] == ["order.accept_by"]
    firing.fire(due[0])
    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("expired", "not_answered")
