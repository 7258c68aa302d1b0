"""The words of the trade for tests: a city, a restaurant, a person, in one line each."""

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.cities.models import City
from restaurants.models import Restaurant

PASSWORD = "the long way home"


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


def account(name: str = "ana", **more: bool) -> Account:
    """A person who signs in as <name>@example.org with PASSWORD."""
    return accounts.create_account(email=f"{name}@example.org", password=PASSWORD, name=name.title(), **more)
