"""DATA_DIR/logins.json: how to sign in as anybody of the demonstration. Secrets in it are new with each run."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from delivery import env
from delivery.accounts import services as accounts
from delivery.accounts.models import AccessToken, Account
from delivery.demo import people
from delivery.devices import services as devices
from delivery.devices.models import Device, Kind
from delivery.ground.ids import new_token
from restaurants.models import Restaurant

NAME = "demo"
CODE_VALID_FOR = timedelta(hours=24)
CODE_USES = 100
Login = dict[str, Any]


def write_logins() -> Path | None:
    """Write the file with mode 0600; None when nobody of the demonstration is in this database."""
    path = env.data_dir() / "logins.json"
    found = _found()
    if not found:
        return None
    with transaction.atomic():
        logins = list(_logins(found, _password(path, [account for _, account in found if account.email])))
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(logins, file, indent=2, ensure_ascii=False)
    fresh.replace(path)
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


def _logins(found: list[tuple[people.Person, Account]], password: str) -> Iterator[Login]:
    base = f"http://localhost:{env.port()}"
    for token in AccessToken.objects.filter(name=NAME, revoked_at__isnull=True):
        accounts.revoke_token(token=token)
    for person, account in found:
        scopes = people.SCOPES if person.role == "integrator" else ()
        credential = {"password": password} if person.email else {"phone": person.phone}
        yield {
            "role": person.role,
            "city": person.city.slug if person.city else None,
            "name": person.name,
            "url": base + person.path,
            "login": person.email or person.phone,
            **credential,
            "token": accounts.issue_token(account=account, name=NAME, scopes=scopes),
        }
    slugs = [person.restaurant.slug for person, _ in found if person.restaurant]
    for restaurant in Restaurant.objects.filter(slug__in=slugs).select_related("city").order_by("pk"):
        yield from _screens(restaurant, base)


def _screens(restaurant: Restaurant, base: str) -> Iterator[Login]:
    for device in Device.objects.filter(restaurant=restaurant, name__startswith=NAME, revoked_at__isnull=True):
        devices.revoke_device(device=device)
    for kind in (Kind.LOBBY, Kind.KITCHEN):
        _, token = devices.register_device(kind=kind, restaurant=restaurant, name=f"{NAME} {kind}")
        yield {
            "role": str(kind),
            "city": restaurant.city.slug,
            "name": restaurant.name,
            "url": f"{base}/{kind}/pair/",
            "login": None,
            "pairing_code": devices.create_pairing_code(
                kind=kind, restaurant=restaurant, by=NAME, valid_for=CODE_VALID_FOR, uses=CODE_USES
            ),
            "token": token,
        }
