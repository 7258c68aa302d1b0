"""Who plays: read once from the seeded database, like the script of a play, with the tokens that DATA_DIR holds.

From then on actors know what their screens tell them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from delivery import env
from delivery.accounts.models import Account
from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.geo import Point
from dispatch.fleet.models import Deliverer, Shift
from printing.models import Printer as PrinterRow
from restaurants.models import Restaurant, Station

SCREENS = ("lobby", "kitchen")


class NobodyThere(Exception):
    """No demonstration in this database, or no tokens for it."""


@dataclass(frozen=True)
class Guest:
    key: str
    login: str
    name: str
    token: str
    address: dict[str, Any]


@dataclass(frozen=True)
class Shop:
    public_id: str
    slug: str
    name: str
    lobby_token: str
    kitchen_token: str
    first_station: str
    at: Point


@dataclass(frozen=True)
class Rider:
    """`duties`: planned shifts in real instants, in order."""

    key: str
    login: str
    public_id: str
    token: str
    vehicle: str
    duties: Sequence[tuple[datetime, datetime]]

    def works_at(self, instant: datetime) -> bool:
        """Whether a shift is planned now; who has none left in the plan works always."""
        if not self.duties or instant >= self.duties[-1][1]:
            return True
        return any(starts_at <= instant < ends_at for starts_at, ends_at in self.duties)


@dataclass(frozen=True)
class Desk:
    key: str
    account: str
    login: str
    token: str


@dataclass(frozen=True)
class Device:
    """A printer's address on this machine."""

    uid: str
    shop_id: str
    port: int


@dataclass
class Cast:
    """Everybody of one city."""

    city: City
    guests: list[Guest] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    riders: list[Rider] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)
    printers: list[Device] = field(default_factory=list)


def account_key(public_id: object) -> str:
    """How presence names whoever uses an account."""
    return f"account:{public_id}"


def read_casts() -> list[Cast]:
    """The casts of all cities that have logins. Raises NobodyThere."""
    logins = read_logins()
    slugs = {login["city"] for login in logins if login["city"]}
    casts = [_cast(city, [each for each in logins if each["city"] == city.slug]) for city in _cities(slugs)]
    if not casts:
        raise NobodyThere("no city of the demonstration in this database")
    return casts


def _cities(slugs: set[str]) -> list[City]:
    return list(City.objects.filter(slug__in=slugs).order_by("pk"))


def read_logins() -> list[dict[str, Any]]:
    """The people of the demonstration, as the newest file of DATA_DIR names them. Raises NobodyThere."""
    for name in ("people.json", "logins.json"):
        path = env.data_dir() / name
        if path.exists():
            found: list[dict[str, Any]] = json.loads(path.read_text())
            return found
    raise NobodyThere(f"no logins in {env.data_dir()}")


def _cast(city: City, logins: list[dict[str, Any]]) -> Cast:
    tokens = {str(login["login"]): str(login["token"]) for login in logins if login.get("login")}
    screens = {(login["role"], login["name"]): str(login["token"]) for login in logins if login["role"] in SCREENS}
    roles = {str(login["login"]): login["role"] for login in logins if login.get("login")}
    accounts = {account.email or account.phone or "": account for account in _accounts(list(tokens))}
    cast = Cast(city, shops=_shops(city, screens), printers=_printers(city))
    for login, account in sorted(accounts.items()):
        if roles[login] == "customer":
            cast.guests += _guests(account, login, tokens[login])
        elif roles[login] == "dispatcher":
            cast.desks.append(Desk(account_key(account.public_id), str(account.public_id), login, tokens[login]))
    cast.riders = _riders(city, tokens)
    return cast


def _accounts(logins: list[str]) -> list[Account]:
    found = Account.objects.filter(email__in=logins) | Account.objects.filter(phone__in=logins)
    return list(found.prefetch_related("addresses"))


def _guests(account: Account, login: str, token: str) -> list[Guest]:
    home = account.addresses.first()
    if home is None:
        return []
    access = {name: getattr(home, name) for name in home.ACCESS_FIELDS}
    address = {"line": home.line, "lat": home.lat, "lon": home.lon, **access}
    return [Guest(account_key(account.public_id), login, account.name, token, address)]


def _shops(city: City, screens: Mapping[tuple[str, str], str]) -> list[Shop]:
    first = {row.restaurant_id: row.name for row in Station.objects.filter(restaurant__city=city, is_catch_all=True)}
    return [
        Shop(
            str(shop.public_id),
            shop.slug,
            shop.name,
            screens["lobby", shop.name],
            screens["kitchen", shop.name],
            first.get(shop.pk, ""),
            shop.point,
        )
        for shop in Restaurant.objects.filter(city=city, is_active=True).order_by("pk")
        if ("lobby", shop.name) in screens
    ]


def _riders(city: City, tokens: Mapping[str, str]) -> list[Rider]:
    plans: dict[int, list[tuple[datetime, datetime]]] = {}
    planned = Shift.objects.filter(deliverer__city=city, ended_at__isnull=True, ends_at__gt=clock.now())
    for pk, starts_at, ends_at in planned.order_by("starts_at").values_list("deliverer_id", "starts_at", "ends_at"):
        plans.setdefault(pk, []).append((starts_at, ends_at))
    found = Deliverer.objects.filter(city=city).select_related("account").order_by("pk")
    riders = [(row, row.account.phone or row.account.email or "") for row in found]
    return [
        Rider(
            account_key(row.account.public_id),
            login,
            str(row.public_id),
            tokens[login],
            row.vehicle,
            plans.get(row.pk, ()),
        )
        for row, login in riders
        if login in tokens
    ]


def _printers(city: City) -> list[Device]:
    rows = PrinterRow.objects.filter(city=city, host="127.0.0.1", transport="tcp").order_by("pk")
    return [
        Device(row.uid, str(row.restaurant.public_id), row.port)
        for row in rows.select_related("restaurant")
        if row.restaurant is not None
    ]
