"""`/control-room/`: all of a city for who is on call. The page is a frame; `city.<id>` and the feeds fill it."""

from collections.abc import Sequence
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delivery.accounts.models import Account
from delivery.cities.models import City, Membership, Zone
from delivery.cities.selectors import watches
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.errors import NotAllowed, NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.ids import NIL, public_id_in
from dispatch.web.control_room_first import first_screenful
from dispatch.web.desk_words import CLOSE_REASONS, words_of_the_page

SHOW: Final = (
    ("", _("All")),
    ("unassigned", _("Unassigned")),
    ("late", _("Late or soon")),
    ("placed", _("To answer")),
)
PEOPLE: Final = (("", _("On shift")), ("free", _("Free")), ("silent", _("Silent")))
SNOOZES: Final = (5, 10, 20, 60)
BY_HAND: Final = (15, 30, 60, 120)
# What the page's script imports, so that the browser asks for all of it at once.
PARTS: Final = (
    "acts",
    "address",
    "chart",
    "city",
    "bulk",
    "desk",
    "feeds",
    "heights",
    "here",
    "keys",
    "levers",
    "list",
    "notes",
    "pane",
    "picker",
)
MODULES: Final = (*(f"control-room/{part}.js" for part in (*PARTS, "rows", "words")), "live.js")
OF_CITY: Final = {"positions": "positions", "hints": "hints", "note": "note", "byHand": "by_hand", "pull": "pull"}
OF_ONE: Final = {
    "order": "order",
    "choices": "choices",
    "deliverer": "deliverer",
    "way": "way",
    "assign": "assign",
    "unassign": "unassign",
    "take": "take",
    "back": "give_back",
    "over": "hand_over",
    "snooze": "snooze",
    "close": "close",
    "endLever": "end_lever",
}
KEYS: Final = (
    ("J K", _("next and previous order")),
    ("Enter", _("take the suggestion")),
    ("A", _("choose who carries it")),
    ("U", _("take it back from its courier")),
    ("X", _("mark the order; A and U then act on all marked ones")),
    ("Z", _("undo")),
    ("O", _("open or close the order's details")),
    ("N", _("write a note")),
    ("M", _("show or hide the map")),
    ("C", _("to the couriers")),
    ("L", _("to the alarms")),
    ("/", _("search")),
    ("Esc", _("leave the search, close what is open")),
    ("?", _("all keys")),
)


@require_safe
def control_room(request: PageRequest) -> HttpResponse:
    city = city_of(request)
    if request.actor.account_id is None:
        raise NotAllowed()
    account = Account.objects.get(pk=request.actor.account_id)
    colleagues = _colleagues(city, account)
    context = {
        "now": clock.now(),
        "city": city,
        "cities": cities_of(request.actor),
        "account": account,
        "topics": f"city.{city.public_id}",
        "first": first_screenful(city),
        "modules": MODULES,
        "words": words_of_the_page(),
        "here": _here(city, account, colleagues),
        "addresses": _addresses(city),
        "filters": SHOW,
        "people_filters": PEOPLE,
        "snoozes": SNOOZES,
        "by_hand": BY_HAND,
        "close_reasons": CLOSE_REASONS,
        "colleagues": colleagues,
        "zones": Zone.objects.filter(city=city, is_open=True).order_by("name"),
        "keys": KEYS,
    }
    return render(request, "dispatch/control_room.html", context)


def cities_of(actor: Actor) -> Sequence[City]:
    """The cities that the actor looks after, by name."""
    cities = City.objects.order_by("name", "pk")
    if actor.has("owner") or actor.has("support"):
        return list(cities)
    return list(cities.filter(pk__in=actor.bound("dispatcher", "city")))


def city_of(request: PageRequest) -> City:
    """The city that ?city=<id> names, else the first of the actor's. Raises NotFound."""
    named = request.GET.get("city")
    if named:
        city: City | None = City.objects.filter(public_id=public_id_in(named)).first()
        if city is None or not watches(request.actor, city.pk):
            raise NotFound()
        return city
    cities = cities_of(request.actor)
    if not cities:
        raise NotFound()
    return cities[0]


def _here(city: City, account: Account, colleagues: Sequence[Account]) -> dict[str, object]:
    """What the scripts have to know of the place: where it is, what its clocks show, who looks at it."""
    zones = Zone.objects.filter(city=city, is_open=True).order_by("name")
    return {
        "city": str(city.public_id),
        "lat": city.lat,
        "lon": city.lon,
        "rate": city.time_rate,
        "started_ms": round(city.clock_started_at.timestamp() * 1000),
        "shows_ms": round(city.clock_shows_at.timestamp() * 1000),
        "timezone": city.timezone,
        "me": str(account.public_id),
        "names": {f"account:{each.public_id}": each.name for each in (account, *colleagues)},
        "zones": [{"name": zone.name, "ring": [[lat, lon] for lon, lat in zone.ring]} for zone in zones],
    }


def _addresses(city: City) -> dict[str, str]:
    """Where the scripts ask and act; the nil id stands for the thing's."""
    of_city = {name: f"{reverse(f'control_room_{url}')}?city={city.public_id}" for name, url in OF_CITY.items()}
    return of_city | {name: reverse(f"control_room_{url}", args=[NIL]) for name, url in OF_ONE.items()}


def _colleagues(city: City, account: Account) -> Sequence[Account]:
    """Who else is on call here, by name."""
    members = Membership.objects.filter(city=city, role=Membership.Role.DISPATCHER, account__is_active=True)
    return [
        each.account for each in members.exclude(account=account).select_related("account").order_by("account__name")
    ]
