"""Changing a menu from the office: prices of many products at once, texts, places, what is offered at all.

Each service is one version of the menu and one fact; what the editor has seen comes with it, so that nobody
overwrites what somebody else has changed meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

from delivery.ground import clock
from delivery.ground.errors import Invalid, NotFound, VersionConflict
from restaurants.facts import record_menu_changed
from restaurants.models import Category, Price, Product, Restaurant, Station
from restaurants.selectors import priced

LARGEST_AMOUNT: Final = 100_000_000  # minor units; above, somebody has typed too many digits


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price to publish. `seen`: the amount that the editor changed, None when the product had none."""

    product_id: int
    amount: int
    seen: int | None


@dataclass(frozen=True, slots=True)
class ProductTexts:
    """What customers and kitchen read of a product; category and station by name, made when missing."""

    name: str
    description: str
    category: str
    station: str
    allergens: Sequence[str]
    vat_rate_bp: int


@transaction.atomic
def publish_prices(
    *, restaurant_id: int, prices: Sequence[NewPrice], by: str, valid_from: datetime | None = None
) -> Restaurant:
    """Append a price to each product, valid from now or from a later instant; one version of the menu.

    Quotes that are held and orders that were placed keep theirs; open baskets say that the price has changed.
    Raises:
        NotFound: a product is not this restaurant's. Invalid: a price below 0 or absurd, or from the past.
        VersionConflict: a product costs something else by now; `current["prices"]` has all those by public id.
    """
    if not prices:
        raise Invalid("no price was changed")
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id)
    now = clock.now()
    if any(not 0 <= new.amount <= LARGEST_AMOUNT for new in prices) or (valid_from is not None and valid_from <= now):
        raise Invalid("a price is at least 0 and never valid from the past")
    products = {row.pk: row for row in Product.objects.filter(restaurant=restaurant, pk__in=_ids(prices))}
    if products.keys() != _ids(prices):
        raise NotFound()
    costs = {row.pk: row.amount for row in priced(Product.objects.filter(pk__in=products), now)}
    moved = {
        str(products[new.product_id].public_id): costs.get(new.product_id)
        for new in prices
        if costs.get(new.product_id) != new.seen
    }
    if moved:
        raise VersionConflict(current={"menu_version": restaurant.menu_version, "prices": moved})
    Price.objects.bulk_create(
        Price(product_id=new.product_id, amount=new.amount, valid_from=valid_from or now, changed_by=by)
        for new in prices
    )
    what = "prices_later" if valid_from else "prices"
    record_menu_changed(restaurant, what=what, by=by, names=_names(products[new.product_id] for new in prices))
    return restaurant


def _ids(prices: Iterable[NewPrice]) -> set[int]:
    return {new.product_id for new in prices}


@transaction.atomic
def edit_product(*, product_id: int, texts: ProductTexts, seen_version: int, by: str) -> Product:
    """Change what is read of a product. Placed orders keep their words.

    Args:
        seen_version: of the menu that the editor was shown.
    Raises:
        NotFound, Invalid; VersionConflict: the menu has changed since, `current["menu_version"]` says to what.
    """
    product = _product(product_id)
    restaurant = _lock(product.restaurant_id, seen_version)
    if not texts.name.strip() or not texts.category.strip():
        raise Invalid("a product has a name and a category")
    if not 0 <= texts.vat_rate_bp <= 10_000:
        raise Invalid("VAT is between 0 and 100 per cent")
    product.name, product.description = texts.name.strip(), texts.description.strip()
    product.category = _category(restaurant, texts.category.strip())
    product.station = _station(restaurant, texts.station.strip())
    product.allergens, product.vat_rate_bp = list(texts.allergens), texts.vat_rate_bp
    product.save(update_fields=["name", "description", "category", "station", "allergens", "vat_rate_bp"])
    record_menu_changed(restaurant, what="texts", by=by, names=[product.name])
    return product


