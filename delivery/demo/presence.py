"""Where people sit: a page that a browser asks for takes the place of the actor behind it, for a little while.

Screens ask each 15 seconds at most, hidden ones each minute. Tokens are programs, and our actors press their buttons
under a name of their own: neither counts.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from time import monotonic
from typing import Final

from django.core.exceptions import MiddlewareNotUsed
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from delivery import env
from delivery.accounts.models import Account
from delivery.demo.actors.screen import USER_AGENT
from delivery.demo.models import Seat
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.ids import public_id_in
from restaurants.models import Restaurant

HOLDS: Final = timedelta(seconds=75)
WRITTEN_EVERY_S: Final = 5.0
COUNTERS: Final = ("lobby", "kitchen")
NOBODY_SITS: Final = ("/demo/", "/accounts/", "/static/", "/language/")


class PresenceMiddleware:
    """Notes the places of whoever asks. Only in a process of `up --demo`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not env.is_demo():
            raise MiddlewareNotUsed()
        self._get_response = get_response
        self._written: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_person = "Authorization" not in request.headers and request.headers.get("User-Agent") != USER_AGENT
        if is_person and not request.path.startswith(NOBODY_SITS):
            actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
            self._note(set(_places(request, actor)))
        return self._get_response(request)

    def _note(self, keys: set[str]) -> None:
        now = monotonic()
        fresh = {key for key in keys if now - self._written.get(key, -WRITTEN_EVERY_S) >= WRITTEN_EVERY_S}
        if fresh:
            take_seats(fresh)
            self._written |= dict.fromkeys(fresh, now)


def take_seats(keys: Iterable[str]) -> None:
    """People sit there, as of now."""
    now = clock.now()
    seats = [Seat(key=key, seen_at=now) for key in keys]
    Seat.objects.bulk_create(seats, update_conflicts=True, unique_fields=["key"], update_fields=["seen_at"])


def leave_seats(keys: Iterable[str]) -> None:
    """People have left; the actors come back at once."""
    Seat.objects.filter(key__in=list(keys)).delete()


def taken_seats() -> set[str]:
    """Keys of the places where somebody was within HOLDS."""
    return set(Seat.objects.filter(seen_at__gt=clock.now() - HOLDS).values_list("key", flat=True))


def keys_of(actor: Actor) -> list[str]:
    """All places that a browser may have taken: its account's, and its counters'."""
    accounts = Account.objects.filter(pk__in=[actor.account_id or 0]).values_list("public_id", flat=True)
    held = {role: actor.bound(role, "restaurant") for role in COUNTERS}
    shops = dict(Restaurant.objects.filter(pk__in=frozenset().union(*held.values())).values_list("pk", "public_id"))
    counters = [f"{role}:{shops[pk]}" for role, pks in held.items() for pk in pks]
    return [*(f"account:{public_id}" for public_id in accounts), *counters]


def _places(request: HttpRequest, actor: Actor) -> Iterator[str]:
    """A counter's page takes the counter alone; any other page takes the place of the account."""
    screen = request.path.split("/")[1]
    if screen not in COUNTERS:
        if actor.ref.startswith("account:"):
            yield actor.ref
        return
    mine = actor.bound(screen, "restaurant") or actor.bound("restaurateur", "restaurant")
    named = request.GET.get("restaurant", "")
    chosen = Q(public_id=public_id_in(named)) if named else Q()
    shops = Restaurant.objects.filter(chosen, pk__in=mine).order_by("name", "pk")
    yield from (f"{screen}:{public_id}" for public_id in shops.values_list("public_id", flat=True)[:1])
