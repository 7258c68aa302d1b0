"""Orders as an actor may see them. What is foreign does not exist: NotFound, never "forbidden"."""

from django.db.models import Q, QuerySet

from delivery.cities.selectors import watches
from delivery.ground.access import Actor
from delivery.ground.errors import NotFound
from delivery.ground.ids import public_id_in
from delivery.orders.models import FINAL_STATUSES, Order

COUNTER_ROLES = ("lobby", "kitchen", "restaurateur", "integrator")


def works_at(actor: Actor, restaurant_id: int) -> bool:
    """Whether the actor is the restaurant's: its boss, one of its devices, or an integration of it."""
    return any(actor.has(role, restaurant=restaurant_id) for role in COUNTER_ROLES)


def ordered(actor: Actor, order: Order) -> bool:
    """Whether the actor is the one who ordered: the account, or the guest's session or integration that placed it."""
    is_account = actor.account_id is not None and order.account_id == actor.account_id and not actor.scopes
    return is_account or (actor.ref != Actor().ref and order.placed_by == actor.ref)


def may_see(actor: Actor, order: Order) -> bool:
    return ordered(actor, order) or works_at(actor, order.restaurant_id) or watches(actor, order.city_id)


def order_for(actor: Actor, public_id: str) -> Order:
    """The order with restaurant and city, if the actor may see it. Raises NotFound."""
    order = _whole(Order.objects.filter(public_id=public_id_in(public_id))).first()
    if order is None or not may_see(actor, order):
        raise NotFound()
    return order


def order_by_token(tracking_token: str) -> Order:
    """The order of a tracking link: who has the link may follow. Raises NotFound."""
    order = _whole(Order.objects.filter(tracking_token=tracking_token)).first()
    if order is None:
        raise NotFound()
    return order


def open_orders(**where: object) -> QuerySet[Order]:
    """Orders that are not final, oldest first, with what every row of a screen needs."""
    return _whole(Order.objects.filter(~Q(status__in=FINAL_STATUSES), **where)).order_by("placed_at", "id")


def _whole(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related("restaurant", "city").prefetch_related("lines")
