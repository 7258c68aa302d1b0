"""Orders of the past: rows, money and facts of one life."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from delivery.accounts.models import Account, Address
from delivery.cities.models import City
from delivery.demo.history.lives import End, Life
from delivery.demo.history.past import Past
from delivery.ground import clock
from delivery.ground.ids import new_token
from delivery.orders import events as facts
from delivery.orders import pricing
from delivery.orders.models import Bearer, Channel, LedgerEntry, Line, Order
from delivery.orders.pricing import Amounts, Bill, PricedLine
from delivery.orders.promise import Promise, promise
from delivery.orders.services.place import LETTERS
from delivery.orders.transitions import TABLE, Action, Status
from delivery.payments.models import Tender
from restaurants.models import OptionGroup, Product, Restaurant

TIPS = (0, 0, 0, 500, 1000)
MOST_LINES = 4
CHANNELS = (Channel.WEB,) * 8 + (Channel.API, Channel.PHONE)


@dataclass(frozen=True, slots=True)
class Shop:
    """A restaurant and what one can order there: products with `amount`, their choices. `speed`: see lives.draw."""

    row: Restaurant
    menu: Sequence[Any]
    choices: dict[int, list[OptionGroup]]
    speed: float


@dataclass(frozen=True, slots=True)
class Home:
    """Where a customer eats, and what delivery costs there."""

    account: Account
    address: Address
    fee: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An order of the past with what the rows about it need; instants are real, None when it never came to that."""

    order: Order
    lines: list[Line]
    life: Life
    plan: Promise | None = None
    instants: dict[str, datetime] = field(default_factory=dict)


