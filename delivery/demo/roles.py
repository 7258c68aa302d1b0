"""The roles of the demonstration, and whom a visitor becomes with one tap: only people of the logins file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q

from delivery.accounts.models import Account
from delivery.cities.models import City
from delivery.demo.actors.cast import account_key, read_logins
from delivery.demo.presence import taken_seats
from delivery.devices.models import Kind
from delivery.ground import clock
from delivery.ground.errors import NotFound
from delivery.orders.transitions import OPEN
from dispatch.fleet.models import Deliverer
from restaurants import selectors
from restaurants.models import Restaurant


@dataclass(frozen=True, slots=True)
class Role:
    """Where it begins. `of_city`: each city has its own people in it."""

    path: str
    of_city: bool = True


ROLES: Final[Mapping[str, Role]] = {
    "customer": Role("/"),
    "lobby": Role("/lobby/"),
    "kitchen": Role("/kitchen/"),
    "deliverer": Role("/phone/"),
    "dispatcher": Role("/control-room/"),
    "restaurateur": Role("/console/"),
    "support": Role("/console/", of_city=False),
    "owner": Role("/console/", of_city=False),
}
SCREENS: Final = (Kind.LOBBY, Kind.KITCHEN)


def account_for(role: str, city: City) -> Account:
    """Somebody of the demonstration with this role whose place is free, else the first. Raises NotFound.

    A deliverer who is under way comes first, then one on shift.
    """
    if role not in ROLES:
        raise NotFound()
    slug = city.slug if ROLES[role].of_city else None
    names = [login["login"] for login in read_logins() if login["role"] == role and login["city"] == slug]
    found = Account.objects.filter(Q(email__in=names) | Q(phone__in=names), is_active=True).order_by("pk")
    ranked = _the_busy_first(list(found)) if role == "deliverer" else list(found)
    taken = taken_seats()
    free = [account for account in ranked if account_key(account.public_id) not in taken]
    if not ranked:
        raise NotFound()
    return (free or ranked)[0]


def _the_busy_first(accounts: list[Account]) -> list[Account]:
    deliverers = Deliverer.objects.filter(account__in=accounts).annotate(
        routes_now=Count("routes", filter=Q(routes__status="assigned"), distinct=True),
        shifts_now=Count(
            "shifts", filter=Q(shifts__started_at__isnull=False, shifts__ended_at__isnull=True), distinct=True
        ),
    )
    busy: dict[int, Any] = {row.account_id: (row.routes_now, row.shifts_now) for row in deliverers}
    return sorted(accounts, key=lambda account: busy.get(account.pk, (0, 0)), reverse=True)


def restaurant_for(screen: str, city: City, slug: str = "") -> Restaurant:
    """The one that is named, else where most is to do and nobody sits. Raises NotFound."""
    now = clock.now()
    shops = Restaurant.objects.filter(city=city, is_active=True, slug__in=_slugs(slug, city)).select_related("city")
    busiest = shops.annotate(work=Count("orders", filter=Q(orders__status__in=OPEN))).order_by("-work", "pk")
    taken = taken_seats()
    ranked: list[Restaurant] = sorted(
        busiest,
        key=lambda shop: (f"{screen}:{shop.public_id}" in taken, not selectors.is_open(shop, now)),
    )
    if not ranked:
        raise NotFound()
    return ranked[0]


def _slugs(slug: str, city: City) -> list[str]:
    """The shops of the demonstration: those whose screens have tokens in the logins file."""
    names = {login["name"] for login in read_logins() if login["role"] == "lobby" and login["city"] == city.slug}
    wanted = {"slug": slug} if slug else {}
    return list(Restaurant.objects.filter(city=city, name__in=names, **wanted).values_list("slug", flat=True))
