"""Whose screen this is, and whose order: a paired device belongs to one restaurant, its boss may have several."""

from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.ids import public_id_in
from delivery.orders.models import Order
from restaurants.models import Product, Restaurant

KEPT = ("open", "order", "q", "station", "recall")  # what a page goes on showing after a form


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


def product_of(request: PageRequest, screen: str, product_id: UUID) -> Product:
    """A product of a restaurant whose screen the actor may use. Raises NotFound."""
    mine = [shop.pk for shop in restaurants_of(request, screen)]
    products = Product.objects.filter(public_id=product_id, restaurant__in=mine, is_active=True)
    product = products.select_related("restaurant__city").first()
    if product is None:
        raise NotFound()
    return product


def address_of(request: PageRequest, screen: str, restaurant: Restaurant) -> str:
    """The screen of the restaurant as it is looked at; it is named where the actor has more than one."""
    query = QueryDict(mutable=True)
    if len(restaurants_of(request, screen)) > 1:
        query["restaurant"] = str(restaurant.public_id)
    for name in KEPT:
        if request.GET.get(name):
            query[name] = request.GET[name]
    return f"{reverse(screen)}?{query.urlencode()}" if query else reverse(screen)


def query_of(request: PageRequest) -> str:
    """What the forms of a page carry on in their address, "?" included; empty without anything to carry."""
    query = QueryDict(mutable=True)
    for name in ("restaurant", *KEPT):
        if request.GET.get(name):
            query[name] = request.GET[name]
    return f"?{query.urlencode()}" if query else ""
