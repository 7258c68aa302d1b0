"""API keys: made and revoked by people, and what a request with one may do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.errors import Invalid
from delivery.ground.ids import new_token, sha256_of
from delivery.integrations.models import ApiKey, Scope
from restaurants.models import Restaurant

KEY_PREFIX = "ppk_"  # for us and for secret scanners
REF = "key:"
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_key(
    *,
    name: str,
    scopes: Collection[str],
    restaurants: Sequence[Restaurant] = (),
    cities: Sequence[City] = (),
    reaches_all: bool = False,
    by: str,
) -> tuple[ApiKey, str]:
    """A key and its secret, which nobody can read again. `by`: the actor's ref.

    Raises:
        Invalid: without a scope, with an unknown one, or reaching nothing.
    """
    wrong = {}
    if not scopes or not set(scopes) <= set(Scope.values):
        wrong["scopes"] = [{"code": "invalid", "message": f"one or more of {', '.join(Scope.values)}"}]
    if not (restaurants or cities or reaches_all):
        wrong["restaurants"] = [{"code": "required", "message": "a key reaches at least one place"}]
    if wrong:
        raise Invalid(fields=wrong)
    if Scope.PRINTERS_WRITE in scopes:
        scopes = {*scopes, Scope.PRINTERS_READ}  # who changes a thing sees it
    secret = KEY_PREFIX + new_token(32)
    key = ApiKey.objects.create(
        name=name,
        sha256=sha256_of(secret),
        ending=secret[-4:],
        scopes=sorted(scopes),
        reaches_all=reaches_all,
        made_by=by,
    )
    key.restaurants.set(restaurants)
    key.cities.set(cities)
    return key, secret


def revoke_key(*, key: ApiKey, by: str) -> None:
    """The key stops working at once, also for sockets that are open; its webhooks fall silent."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(
        revoked_at=clock.now(), revoked_by=by, rights_version=F("rights_version") + 1
    )


def actor_of_key(secret: str) -> Actor | None:
    """Who asks with this secret; None when it is not a key of ours, or was revoked."""
    if not secret.startswith(KEY_PREFIX):
        return None
    key = ApiKey.objects.filter(sha256=sha256_of(secret), revoked_at__isnull=True).first()
    if key is None:
        return None
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=Now() - USED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=Now())
    return Actor(f"{REF}{key.public_id}", key_id=key.pk, scopes=frozenset(key.scopes))


def rights_of_keys(key_ids: Collection[int]) -> Mapping[int, object]:
    """A value per living key that changes with its rights."""
    living = ApiKey.objects.filter(pk__in=key_ids, revoked_at__isnull=True)
    return dict(living.values_list("pk", "rights_version"))


def roles_of(actor: Actor) -> Iterable[str]:
    """`integrator`, and `integrator:restaurant:<pk>` for each restaurant within reach."""
    if actor.key_id is None:
        return []
    key = ApiKey.objects.filter(pk=actor.key_id, revoked_at__isnull=True).first()
    if key is None:
        return []
    return ["integrator", *(f"integrator:restaurant:{pk}" for pk in restaurants_of(key).values_list("pk", flat=True))]


def restaurants_of(key: ApiKey) -> "QuerySet[Restaurant]":
    """Every restaurant within the key's reach, those that join its cities later included."""
    if key.reaches_all:
        return Restaurant.objects.order_by("pk")
    return Restaurant.objects.filter(Q(api_keys=key) | Q(city__api_keys=key)).distinct().order_by("pk")
