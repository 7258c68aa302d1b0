"""One key is one order and one payment, however parallel it is sent."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from delivery.checkout import services as checkout
from delivery.checkout.basket import Placement
from delivery.checkout.errors import QuoteExpired
from delivery.ground.errors import Problem
from delivery.ground.outbox.models import EventRow
from delivery.orders.models import Order
from delivery.payments.models import Tender
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8


def all_at_once(do: Callable[[int], Any]) -> list[Any]:
    """What each of AT_ONCE threads with own connections got, refusals included."""
    ready = threading.Barrier(AT_ONCE, timeout=10)

    def run(number: int) -> Any:
        try:
            ready.wait()
            return do(number)
        except Problem as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE), timeout=60))


@pytest.mark.parametrize("from_quote", [True, False])
def test_one_key_is_one_order_and_one_payment(*, from_quote: bool) -> None:
    basket = world.basket(world.pizzeria(), "margherita", "cola")
    quote = str(checkout.quote(actor=world.GUEST, basket=basket).public_id)
    placement = Placement(wants=quote if from_quote else basket, customer_name="Ana", tip=100)
    replies = all_at_once(
        lambda _: checkout.place(actor=world.GUEST, key="k", route="r", body=b"b", placement=placement)
    )
    assert [reply.status for reply in replies] == [201] * AT_ONCE
    assert [reply.body for reply in replies] == [replies[0].body] * AT_ONCE
    order = Order.objects.get()
    tender = Tender.objects.get()
    assert (tender.order_id, tender.state, tender.amount) == (order.pk, "authorized", order.total)
    assert EventRow.objects.filter(kind="OrderPlaced").count() == 1


def test_one_quote_is_one_order_whatever_the_keys() -> None:
    basket = world.basket(world.pizzeria(), "margherita")
    quote = str(checkout.quote(actor=world.GUEST, basket=basket).public_id)
    placement = Placement(wants=quote, customer_name="Ana")
    replies = all_at_once(
        lambda number: checkout.place(actor=world.GUEST, key=f"k{number}", route="r", body=b"b", placement=placement)
    )
    refusals = [reply for reply in replies if isinstance(reply, QuoteExpired)]
    assert len(refusals) == AT_ONCE - 1
    order = Order.objects.get()
    states = dict(Tender.objects.values_list("state", "order_id"))
    assert states["authorized"] == order.pk
    assert set(states) <= {"authorized", "voided"}
