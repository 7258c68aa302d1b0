"""The sold-out list of the counter: what is out first, until when and by whom, then all that is on sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Sum

from delivery.cities.models import City
from delivery.ground import clock
from delivery.orders.models import Line
from restaurants import selectors
from restaurants.models import FOR_GOOD, Product, Restaurant
from restaurants.plates import plate
from restaurants.web.people import names_of

DAY_BEGINS: Final = timedelta(hours=5)  # city clock: an evening's service ends after midnight
HOURS: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Dish:
    """A product: out or on sale. `back_at` is None when it is out until a person says otherwise."""

    product: Product
    plate: str
    is_out: bool
    back_at: datetime | None
    by: str
    sold_today: int


def dishes_of(restaurant: Restaurant, now: datetime, search: str = "") -> Sequence[Dish]:
    """The menu, sold-out products first; `search` is found in names, descriptions and headings."""
    products = [product for product in selectors.menu(restaurant, now) if _is_meant(product, search)]
    names = names_of(product.sold_out_by for product in products)
    since = clock.real(restaurant.city, day_of(restaurant.city, now))
    sold = Line.objects.filter(order__restaurant=restaurant, order__placed_at__gte=since).values_list("product_id")
    counted = dict(sold.annotate(sum=Sum("quantity")).values_list("product_id", "sum"))
    dishes = [
        Dish(
            product=product,
            plate=plate(product.name, product.category.name, product.description),
            is_out=selectors.is_sold_out(product, now),
            back_at=selectors.comes_back_at(product, now),
            by=names.get(product.sold_out_by, ""),
            sold_today=counted.get(product.pk, 0),
        )
        for product in products
    ]
    return sorted(dishes, key=lambda dish: not dish.is_out)


def day_of(city: City, now: datetime) -> datetime:
    """When the day of service began on the city's clock."""
    shown = clock.shown(city, now) - DAY_BEGINS
    return shown.replace(hour=0, minute=0, second=0, microsecond=0) + DAY_BEGINS


def until(city: City, now: datetime, how_long: str) -> datetime:
    """The real instant behind a choice: "today" (until tomorrow morning), "hours" (four), "good" (until told)."""
    if how_long == "good":
        return FOR_GOOD
    if how_long == "hours":
        return clock.after(city, HOURS, since=now)
    return clock.real(city, day_of(city, now) + timedelta(days=1))


def _is_meant(product: Product, search: str) -> bool:
    words = f"{product.name} {product.description} {product.category.name}".casefold()
    return all(word in words for word in search.casefold().split())
