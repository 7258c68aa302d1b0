"""Who may act in the demonstration, and with which secret; new with each run.

DATA_DIR/logins.json lists how people sign in, some of each role. DATA_DIR/people.json holds everybody and everything
that lives there, with a token, for the actors: {role, city, name, token, ...}; see `_Roll`.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from delivery import env
from delivery.accounts import services as accounts
from delivery.accounts.models import Account, Address
from delivery.demo import people
from delivery.devices import services as devices
from delivery.devices.models import Device, Kind
from delivery.ground.ids import new_token
from dispatch.fleet.models import Deliverer
from printing.models import Printer
from restaurants.models import Restaurant

NAME = "demo"
CODE_VALID_FOR = timedelta(hours=24)
CODE_USES = 100
LISTED_PER_CITY = {"customer": 3, "deliverer": 6, "restaurateur": 2, "lobby": 2, "kitchen": 2}
SCREENS = (Kind.LOBBY, Kind.KITCHEN)
Entry = dict[str, Any]


def write_logins() -> Path | None:
    """Write both files with mode 0600; None when nobody of the demonstration is in this database."""
    path = env.data_dir() / "logins.json"
    found = _found()
    if not found:
        return None
    with transaction.atomic():
        password = _password(path, [account for _, account in found if account.email])
        roll = list(_Roll(found).entries())
        listed = list(_logins(roll, password))
    _write(env.data_dir() / "people.json", [{**entry, "restaurant": _named(entry)} for entry in roll])
    _write(path, listed)
    return path


def _found() -> list[tuple[people.Person, Account]]:
    persons = list(people.everybody())
    by_email = {account.email: account for account in Account.objects.filter(email__endswith=f"@{people.DOMAIN}")}
    phones = [person.phone for person in persons if person.phone]
    by_phone = {account.phone: account for account in Account.objects.filter(phone__in=phones)}
    known = [(person, by_email.get(person.email) or by_phone.get(person.phone)) for person in persons]
    return [(person, account) for person, account in known if account is not None]


def _password(path: Path, holders: list[Account]) -> str:
    """The password of the earlier file while it still opens; a new one would sign everybody out."""
    earlier = json.loads(path.read_text()) if path.exists() else []
    for login in earlier:
        if login.get("password") and holders[0].check_password(login["password"]):
            return str(login["password"])
    password = new_token(9)
    accounts.set_password(accounts=holders, password=password)
    return password


class _Roll:
    """Everybody, then the screens and the printers of every restaurant; a handful of statements however many they are.

    People have `login` and `path`; a customer `addresses` (line, lat, lon), a deliverer `deliverer` (public id) and
    `vehicle`, a screen `device` (public id), a printer `uid`, `host`, `port`, `columns` and no token. Who belongs to
    a restaurant has it as `restaurant`: in people.json its id, slug and name.
    """

    def __init__(self, found: Sequence[tuple[people.Person, Account]]) -> None:
        self.found = found
        slugs = {person.restaurant.slug for person, _ in found if person.restaurant}
        shops = Restaurant.objects.filter(slug__in=slugs).select_related("city").order_by("pk")
        self.shops = {shop.slug: shop for shop in shops}

    def entries(self) -> Iterator[Entry]:
        yield from self._persons()
        yield from self._screens()
        yield from self._printers()

    def _persons(self) -> Iterator[Entry]:
        tokens = self._tokens()
        homes: Mapping[int, list[Entry]] = defaultdict(list)
        for address in Address.objects.filter(account__in=tokens).order_by("pk"):
            homes[address.account_id].append({"line": address.line, "lat": address.lat, "lon": address.lon})
        carriers = Deliverer.objects.filter(account__in=tokens).in_bulk(field_name="account_id")
        for person, account in self.found:
            entry: Entry = {
                "role": person.role,
                "city": person.city.slug if person.city else None,
                "name": person.name,
                "path": person.path,
                "login": person.email or person.phone,
                "token": tokens[account.pk],
                "restaurant": self.shops[person.restaurant.slug] if person.restaurant else None,
            }
            if person.home:
                entry["addresses"] = homes[account.pk]
            if carrier := carriers.get(account.pk):
                entry |= {"deliverer": str(carrier.public_id), "vehicle": carrier.vehicle}
            yield entry

    def _tokens(self) -> dict[int, str]:
        """A token for each account, by its primary key; an integrator's opens only what its scopes say."""
        tokens: dict[int, str] = {}
        for scopes, roles in ((people.SCOPES, {"integrator"}), ((), people.ROLES - {"integrator"})):
            holders = [account for person, account in self.found if person.role in roles]
            issued = accounts.renew_tokens(accounts=holders, name=NAME, scopes=scopes)
            tokens |= {account.pk: token for account, token in zip(holders, issued, strict=True)}
        return tokens

    def _screens(self) -> Iterator[Entry]:
        names = [f"{NAME} {kind}" for kind in SCREENS]
        earlier = Device.objects.filter(
            restaurant__in=self.shops.values(), name__in=names, kind__in=SCREENS, revoked_at__isnull=True
        )
        devices.revoke_devices(ids=list(earlier.values_list("pk", flat=True)))
        wanted = [(kind, shop, f"{NAME} {kind}") for shop in self.shops.values() for kind in SCREENS]
        for (kind, shop, _), (device, secret) in zip(wanted, devices.register_devices(wanted=wanted), strict=True):
            yield {
                "role": str(kind),
                "city": shop.city.slug,
                "name": shop.name,
                "path": f"/{kind}/pair/",
                "login": None,
                "token": secret,
                "restaurant": shop,
                "device": str(device.public_id),
            }

    def _printers(self) -> Iterator[Entry]:
        for printer in Printer.objects.filter(restaurant__in=self.shops.values()).order_by("pk"):
            shop = next(shop for shop in self.shops.values() if shop.pk == printer.restaurant_id)
            yield {
                "role": "printer",
                "city": shop.city.slug,
                "name": printer.name,
                "token": None,
                "restaurant": shop,
                "uid": printer.uid,
                "host": printer.host,
                "port": printer.port,
                "columns": printer.columns,
            }


def _named(entry: Entry) -> Entry | None:
    shop = entry["restaurant"]
    return {"id": str(shop.public_id), "slug": shop.slug, "name": shop.name} if shop else None


def _logins(roll: Sequence[Entry], password: str) -> Iterator[Entry]:
    """The first of each role in each city, with what opens their page."""
    base = f"http://localhost:{env.port()}"
    seen: dict[tuple[str, str | None], int] = defaultdict(int)
    for entry in roll:
        place = (entry["role"], entry["city"])
        seen[place] += 1
        if entry["role"] == "printer" or seen[place] > LISTED_PER_CITY.get(entry["role"], 1):
            continue
        yield {
            "role": entry["role"],
            "city": entry["city"],
            "name": entry["name"],
            "url": base + entry["path"],
            "login": entry["login"],
            **_credential(entry, password),
            "token": entry["token"],
        }


def _credential(entry: Entry, password: str) -> Entry:
    if entry["role"] not in SCREENS:
        return {"password": password} if "@" in entry["login"] else {"phone": entry["login"]}
    code = devices.create_pairing_code(
        kind=Kind(entry["role"]), restaurant=entry["restaurant"], by=NAME, valid_for=CODE_VALID_FOR, uses=CODE_USES
    )
    return {"pairing_code": code}


def _write(path: Path, entries: list[Entry]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(entries, file, indent=2, ensure_ascii=False)
    fresh.replace(path)
