"""A small city of the demonstration: one restaurant with a printer, and somebody of each role in people.json."""

import json
from pathlib import Path
from typing import Any

from delivery.accounts.models import Account
from delivery.accounts.services import create_account
from delivery.cities.models import City, Membership
from delivery.cities.services import give_role
from dispatch.fleet.models import Deliverer
from dispatch.fleet.services import join_deliverer
from printing.services.printers import register_printer
from restaurants.models import Restaurant
from restaurants.services import give_role as give_shop_role
from tests import world

ROLES = ("customer", "deliverer", "dispatcher", "restaurateur", "support", "owner")


def settle(data_dir: Path) -> Restaurant:
    """Everybody's login is "<role>@demo.example"; returns the restaurant."""
    shop = world.pizzeria()
    register_printer(
        restaurant=shop,
        uid="pizzeria-oven",
        name="Oven",
        host="127.0.0.1",
        port=9,
        stations=["oven"],
        by="-",
    )
    entries = [_person(role, shop, shop.city) for role in ROLES]
    entries += [
        {"role": role, "city": shop.city.slug, "name": shop.name, "login": None, "token": f"ppd_{role}"}
        for role in ("lobby", "kitchen")
    ]
    (data_dir / "people.json").write_text(json.dumps(entries))
    return shop


def account_of(role: str) -> Account:
    return Account.objects.get(email=f"{role}@demo.example")


def _person(role: str, shop: Restaurant, city: City) -> dict[str, Any]:
    account = create_account(
        email=f"{role}@demo.example",
        name=role.title(),
        is_owner=role == "owner",
        is_support=role == "support",
        is_staff=role == "restaurateur",
    )
    if role == "dispatcher":
        give_role(city=city, account=account, role=Membership.Role.DISPATCHER)
    if role == "restaurateur":
        give_shop_role(restaurant=shop, account=account, role="restaurateur")
    if role == "deliverer":
        join_deliverer(account=account, city=city, vehicle=Deliverer.Vehicle.SCOOTER, by="-")
    of = None if role in ("owner", "support") else city.slug
    return {"role": role, "city": of, "name": role.title(), "login": account.email, "token": f"ppt_{role}"}
