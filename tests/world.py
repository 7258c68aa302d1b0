"""The words of the trade for tests: a city, a restaurant, a person, in one line each."""

from datetime import datetime
from typing import Any

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.checkout import services as checkout
from delivery.checkout.basket import Basket, BasketLine, Destination, Placement
from delivery.cities import services as cities
from delivery.cities.models import City, Zone
from delivery.ground.access import Actor
from delivery.ground.ids import new_token
from delivery.orders.models import Order
from restaurants import services as restaurants
from restaurants.models import Product, Restaurant
from restaurants.services import NewProduct

PASSWORD = "the long way home"

PIZZAS = [
    NewProduct(name="margherita", amount=950, vat_rate_bp=1000, category="Pizza", station="oven", allergens=["milk"]),
    NewProduct(name="regina", amount=1180, vat_rate_bp=1000, category="Pizza", station="oven"),
    NewProduct(name="cola", amount=290, vat_rate_bp=2000, category="Drinks", station="bar"),
]
FEE = 290
GUEST = Actor(ref="guest:tests")


def city(slug: str = "arles") -> City:
    """A European city where time passes as it does outside."""
    return City.objects.create(
        slug=slug,
        name=slug.title(),
        timezone="Europe/Paris",
        currency="EUR",
        lat=43.68,
        lon=4.63,
        pay_per_order=400,
        pay_per_hour=1200,
    )


def restaurant(of: City, slug: str = "bistro") -> Restaurant:
    """A restaurant without a menu in the middle of its city."""
    return Restaurant.objects.create(
        city=of, slug=slug, name=slug.title(), address_line="1 rue de la Roquette", lat=of.lat, lon=of.lon
    )


def account(name: str = "ana", **more: Any) -> Account:
    """A person who signs in as <name>@example.org with PASSWORD."""
    return accounts.create_account(email=f"{name}@example.org", password=PASSWORD, name=name.title(), **more)


def pizzeria(
    slug: str = "pizzeria", *, opening_hours: str = "24/7", minimum_order: int = 0, **tuning: Any
) -> Restaurant:
    """A restaurant with PIZZAS in the middle of a city of its own, which delivers within 0.05 degrees for FEE.

    `tuning`: other fields of the city, e.g. time_rate=60.
    """
    values = {"currency": "EUR", "lat": 43.68, "lon": 4.63, "pay_per_order": 400, "pay_per_hour": 1200} | tuning
    around = City(slug=f"city-of-{slug}", name=slug.title(), timezone="Europe/Paris", **values)
    (w, e), (s, n) = ((at - 0.05, at + 0.05) for at in (around.lon, around.lat))
    ring = [[w, s], [e, s], [e, n], [w, n]]
    zone = Zone(name="all", ring=ring, fee=FEE, minimum_order=minimum_order)
    cities.open_city(city=around, zones=[zone], by="tests")
    shop = Restaurant(
        city=around,
        slug=slug,
        name=slug.title(),
        address_line="1 rue du Four",
        lat=around.lat,
        lon=around.lon,
        opening_hours=opening_hours,
    )
    restaurants.open_restaurant(restaurant=shop, stations=["pass", "oven", "bar"], by="tests")
    restaurants.add_products(restaurant_id=shop.pk, products=PIZZAS, by="tests")
    opened: Restaurant = Restaurant.objects.select_related("city").get(pk=shop.pk)
    return opened


def basket(shop: Restaurant, *names: str, wanted_at: datetime | None = None) -> Basket:
    """One of each named product, to be brought a kilometre north of the restaurant."""
    ids = dict(Product.objects.filter(restaurant=shop).values_list("name", "public_id"))
    return Basket(
        restaurant=str(shop.public_id),
        lines=[BasketLine(str(ids[name]), 1) for name in names],
        destination=Destination(line="2 rue du Nord", lat=shop.lat + 0.009, lon=shop.lon),
        wanted_at=wanted_at,
    )


def order(shop: Restaurant, *names: str, by: Actor = GUEST, **more: Any) -> Order:
    """A placed order of the named products (a margherita without any), through the door of every order.

    `more`: other fields of Placement, e.g. tip=100, or wants=... a basket.
    """
    wants = more.pop("wants", None) or basket(shop, *(names or ["margherita"]), wanted_at=more.get("wanted_at"))
    placement = Placement(wants=wants, customer_name="Ana", **more)
    reply = checkout.place(actor=by, key=new_token(), route="tests", body=b"", placement=placement)
    found: Order = Order.objects.select_related("restaurant", "city").get(public_id=reply.body["id"])
    return found
