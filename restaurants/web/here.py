"""Whose screen this is, and whose order: a paired device belongs to one restaurant, its boss may have several."""

from uuid import UUID

from django.urls import reverse

from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.ids import public_id_in
from delivery.orders.models import Order
from restaurants.models import Restaurant


def restaurants_of(request: PageRequest, screen: str) -> list[Restaurant]:
    """Restaurants whose `screen` (lobby or kitchen) the actor may use, by name."""
    held = request.actor.bound(screen, "restaurant") | request.actor.bound("restaurateur", "restaurant")
    return list(Restaurant.objects.filter(pk__in=held).select_related("city").order_by("name", "pk"))


def restaurant_of(request: PageRequest, screen: str) -> Restaurant:
    """The one that ?restaurant=<id> names, else the first. Raises NotFound."""
    mine = restaurants_of(request, screen)
    named = request.GET.get("restaurant")
    found = [shop for shop in mine if not named or shop.public_id == public_id_in(named)]
    if not found:
        raise NotFound()
    return found[0]


def order_of(request: PageRequest, screen: str, order_id: UUID) -> Order:
    """An order of a restaurant whose screen the actor may use. Raises NotFound."""
    mine = [shop.pk for shop in restaurants_of(request, screen)]
    order: Order | None = (
        Order.objects.filter(public_id=order_id, restaurant__in=mine).select_related("restaurant__city").first()
    )
    if order is None:
        raise NotFound()
    return order


def address_of(request: PageRequest, screen: str, restaurant: Restaurant) -> str:
    """The screen of the restaurant; it needs no name where the actor has only one."""
    address = reverse(screen)
    return f"{address}?restaurant={restaurant.public_id}" if len(restaurants_of(request, screen)) > 1 else address
