"""A new order. Called by checkout alone, which has checked everything that a restaurant or city would refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from delivery.ground import clock, outbox
from delivery.ground.outbox import deadlines
from delivery.orders import ledger, pricing
from delivery.orders.events import OrderPlaced
from delivery.orders.models import FINAL_STATUSES, Channel, Fulfilment, Line, Order
from delivery.orders.pricing import PricedLine
from delivery.orders.services.rings import RING_WITHIN
from delivery.orders.services.writer import ACCEPT_BY, RING_BY
from restaurants.models import Restaurant

# No I and no O: they look like digits on paper.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as quoted; `amount` and VAT are computed from it. `options`: {group, name, amount}, counted already."""

    product_id: int
    name: str
    station: str
    quantity: int
    unit_amount: int
    vat_rate_bp: int
    allergens: Sequence[str] = ()
    options: Sequence[Mapping[str, Any]] = ()
    note: str = ""

    @property
    def priced(self) -> PricedLine:
        return PricedLine(self.quantity, self.unit_amount, self.vat_rate_bp)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An order that has passed every check. `access`: values for AccessDetails.ACCESS_FIELDS."""

    restaurant: Restaurant
    lines: Sequence[DraftLine]
    delivery_fee: int
    tip: int
    channel: Channel
    customer_name: str
    customer_phone: str
    address_line: str
    lat: float
    lon: float
    access: dict[str, str]
    note: str = ""
    allergies: str = ""
    language: str = "en"
    account_id: int | None = None
    wanted_at: datetime | None = None
    fulfilment: Fulfilment = Fulfilment.PLATFORM

    @property
    def subtotal(self) -> int:
        return pricing.subtotal([line.priced for line in self.lines])


@transaction.atomic(savepoint=False)
def create_order(*, draft: Draft, by: str) -> Order:
    """Insert a placed order with its lines, its postings, its fact and the deadlines of its bell and of its answer."""
    city = draft.restaurant.city
    now = clock.now()
    order = Order(
        city=city,
        restaurant=draft.restaurant,
        account_id=draft.account_id,
        placed_by=by,
        number=_free_number(draft.restaurant),
        subtotal=draft.subtotal,
        total=draft.subtotal + draft.delivery_fee + draft.tip,
        currency=city.currency,
        commission_bp=city.commission_bp,
        delivery_vat_bp=city.delivery_vat_bp,
        placed_at=now,
        accept_by=clock.after(city, city.accept_within, since=now),
        **_copied(draft),
        **draft.access,
    )
    event = OrderPlaced(
        restaurant_id=draft.restaurant.pk,
        total=order.total,
        currency=order.currency,
        accept_by=order.accept_by.isoformat(),
    )
    outbox.insert(order, event, by=by)
    lines = Line.objects.bulk_create(_line(order, position, line) for position, line in enumerate(draft.lines))
    bill = pricing.Bill(
        subtotal=order.subtotal,
        lines_vat=sum(line.vat_amount for line in lines),
        delivery_fee=order.delivery_fee,
        tip=order.tip,
        commission_bp=order.commission_bp,
        delivery_vat_bp=order.delivery_vat_bp,
    )
    ledger.post(order, "placed", pricing.placed(bill))
    deadlines.arm_many([(order, ACCEPT_BY, order.accept_by), (order, RING_BY, now + RING_WITHIN)], people=True)
    return order


def _copied(draft: Draft) -> dict[str, Any]:
    own = {"restaurant", "lines", "access", "account_id"}
    return {name: getattr(draft, name) for name in Draft.__slots__ if name not in own}


def _line(order: Order, position: int, line: DraftLine) -> Line:
    priced = line.priced
    values = asdict(line) | {"allergens": list(line.allergens), "options": list(line.options)}
    return Line(order=order, position=position, amount=priced.amount, vat_amount=priced.vat_amount, **values)


def _free_number(restaurant: Restaurant) -> str:
    """A letter and three digits, the next of a sequence that no open order of the restaurant wears."""
    worn = Order.objects.filter(restaurant=restaurant).exclude(status__in=FINAL_STATUSES)
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('orders_number')")
            (drawn,) = cursor.fetchone()
        number = f"{LETTERS[drawn // 1000 % len(LETTERS)]}{drawn % 1000:03d}"
        if not worn.filter(number=number).exists():
            return number