class Kitchen:
    """Places orders of one city and lets them live."""

    def __init__(self, past: Past, dice: Random, city: City) -> None:
        self.past, self.dice, self.city = past, dice, city
        self.drawn = 0

    def place(self, shop: Shop, home: Home, at: datetime, life: Life, way: timedelta) -> Placed:
        """The order with its lines and its payment, at a real instant; `way`: from a ready bag to the door."""
        self.drawn += 1
        order = Order(
            city=self.city,
            restaurant=shop.row,
            account=home.account,
            placed_by=f"account:{home.account.public_id}",
            number=f"{LETTERS[self.drawn // 1000 % len(LETTERS)]}{self.drawn % 1000:03d}",
            channel=self.dice.choice(CHANNELS),
            status=Status.PLACED.value,
            customer_name=home.account.name,
            language=home.account.language,
            address_line=home.address.line,
            lat=home.address.lat,
            lon=home.address.lon,
            floor=home.address.floor,
            door=home.address.door,
            intercom=home.address.intercom,
            currency=self.city.currency,
            delivery_fee=home.fee,
            tip=self.dice.choice(TIPS),
            commission_bp=self.city.commission_bp,
            delivery_vat_bp=self.city.delivery_vat_bp,
            placed_at=at,
            accept_by=clock.after(self.city, self.city.accept_within, since=at),
            tracking_token=new_token(),
        )
        lines = [self._line(position, product, shop) for position, product in enumerate(self._basket(shop, home))]
        order.subtotal = sum(line.amount for line in lines)
        order.total = order.subtotal + order.delivery_fee + order.tip
        self.past.born(order, at)
        for line in lines:
            line.order = order
            self.past.add(line)
        self._record(
            order,
            facts.OrderPlaced(
                restaurant_id=shop.row.pk,
                total=order.total,
                currency=order.currency,
                accept_by=order.accept_by.isoformat(),
            ),
            at,
            by=order.placed_by,
        )
        self._post(order, "placed", pricing.placed(_bill(order, lines)), at)
        return self._live(Placed(order, lines, life), shop, way)

    def _basket(self, shop: Shop, home: Home) -> list[Product]:
        basket = self.dice.sample(list(shop.menu), self.dice.randint(1, 3))
        while sum(product.amount for product in basket) < home.minimum and len(basket) < MOST_LINES:
            basket.append(max((each for each in shop.menu if each not in basket), key=lambda each: each.amount))
        return basket

    def _line(self, position: int, product: Any, shop: Shop) -> Line:
        picked: list[dict[str, Any]] = [
            {"group": group.name, "name": option.name, "amount": option.amount}
            for group in shop.choices.get(product.pk, [])
            for option in self.dice.sample(list(group.options.all()), group.fewest)
        ]
        amount = pricing.with_options(product.amount, [option["amount"] for option in picked])
        priced = PricedLine(self.dice.choice((1, 1, 1, 2)), amount, product.vat_rate_bp)
        return Line(
            position=position,
            product=product,
            name=product.name,
            station=product.station.name if product.station else "",
            quantity=priced.quantity,
            unit_amount=priced.unit_amount,
            amount=priced.amount,
            vat_rate_bp=priced.vat_rate_bp,
            vat_amount=priced.vat_amount,
            allergens=product.allergens,
            options=picked,
        )

    def _live(self, placed: Placed, shop: Shop, way: timedelta) -> Placed:
        order, life = placed.order, placed.life
        answered_at = clock.after(self.city, life.answer, since=order.placed_at)
        counter = "lobby"
        if life.end is End.REJECTED:
            refused = facts.OrderRejected(restaurant_id=shop.row.pk, reason=life.reason)
            return self._undo(placed, Action.REJECT, refused, answered_at, counter)
        if life.end is End.EXPIRED:
            return self._undo(
                placed, Action.EXPIRE, facts.OrderExpired(restaurant_id=shop.row.pk), answered_at, "system"
            )
        plan = promise(self.city, accepted_at=answered_at, prep_time=life.prep_time, way=way, wanted_at=order.wanted_at)
        order.accepted_at, order.prep_time = answered_at, life.prep_time
        order.cook_at, order.ready_eta = plan.cook_at, plan.ready_eta
        order.promised_from, order.promised_until = plan.promised_from, plan.promised_until
        accepted = facts.OrderAccepted(
            restaurant_id=shop.row.pk,
            promised_from=plan.promised_from.isoformat(),
            promised_until=plan.promised_until.isoformat(),
            cook_at=plan.cook_at.isoformat(),
        )
        self.step(order, Action.ACCEPT, accepted, answered_at, counter)
        self.step(order, Action.START_PREPARING, facts.CookingStarted(restaurant_id=shop.row.pk), answered_at)
        placed = Placed(order, placed.lines, life, plan)
        if life.end is End.CANCELLED:
            off = clock.after(self.city, life.cooking * 0.3, since=answered_at)
            called_off = facts.OrderCancelled(
                restaurant_id=shop.row.pk, reason=life.reason, borne_by=Bearer.PLATFORM.value, was=order.status
            )
            return self._undo(placed, Action.CANCEL, called_off, off, "support", Bearer.PLATFORM)
        order.ready_at = clock.after(self.city, life.cooking, since=answered_at)
        self.step(order, Action.MARK_READY, facts.OrderReady(restaurant_id=shop.row.pk), order.ready_at, counter)
        return placed

    def step(self, order: Order, action: Action, event: Any, at: datetime, by: str = "system") -> None:
        """One legal step of the table and its fact."""
        order.status = TABLE[Status(order.status), action].value
        self._record(order, event, at, by=by)

    def deliver(self, placed: Placed, picked_up_at: datetime, delivered_at: datetime, by: str) -> None:
        """The bag leaves and, unless nobody is there, arrives; the customer's money is captured then."""
        order, shop = placed.order, placed.order.restaurant_id
        order.picked_up_at = picked_up_at
        self.step(order, Action.PICK_UP, facts.OrderPickedUp(restaurant_id=shop), picked_up_at, by)
        if placed.life.end is End.FAILED:
            failed = facts.OrderFailed(restaurant_id=shop, reason=placed.life.reason, borne_by=Bearer.PLATFORM.value)
            self._end(placed, Action.FAIL, failed, delivered_at, by)
            amounts = pricing.refunded_by_platform(_bill(order, placed.lines), tip_is_kept=True)
            self._post(order, "failed", amounts, delivered_at, Bearer.PLATFORM)
            self._pay(order, Tender.State.VOIDED, delivered_at)
            return
        order.delivered_at = delivered_at
        self._end(placed, Action.DELIVER, facts.OrderDelivered(restaurant_id=shop), delivered_at, by)
        self._post(order, "captured", pricing.captured(order.total), delivered_at)
        self._pay(order, Tender.State.CAPTURED, delivered_at)

    def _undo(
        self, placed: Placed, action: Action, event: Any, at: datetime, by: str, borne_by: Bearer | None = None
    ) -> Placed:
        """Ends without food: nobody owes anything, or the platform pays for what was cooked."""
        order, bill = placed.order, _bill(placed.order, placed.lines)
        self._end(placed, action, event, at, by)
        undone = pricing.refunded_by_platform(bill, tip_is_kept=False) if borne_by else pricing.undone(bill)
        self._post(order, order.status, undone, at, borne_by)
        self._pay(order, Tender.State.VOIDED, at)
        return placed

    def _end(self, placed: Placed, action: Action, event: Any, at: datetime, by: str) -> None:
        placed.order.closed_at, placed.order.close_reason = at, placed.life.reason
        self.step(placed.order, action, event, at, by)

    def _record(self, order: Order, event: Any, at: datetime, *, by: str) -> None:
        self.past.fact(order, event, at, by)

    def _post(self, order: Order, kind: str, amounts: Amounts, at: datetime, borne_by: Bearer | None = None) -> None:
        posting = self.past.id_at(at)
        for party, amount in amounts.items():
            if amount:
                self.past.add(
                    LedgerEntry(
                        order=order,
                        posting=posting,
                        kind=kind,
                        party=party.value,
                        amount=amount,
                        currency=order.currency,
                        borne_by=borne_by.value if borne_by else "",
                        posted_at=at,
                    )
                )

    def _pay(self, order: Order, state: Tender.State, at: datetime) -> None:
        self.past.add(
            Tender(
                public_id=self.past.id_at(order.placed_at),
                order=order,
                attempt_key=f"history:{order.public_id}",
                provider="demo",
                provider_ref=f"demo_{order.public_id.hex[-24:]}",
                kind=Tender.Kind.CARD,
                amount=order.total,
                currency=order.currency,
                state=state,
                created_at=order.placed_at,
                changed_at=at,
            )
        )


def _bill(order: Order, lines: Sequence[Line]) -> Bill:
    return Bill(
        subtotal=order.subtotal,
        lines_vat=sum(line.vat_amount for line in lines),
        delivery_fee=order.delivery_fee,
        tip=order.tip,
        commission_bp=order.commission_bp,
        delivery_vat_bp=order.delivery_vat_bp,
    )
