"""Writes to restaurants. Every change of a menu raises `menu_version` and records MenuChanged in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from delivery.accounts.models import Account
from delivery.accounts.services import raise_rights_version
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid, NotFound
from delivery.ground.outbox import deadlines
from restaurants import hours
from restaurants.events import RestaurantOpened, RestaurantPaused, RestaurantResumed
from restaurants.facts import record_menu_changed
from restaurants.models import Category, Membership, Price, Product, Restaurant, Station
from restaurants.options import NewGroup, insert_groups

PAUSE_END = "restaurant.pause_end"


@dataclass(frozen=True, slots=True)
class NewProduct:
    """Something to put on a menu; category and station by name, made when missing. `amount` in minor units."""

    name: str
    amount: int
    vat_rate_bp: int
    category: str
    station: str | None = None
    description: str = ""
    allergens: Sequence[str] = ()
    choices: Sequence[NewGroup] = ()


@transaction.atomic
def open_restaurant(*, restaurant: Restaurant, stations: Iterable[str], by: str) -> Restaurant:
    """Insert a restaurant that the caller has filled in; its first station takes what has no station.

    Raises:
        BadOpeningHours: the expression cannot be read.
    """
    hours.parsed(restaurant.opening_hours)
    outbox.insert(restaurant, RestaurantOpened(), by=by)
    Station.objects.bulk_create(
        Station(restaurant=restaurant, name=name, position=position, is_catch_all=position == 0)
        for position, name in enumerate(stations)
    )
    return restaurant


@transaction.atomic
def give_role(*, restaurant: Restaurant, account: Account, role: str) -> Membership:
    """From now on the account holds `role` (Membership.Role) in the restaurant; it may open the console."""
    given = Membership.Role(role)
    membership, _ = Membership.objects.get_or_create(restaurant=restaurant, account=account, role=given)
    raise_rights_version(account_id=account.pk)
    return membership


@transaction.atomic
def take_role(*, membership: Membership) -> None:
    """The account holds this role no more, also for sockets that are open."""
    membership.delete()
    raise_rights_version(account_id=membership.account_id)


@transaction.atomic
def add_products(*, restaurant_id: int, products: Sequence[NewProduct], by: str) -> list[Product]:
    """Put products at the end of the menu, valid from now; one fact for all of them."""
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id)
    if any(new.amount < 0 for new in products):
        raise Invalid("a price is at least 0")
    categories = _named(Category, restaurant, [new.category for new in products])
    stations = _named(Station, restaurant, [new.station for new in products if new.station])
    first = Product.objects.filter(restaurant=restaurant).count()
    rows = Product.objects.bulk_create(
        Product(
            restaurant=restaurant,
            category=categories[new.category],
            station=stations[new.station] if new.station else None,
            name=new.name,
            description=new.description,
            allergens=list(new.allergens),
            vat_rate_bp=new.vat_rate_bp,
            position=first + offset,
        )
        for offset, new in enumerate(products)
    )
    now = clock.now()
    Price.objects.bulk_create(
        Price(product=row, amount=new.amount, valid_from=now, changed_by=by)
        for row, new in zip(rows, products, strict=True)
    )
    for row, new in zip(rows, products, strict=True):
        insert_groups(row, new.choices)
    record_menu_changed(restaurant, what="products", by=by)
    return rows


def add_product(*, restaurant_id: int, product: NewProduct, by: str) -> Product:
    """Put one product at the end of the menu."""
    return add_products(restaurant_id=restaurant_id, products=[product], by=by)[0]


@transaction.atomic
def add_choices(*, product_id: int, choices: Sequence[NewGroup], by: str) -> None:
    """Put choices on a product that is on the menu. Raises NotFound, Invalid."""
    product = _product(product_id)
    restaurant: Restaurant = Restaurant.objects.lock(pk=product.restaurant_id)
    insert_groups(product, choices)
    record_menu_changed(restaurant, what="options", by=by)


@transaction.atomic
def change_price(*, product_id: int, amount: int, by: str, valid_from: datetime | None = None) -> Price:
    """Append a price, valid from now or from a later instant. Quotes and placed orders keep theirs."""
    now = clock.now()
    if amount < 0 or (valid_from is not None and valid_from < now):
        raise Invalid("a price is at least 0 and never valid from the past")
    product = _product(product_id)
    restaurant: Restaurant = Restaurant.objects.lock(pk=product.restaurant_id)
    price = Price.objects.create(product=product, amount=amount, valid_from=valid_from or now, changed_by=by)
    record_menu_changed(restaurant, what="price", by=by)
    return price


@transaction.atomic
def mark_sold_out(*, product_id: int, until: datetime | None, by: str) -> Product:
    """Take a product off sale until an instant; None puts it back now."""
    product = _product(product_id)
    restaurant: Restaurant = Restaurant.objects.lock(pk=product.restaurant_id)
    product.sold_out_until = until
    product.save(update_fields=["sold_out_until"])
    record_menu_changed(restaurant, what="sold_out", by=by)
    return product


@transaction.atomic
def pause_restaurant(
    *, restaurant_id: int, duration: timedelta, reason: str, by: str, version: int | None = None
) -> Restaurant:
    """Take no new orders for `duration` of city time; a pause always has an end."""
    if duration <= timedelta():
        raise Invalid("a pause has an end in the future")
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id, version=version)
    restaurant.paused_until = clock.after(restaurant.city, duration)
    event = RestaurantPaused(until=restaurant.paused_until.isoformat(), reason=reason)
    outbox.record(restaurant, event, by=by, changed=["paused_until"])
    deadlines.arm(restaurant, PAUSE_END, restaurant.paused_until)
    return restaurant


@transaction.atomic
def resume_restaurant(*, restaurant_id: int, by: str, version: int | None = None) -> Restaurant:
    """Take orders again; nothing happens when the restaurant is not paused."""
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id, version=version)
    if restaurant.paused_until is not None:
        restaurant.paused_until = None
        outbox.record(restaurant, RestaurantResumed(), by=by, changed=["paused_until"])
        deadlines.clear(restaurant, PAUSE_END)
    return restaurant


def end_pause(*, aggregate_pk: int) -> None:
    """Deadline: the pause has come to its end."""
    resume_restaurant(restaurant_id=aggregate_pk, by="system")


def _product(product_id: int) -> Product:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    return product


def _named(model: Any, restaurant: Restaurant, names: Iterable[str]) -> dict[str, Any]:
    """Rows of the restaurant by name; missing ones are added at the end."""
    rows = {row.name: row for row in model.objects.filter(restaurant=restaurant)}
    missing = [name for name in dict.fromkeys(names) if name not in rows]
    added = model.objects.bulk_create(
        model(restaurant=restaurant, name=name, position=len(rows) + offset) for offset, name in enumerate(missing)
    )
    return rows | {row.name: row for row in added}
