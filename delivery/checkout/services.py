"""THE door: quote -> authorise -> place. Web, phone, API, replay and demo all come through here."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from delivery.checkout import quoting
from delivery.checkout.basket import Basket, Placement
from delivery.checkout.errors import PriceChanged, QuoteExpired
from delivery.checkout.models import Quote
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.errors import InProgress, KeyReused, NotFound, Problem
from delivery.ground.idempotency import Reply, earlier_reply, run_once
from delivery.orders import pricing, rows
from delivery.orders.models import Fulfilment, Order
from delivery.orders.services import Draft, DraftLine, create_order
from delivery.payments.models import Tender
from delivery.payments.services import attach_tender, authorize_tender, void_tender
from restaurants.selectors import refuse_when_closed

KEPT_FOR = timedelta(days=1)
QUOTE_FOR = timedelta(minutes=10)  # real time: a person reads and pays


def quote(*, actor: Actor, basket: Basket) -> Quote:
    """Price a basket and hold it for ten minutes.

    Raises:
        UnknownRestaurant, RestaurantPaused, RestaurantClosed, AddressOutsideZones, UnknownProduct, TwoRestaurants,
        SoldOut, BelowMinimum, TotalTooLarge, ZonePaused, OutOfReach, ZoneFull.
    """
    now = clock.now()
    restaurant = quoting.restaurant_of(basket)
    quoting.refuse_instant(basket.wanted_at, now)
    refuse_when_closed(restaurant, basket.wanted_at or now)
    zone = quoting.zone_of(basket, restaurant, now)
    lines = quoting.priced_lines(basket, restaurant, now)
    subtotal = pricing.subtotal([line.priced for line in lines])
    fee = zone.delivery_fee if zone else 0
    quoting.refuse_amount(subtotal, subtotal + fee, zone)
    destination = quoting.destination_of(basket, restaurant)
    return Quote.objects.create(
        owner=actor.ref,
        account_id=actor.account_id,
        restaurant=restaurant,
        zone=zone,
        fulfilment=basket.fulfilment,
        menu_version=restaurant.menu_version,
        lines=[asdict(line) | _amounts(line) for line in lines],
        address_line=destination.line,
        lat=destination.lat,
        lon=destination.lon,
        currency=restaurant.city.currency,
        subtotal=subtotal,
        delivery_fee=fee,
        total=subtotal + fee,
        expires_at=now + QUOTE_FOR,
        **destination.access,
    )


def place(*, actor: Actor, key: str, route: str, body: bytes, placement: Placement) -> Reply:
    """Authorise the payment and place the order: once per key, however often and however parallel it is sent.

    The authorisation is committed before the order's own transaction, under the same key; when the order is then
    refused, the money is given back.
    Args:
        key, route, body: as for `run_once`; the scope is the actor.
    Raises:
        NotFound: no such quote of this actor. QuoteExpired, PriceChanged, SoldOut, RestaurantPaused, RestaurantClosed,
        ZonePaused, OutOfReach, ZoneFull, TenderNotTaken, PaymentRefused, KeyReused, InProgress, and all of `quote` for
        a basket.
    """
    earlier = earlier_reply(scope=actor.ref, key=key, route=route, body=body)
    if earlier is not None:
        return earlier
    offered = _offered(actor, placement)
    total = offered.total + placement.tip
    once = partial(run_once, scope=actor.ref, key=key, route=route, body=body)
    if offered.order_id is not None:  # a twin has just placed it: then its reply is stored by now
        return once(work=partial(_refuse_spent, offered))
    if not isinstance(placement.wants, Basket):
        _refuse_outdated(offered, placement.wanted_at)
    quoting.refuse_amount(offered.subtotal, total, offered.zone)
    quoting.refuse_tip(placement.tip, offered.fulfilment)
    if placement.expected_total not in (None, total):
        raise PriceChanged(current={"total": total, "currency": offered.currency})
    tender = authorize_tender(
        attempt_key=f"{actor.ref}:{key}",
        kind=placement.tender,
        amount=total,
        currency=offered.currency,
    )
    try:
        return once(work=partial(_place, actor, offered, placement, tender))
    except (InProgress, KeyReused):  # the payment is a twin's
        raise
    except Problem:
        void_tender(tender=tender)
        raise


def _offered(actor: Actor, placement: Placement) -> Quote:
    if isinstance(placement.wants, Basket):
        return quote(actor=actor, basket=replace(placement.wants, wanted_at=placement.wanted_at))
    quotes = Quote.objects.select_related("restaurant__city", "zone")
    found = quotes.filter(public_id=placement.wants, owner=actor.ref).first()
    if found is None:
        raise NotFound()
    return found


def _refuse_outdated(offered: Quote, wanted_at: datetime | None) -> None:
    """What may have changed since the quote was made."""
    now = clock.now()
    if offered.expires_at <= now:
        raise QuoteExpired()
    quoting.refuse_instant(wanted_at, now)
    refuse_when_closed(offered.restaurant, wanted_at or now)
    if offered.zone is not None:
        quoting.refuse_levers(offered.zone, offered.restaurant, offered.point, now)
    quoting.refuse_sold_out([line["product_id"] for line in offered.lines], now)


def _refuse_spent(offered: Quote) -> Reply:
    raise QuoteExpired(f"quote {offered.public_id} is an order already")


def _place(actor: Actor, offered: Quote, placement: Placement, tender: Tender) -> Reply:
    order = create_order(draft=_draft(offered, placement), by=actor.ref)
    attach_tender(tender=tender, order=order)
    if not Quote.objects.filter(pk=offered.pk, order__isnull=True).update(order=order):
        return _refuse_spent(offered)
    return Reply(201, as_placed(order))


def forget_quotes() -> int:
    """Periodic duty: addresses of quotes that ended a day ago are not kept; returns how many, 10,000 at most."""
    ended = Quote.objects.filter(expires_at__lt=clock.now() - KEPT_FOR).order_by("expires_at")
    forgotten, _ = Quote.objects.filter(pk__in=ended.values("pk")[:10_000]).delete()
    return forgotten


def as_placed(order: Order) -> dict[str, Any]:
    """The answer to who placed an order: the customer's row and the tracking link, which is theirs to share."""
    link = {"tracking_token": order.tracking_token, "tracking_url": f"/track/{order.tracking_token}/"}
    return rows.for_customer(order) | link


def _draft(offered: Quote, placement: Placement) -> Draft:
    return Draft(
        restaurant=offered.restaurant,
        lines=[
            DraftLine(**{name: line[name] for name in DraftLine.__slots__ if name in line}) for line in offered.lines
        ],
        delivery_fee=offered.delivery_fee,
        tip=placement.tip,
        channel=placement.channel,
        customer_name=placement.customer_name,
        customer_phone=placement.customer_phone,
        address_line=offered.address_line,
        lat=offered.lat,
        lon=offered.lon,
        access={name: getattr(offered, name) for name in Quote.ACCESS_FIELDS},
        note=placement.note,
        allergies=placement.allergies,
        language=placement.language,
        account_id=offered.account_id,
        wanted_at=placement.wanted_at,
        fulfilment=Fulfilment(offered.fulfilment),
    )


def _amounts(line: DraftLine) -> dict[str, int]:
    return {"amount": line.priced.amount, "vat_amount": line.priced.vat_amount}
