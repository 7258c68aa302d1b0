"""What an actor's office shows: everything, the cities of a dispatcher, the restaurants of a restaurateur."""

from django.db.models import Q, QuerySet

from delivery.cities.models import City
from delivery.ground.access import Actor
from delivery.ground.errors import NotFound
from delivery.ground.ids import public_id_in
from delivery.orders.models import Order
from restaurants.models import Restaurant


def sees_all(actor: Actor) -> bool:
    return actor.has("owner") or actor.has("support")


def cities_of(actor: Actor) -> QuerySet[City]:
    """The cities that the actor looks after as a whole, by name."""
    cities = City.objects.order_by("name")
    return cities if sees_all(actor) else cities.filter(pk__in=actor.bound("dispatcher", "city"))


def restaurants_of(actor: Actor) -> QuerySet[Restaurant]:
    """The restaurants whose business the actor may see, by name, with their cities."""
    shops = Restaurant.objects.select_related("city").order_by("name")
    return shops if sees_all(actor) else shops.filter(pk__in=actor.bound("restaurateur", "restaurant"))


def orders_of(actor: Actor) -> QuerySet[Order]:
    """Orders of the actor's cities and restaurants."""
    orders: QuerySet[Order] = Order.objects.select_related("restaurant", "city")
    if sees_all(actor):
        return orders
    mine = Q(city__in=actor.bound("dispatcher", "city")) | Q(restaurant__in=actor.bound("restaurateur", "restaurant"))
    return orders.filter(mine)


def restaurant_named(shops: QuerySet[Restaurant], public_id: str) -> Restaurant:
    """One of the restaurants. Raises NotFound: unknown or somebody else's."""
    shop = shops.filter(pk__isnull=False, public_id=public_id_in(public_id)).first()
    if shop is None:
        raise NotFound()
    return shop