@transaction.atomic
def offer_products(*, restaurant_id: int, product_ids: Sequence[int], is_offered: bool, by: str) -> None:
    """Take products off the menu, or put them back; nothing is deleted, orders keep their lines. Raises NotFound."""
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id)
    rows = _mine(restaurant, product_ids)
    Product.objects.filter(pk__in=[row.pk for row in rows]).update(is_active=is_offered)
    record_menu_changed(restaurant, what="shown" if is_offered else "hidden", by=by, names=_names(rows))


@transaction.atomic
def mark_all_sold_out(*, restaurant_id: int, product_ids: Sequence[int], until: datetime | None, by: str) -> None:
    """Take products off sale until an instant, all at once; None puts them back now. Raises NotFound."""
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id)
    rows = _mine(restaurant, product_ids)
    Product.objects.filter(pk__in=[row.pk for row in rows]).update(sold_out_until=until)
    record_menu_changed(restaurant, what="sold_out" if until else "back", by=by, names=_names(rows))


@transaction.atomic
def rename_category(*, category_id: int, name: str, seen_version: int, by: str) -> Category:
    """Give a heading another name. Raises NotFound, VersionConflict; Invalid: empty, or there is one of that name."""
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        raise NotFound()
    restaurant = _lock(category.restaurant_id, seen_version)
    name = name.strip()
    twins = Category.objects.filter(restaurant=restaurant, name=name).exclude(pk=category.pk)
    if not name or twins.exists():
        raise Invalid("a category has a name of its own")
    category.name = name
    category.save(update_fields=["name"])
    record_menu_changed(restaurant, what="categories", by=by, names=[name])
    return category


@transaction.atomic
def move_category(*, category_id: int, steps: int, by: str) -> None:
    """Move a heading up (negative) or down among the others; at the end nothing happens. Raises NotFound."""
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        raise NotFound()
    restaurant: Restaurant = Restaurant.objects.lock(pk=category.restaurant_id)
    order = list(Category.objects.filter(restaurant=restaurant).order_by("position", "id"))
    here = order.index(category)
    order.insert(max(0, min(len(order) - 1, here + steps)), order.pop(here))
    for position, row in enumerate(order):
        row.position = position
    Category.objects.bulk_update(order, ["position"])
    record_menu_changed(restaurant, what="categories", by=by, names=[category.name])


def coming_prices(product_ids: Iterable[int], at: datetime) -> Mapping[int, Price]:
    """The next price of each product that is not valid yet; one query."""
    later = Price.objects.filter(product__in=list(product_ids), valid_from__gt=at)
    return {price.product_id: price for price in later.order_by("product", "-valid_from", "id")}


def _lock(restaurant_id: int, seen_version: int) -> Restaurant:
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id)
    if restaurant.menu_version != seen_version:
        raise VersionConflict(current={"menu_version": restaurant.menu_version})
    return restaurant


def _product(product_id: int) -> Product:
    product = Product.objects.select_related("category", "station").filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    return product


def _mine(restaurant: Restaurant, product_ids: Sequence[int]) -> list[Product]:
    rows = list(Product.objects.filter(restaurant=restaurant, pk__in=product_ids))
    if not rows or len(rows) != len(set(product_ids)):
        raise NotFound()
    return rows


def _names(products: Iterable[Product]) -> list[str]:
    return [product.name for product in products]


def _category(restaurant: Restaurant, name: str) -> Category:
    found = Category.objects.filter(restaurant=restaurant, name=name).first()
    return found or Category.objects.create(restaurant=restaurant, name=name, position=_last(Category, restaurant))


def _station(restaurant: Restaurant, name: str) -> Station | None:
    if not name:
        return None
    found = Station.objects.filter(restaurant=restaurant, name=name).first()
    return found or Station.objects.create(restaurant=restaurant, name=name, position=_last(Station, restaurant))


def _last(model: type[Category] | type[Station], restaurant: Restaurant) -> int:
    highest = model._default_manager.filter(restaurant=restaurant).aggregate(Max("position"))["position__max"]
    return 0 if highest is None else highest + 1
