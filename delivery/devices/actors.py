"""Who is behind a request or a socket: a Bearer token, a session, a paired browser, a guest, or nobody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest

from delivery.accounts.models import AccessToken, Account
from delivery.accounts.services import TOKEN_PREFIX
from delivery.devices.models import Device
from delivery.ground.access import Actor
from delivery.ground.errors import NotSignedIn
from delivery.ground.ids import new_public_id, sha256_of
from delivery.ground.live.origin import BEARER
from delivery.ground.registry import wired

DEVICE_COOKIE = "passeplat_device"  # secrets of this browser's devices, joined by "."
GUEST_COOKIE = "passeplat_guest"
COOKIE_AGE_S = int(timedelta(days=400).total_seconds())  # the longest that browsers keep
SEEN_EVERY = timedelta(seconds=30)


def actor_of_bearer(authorization: str) -> Actor:
    """The actor of an Authorization header. Raises NotSignedIn: unknown, revoked, or not a Bearer token."""
    scheme, _, secret = authorization.partition(" ")
    secret = secret.strip()
    actor = None
    if scheme.lower() == "bearer" and secret.startswith(TOKEN_PREFIX):
        actor = _actor_of_token(secret)
    elif scheme.lower() == "bearer":
        actor = _actor_of_key(secret) or actor_of_browser(None, devices_of([secret]))
    if actor is None:
        raise NotSignedIn("This token is unknown or was revoked")
    return actor


def actor_of_browser(account: Account | None, devices: Sequence[Device]) -> Actor | None:
    """The actor who is signed in, or paired, or both; the person names the deed when there is one."""
    if account is None and not devices:
        return None
    return Actor(
        ref=f"account:{account.public_id}" if account else f"device:{devices[0].public_id}",
        account_id=account.pk if account else None,
        device_ids=tuple(device.pk for device in devices),
        language=account.language if account else devices[0].language,
    )


def devices_of(secrets: Iterable[str]) -> list[Device]:
    """The paired devices behind some secrets, and a note that they were seen."""
    hashes = [sha256_of(secret) for secret in secrets if secret]
    if not hashes:
        return []
    devices = list(Device.objects.filter(secret_sha256__in=hashes, revoked_at__isnull=True).order_by("pk"))
    stale = Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=Now() - SEEN_EVERY)
    Device.objects.filter(stale, pk__in=[device.pk for device in devices]).update(last_seen_at=Now())
    return devices


def secrets_in(cookie: str) -> list[str]:
    """The secrets in the device cookie; a browser that is two devices of one restaurant holds two."""
    return cookie.split(".")[:4]


def guest_of(cookie: str) -> Actor | None:
    """The guest whom this cookie names; None when we did not sign it."""
    try:
        return Actor(ref=f"guest:{signing.loads(cookie, salt=GUEST_COOKIE)}")
    except signing.BadSignature:
        return None


def new_guest() -> tuple[Actor, str]:
    """A guest nobody has seen before, and the cookie that will name them again."""
    name = str(new_public_id())
    return Actor(ref=f"guest:{name}"), signing.dumps(name, salt=GUEST_COOKIE)


def actor_of_scope(scope: Mapping[str, Any]) -> Actor | None:
    """Who opened a socket: Authorization header, the subprotocols `passeplat.bearer, <token>`, else its cookies."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    offered = list(scope.get("subprotocols", ()))
    bearer = headers.get("authorization", "")
    if offered[:1] == [BEARER]:
        bearer = f"Bearer {offered[-1]}"
    if bearer:
        try:
            return actor_of_bearer(bearer)
        except NotSignedIn:
            return None
    cookies = {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    account = _account_of_session(cookies.get(settings.SESSION_COOKIE_NAME))
    devices = devices_of(secrets_in(cookies.get(DEVICE_COOKIE, "")))
    return actor_of_browser(account, devices) or guest_of(cookies.get(GUEST_COOKIE, ""))


def rights_of(actors: Sequence[Actor]) -> Mapping[Actor, object]:
    """The versions of what each actor may do; an actor who lost account or device is left out."""
    account_ids = {actor.account_id for actor in actors if actor.account_id is not None}
    device_ids = {pk for actor in actors for pk in actor.device_ids}
    accounts = dict(
        Account.objects.filter(pk__in=account_ids, is_active=True).values_list("pk", "rights_version")
        if account_ids
        else ()
    )
    key_ids = {actor.key_id for actor in actors if actor.key_id is not None}
    keys = wired.rights_of_keys(key_ids) if key_ids and wired.rights_of_keys else {}
    devices = dict(
        Device.objects.filter(pk__in=device_ids, revoked_at__isnull=True).values_list("pk", "rights_version")
        if device_ids
        else ()
    )
    return {
        actor: (
            accounts[actor.account_id] if actor.account_id is not None else None,
            tuple(devices[pk] for pk in actor.device_ids),
            keys[actor.key_id] if actor.key_id is not None else None,
        )
        for actor in actors
        if (actor.account_id is None or actor.account_id in accounts)
        and (actor.key_id is None or actor.key_id in keys)
        and all(pk in devices for pk in actor.device_ids)
    }


def _actor_of_key(secret: str) -> Actor | None:
    return wired.actor_of_key(secret) if wired.actor_of_key else None


def _actor_of_token(secret: str) -> Actor | None:
    token = (
        AccessToken.objects.filter(sha256=sha256_of(secret), revoked_at__isnull=True, account__is_active=True)
        .select_related("account")
        .first()
    )
    if token is None:
        return None
    return Actor(
        f"account:{token.account.public_id}",
        account_id=token.account_id,
        scopes=frozenset(token.scopes),
        language=token.account.language,
    )


def _account_of_session(key: str | None) -> Account | None:
    if not key:
        return None
    holder = HttpRequest()
    holder.session = SessionStore(key)
    account = get_user(holder)
    return account if isinstance(account, Account) else None
