"""Which screens see an order: `order.<id>`, `kitchen.<restaurant>`, `city.<city>`. Two statements per chunk."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from delivery.ground.access import Actor
from delivery.ground.events import Recorded
from delivery.ground.ids import public_id_in
from delivery.ground.registry import TopicRow
from delivery.orders import rows
from delivery.orders.access import READ
from delivery.orders.models import FINAL_STATUSES, Order, StationWork
from delivery.orders.rows import CityOrder
from delivery.orders.selectors import may_see, open_orders, works_at
from restaurants.models import Restaurant


def project(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """The present rows of all orders that the facts are about; final ones leave kitchen and city."""
    orders = Order.objects.filter(pk__in={recorded.aggregate_id for recorded in events})
    for order in orders.select_related("restaurant", "city").prefetch_related("lines").order_by("pk"):
        yield _order_row(order)
        yield _kitchen_row(order)
        yield _city_row(order)


def project_station_work(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """How far the stations are that the facts are about."""
    return _work_rows(StationWork.objects.filter(pk__in={recorded.aggregate_id for recorded in events}))


def order_snapshot(public_id: str) -> list[TopicRow]:
    """The one row of `order.<public_id>`."""
    orders = Order.objects.filter(public_id=public_id_in(public_id)).select_related("restaurant", "city")
    return [_order_row(order) for order in orders.prefetch_related("lines")]


def kitchen_snapshot(restaurant_public_id: str) -> list[TopicRow]:
    """The open orders of a restaurant, oldest first, and how far its stations are with them."""
    orders = list(open_orders(restaurant__public_id=restaurant_public_id))
    work = StationWork.objects.filter(order__in=[order.pk for order in orders])
    return [*(_kitchen_row(order) for order in orders), *_work_rows(work)]


def city_orders(city_public_id: str) -> list[TopicRow]:
    """The open orders of a city, oldest first."""
    mine = Order.objects.filter(~Q(status__in=FINAL_STATUSES), city__public_id=city_public_id)
    return city_rows(city_public_id, mine.order_by("placed_at", "id"))


def city_rows(city_public_id: str, orders: QuerySet[Order]) -> list[TopicRow]:
    """The rows on `city.<id>` of orders of the city that are not final; one query, only the columns that are shown."""
    found = map(CityOrder._make, orders.values_list(*CityOrder._fields))
    return [
        TopicRow(f"city.{city_public_id}", f"order:{order.public_id}", order.version, rows.for_city(order))
        for order in found
    ]


def may_join_order(actor: Actor, public_id: str) -> bool:
    order = Order.objects.filter(public_id=public_id_in(public_id)).first()
    return order is not None and _may_read(actor) and may_see(actor, order)


def may_join_kitchen(actor: Actor, restaurant_public_id: str) -> bool:
    restaurant = Restaurant.objects.filter(public_id=public_id_in(restaurant_public_id)).first()
    return restaurant is not None and _may_read(actor) and works_at(actor, restaurant.pk)


def _may_read(actor: Actor) -> bool:
    return not actor.scopes or READ in actor.scopes


def city_of_order(public_id: str) -> int | None:
    return _city_id(Order.objects.filter(public_id=public_id_in(public_id)))


def city_of_kitchen(restaurant_public_id: str) -> int | None:
    return _city_id(Restaurant.objects.filter(public_id=public_id_in(restaurant_public_id)))


def _city_id(found: QuerySet[Any]) -> int | None:
    return found.values_list("city_id", flat=True).first()


def _order_row(order: Order) -> TopicRow:
    return TopicRow(f"order.{order.public_id}", "order", order.version, rows.for_customer(order))


def _kitchen_row(order: Order) -> TopicRow:
    payload = None if order.is_final else rows.for_kitchen(order)
    return TopicRow(f"kitchen.{order.restaurant.public_id}", f"order:{order.public_id}", order.version, payload)


def _work_rows(work: "QuerySet[StationWork]") -> Iterable[TopicRow]:
    for each in work.select_related("order__restaurant").order_by("pk"):
        yield TopicRow(
            f"kitchen.{each.order.restaurant.public_id}", f"work:{each.public_id}", each.version, rows.for_cooks(each)
        )


def _city_row(order: Order) -> TopicRow:
    payload = None if order.is_final else rows.for_city(CityOrder.of(order))
    return TopicRow(f"city.{order.city.public_id}", f"order:{order.public_id}", order.version, payload)
