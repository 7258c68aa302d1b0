"""What the database itself refuses, whoever asks."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from delivery.ground.ids import new_public_id
from delivery.orders import ledger
from delivery.orders.models import LedgerEntry, Line, Order
from delivery.orders.pricing import Party
from restaurants.models import Price
from tests import world

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PROMISED = {"accepted_at": LONG_AGO, "promised_until": LONG_AGO, "cook_at": LONG_AGO}


@pytest.fixture
def order() -> Order:
    return world.order(world.pizzeria())


def entry(order: Order, amount: int, party: Party = Party.PLATFORM) -> LedgerEntry:
    return LedgerEntry(order=order, kind="test", party=party, amount=amount, currency="EUR", posting=new_public_id())


@pytest.mark.django_db(transaction=True)
def test_a_ledger_that_is_off_cannot_be_committed() -> None:
    order = world.order(world.pizzeria())
    with pytest.raises(IntegrityError, match="ledger of order .* is off by 1"), transaction.atomic():
        LedgerEntry.objects.bulk_create([entry(order, 100), entry(order, -99, Party.RESTAURANT)])
    with transaction.atomic():
        LedgerEntry.objects.bulk_create([entry(order, 100), entry(order, -60, Party.RESTAURANT)])
        entry(order, -40, Party.TAX).save()
    assert sum(ledger.balances(order).values()) == 0


def test_post_refuses_what_does_not_sum_to_zero(order: Order) -> None:
    with pytest.raises(ValueError, match="does not sum to zero"):
        ledger.post(order, "test", {Party.CUSTOMER: 1})


@pytest.mark.parametrize("model", [LedgerEntry, Line, Price])
def test_written_once_is_written_for_ever(order: Order, model: type[LedgerEntry | Line | Price]) -> None:
    before = model.objects.count()
    assert before > 0
    for change in (lambda: model.objects.update(amount=1), lambda: model.objects.all().delete()):
        with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
            change()
    assert model.objects.count() == before


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"total": 1}, "order_total_is_the_sum_of_its_parts"),
        ({"status": "eaten", **PROMISED}, "order_status_is_known"),
        ({"status": "rejected"}, "order_is_closed_exactly_when_final"),
        ({"closed_at": LONG_AGO}, "order_is_closed_exactly_when_final"),
        ({"status": "preparing"}, "order_at_work_has_a_promise"),
        ({"status": "delivered", "closed_at": LONG_AGO, **PROMISED}, "order_delivered_has_its_instant"),
        ({"lat": 91}, "order_goes_to_earth"),
    ],
)
def test_an_order_makes_sense(order: Order, values: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**values)


def test_a_number_is_worn_by_one_open_order_of_a_restaurant(order: Order) -> None:
    other = world.order(order.restaurant)
    assert other.number != order.number
    with pytest.raises(IntegrityError, match="order_number_is_unique_while_open"), transaction.atomic():
        Order.objects.filter(pk=other.pk).update(number=order.number)


def test_a_worn_number_is_passed_over(order: Order) -> None:
    letter, digits = order.number[0], order.number[1:]
    assert letter in "ABCDEFGHJKLMNPQRSTUVWXYZ"
    assert digits.isdigit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM orders_number")
        (drawn,) = cursor.fetchone()
        cursor.execute("SELECT setval('orders_number', %s, true)", [drawn + 23_999])
    other = world.order(order.restaurant)
    assert int(other.number[1:]) == (int(digits) + 1) % 1000
