"""Restaurants, their people, products and prices. Every change of a menu raises `menu_version` in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from delivery.accounts.models import Account
from delivery.accounts.services import raise_rights_version
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid, NotFound
from restaurants import hours
from restaurants.events import RestaurantOpened
from restaurants.facts import record_menu_changed
from restaurants.models import Category, Membership, Price, Product, Restaurant, Station
from restaurants.options import NewGroup, insert_groups


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
    age_limit: int = 0
    keeps: str = ""
    bag_room: int = 1


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
            age_limit=new.age_limit,
            keeps=new.keeps,
            bag_room=new.bag_room,
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
    product = product_of(product_id)
    restaurant: Restaurant = Restaurant.objects.lock(pk=product.restaurant_id)
    insert_groups(product, choices)
    record_menu_changed(restaurant, what="options", by=by)


@transaction.atomic
def change_price(*, product_id: int, amount: int, by: str, valid_from: datetime | None = None) -> Price:
    """Append a price, valid from now or from a later instant. Quotes and placed orders keep theirs."""
    now = clock.now()
    if amount < 0 or (valid_from is not None and valid_from < now):
        raise Invalid("a price is at least 0 and never valid from the past")
    product = product_of(product_id)
    restaurant: Restaurant = Restaurant.objects.lock(pk=product.restaurant_id)
    price = Price.objects.create(product=product, amount=amount, valid_from=valid_from or now, changed_by=by)
    record_menu_changed(restaurant, what="price", by=by)
    return price


def product_of(product_id: int) -> Product:
    """The product. Raises NotFound."""
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
