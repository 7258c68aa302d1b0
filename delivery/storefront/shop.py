"""`/`: first the address, then the restaurants that deliver there, searched and sorted by the web address alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delivery.ground import clock
from delivery.ground.forms import PageRequest
from delivery.storefront import held
from delivery.storefront.address import address_context
from delivery.storefront.cards import Card, cards_for
from delivery.storefront.page import draw
from delivery.storefront.words import greeting, one_line
from restaurants.selectors import dishes_named, plain

LONGEST_SEARCH: Final = 60
FAST_MINUTES: Final = 30
SORTS: Final[Mapping[str, tuple[Promise, Callable[[Card], Any]]]] = {
    "soon": (_("Soonest first"), lambda card: card.soonest),
    "near": (_("Nearest first"), lambda card: card.road_m),
    "fee": (_("Cheapest delivery first"), lambda card: (card.near.delivery_fee, card.soonest)),
}
HEADINGS: Final[Mapping[str, Promise]] = {
    "soon": _("At your door soonest"),
    "near": _("Nearest to you"),
    "fee": _("Cheapest delivery"),
}
KINDS: Final[Mapping[str, Promise]] = {
    "pizza": _("Pizza"),
    "burger": _("Burgers"),
    "sushi": _("Sushi"),
    "bowl": _("Bowls"),
    "taco": _("Tacos"),
    "salad": _("Salads"),
    "pasta": _("Pasta"),
    "soup": _("Soups"),
    "bread": _("Bakery"),
    "dessert": _("Desserts"),
    "coffee": _("Coffee"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the web address asks for; what it does not know counts as not asked."""

    text: str
    kind: str
    sort: str
    is_open: bool
    is_fast: bool

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.kind or self.is_open or self.is_fast)


@dataclass(frozen=True, slots=True)
class Link:
    """A filter as a link: it switches itself on, or off again, and leaves the others as they are."""

    words: str | Promise
    icon: str
    query: str
    is_on: bool


@require_safe
def shop(request: PageRequest) -> HttpResponse:
    """Without an address: the form that asks for it."""
    now = clock.now()
    address = held.address_of(request)
    if address is None:
        return draw(request, "welcome", address_context(request), now=now)
    wanted = wanted_in(request.GET)
    everybody = cards_for(address, now)
    shown = _narrowed(everybody, wanted)
    place = everybody[0].near.restaurant.city if everybody else None
    context = {
        "cards": shown,
        "has_any": bool(everybody),
        "wanted": wanted,
        "kinds": _kinds(request.GET, everybody, wanted),
        "filters": _filters(request.GET, wanted),
        "heading": HEADINGS[wanted.sort],
        "greeting": greeting(place, now) if place else "",
        "rush": next((card.rush for card in everybody if card.rush), ""),
    }
    more = {} if everybody else address_context(request)
    return draw(request, "shop", context | more, now=now)


def wanted_in(query: QueryDict) -> Wanted:
    kind, sort = query.get("kind", ""), query.get("sort", "")
    return Wanted(
        text=one_line(query.get("q", ""), LONGEST_SEARCH),
        kind=kind if kind in KINDS else "",
        sort=sort if sort in SORTS else "soon",
        is_open=query.get("open") == "1",
        is_fast=query.get("fast") == "1",
    )


def _narrowed(cards: Sequence[Card], wanted: Wanted) -> list[Card]:
    """Those that are asked for, open ones first, each with the dishes that were searched for."""
    dishes = dishes_named([card.near.restaurant.pk for card in cards], wanted.text) if wanted.text else {}
    left = [card.with_dishes(dishes.get(card.near.restaurant.pk, [])) for card in cards]
    tests: list[tuple[bool, Callable[[Card], bool]]] = [
        (bool(wanted.text), lambda card: bool(card.dishes) or plain(wanted.text) in plain(card.said)),
        (bool(wanted.kind), lambda card: wanted.kind in card.kinds),
        (wanted.is_open, lambda card: card.closed is None),
        (wanted.is_fast, lambda card: card.closed is None and card.latest_minutes <= FAST_MINUTES),
    ]
    for is_asked, passes in tests:
        left = [card for card in left if not is_asked or passes(card)]
    _, key = SORTS[wanted.sort]
    return sorted(left, key=lambda card: (card.closed is not None, key(card)))


def _kinds(query: QueryDict, cards: Sequence[Card], wanted: Wanted) -> list[tuple[str, Link]]:
    """Only what somebody here cooks."""
    offered = {kind for card in cards for kind in card.kinds}
    return [
        (kind, Link(words, kind, _with(query, "kind", "" if kind == wanted.kind else kind), kind == wanted.kind))
        for kind, words in KINDS.items()
        if kind in offered
    ]


def _filters(query: QueryDict, wanted: Wanted) -> list[Link]:
    switches = [("open", _("Open now"), "check", wanted.is_open), ("fast", _("Under 30 min"), "clock", wanted.is_fast)]
    links = [
        Link(words, icon, _with(query, name, "" if is_on else "1"), is_on) for name, words, icon, is_on in switches
    ]
    sorts = [
        Link(words, "filter", _with(query, "sort", name), name == wanted.sort) for name, (words, _key) in SORTS.items()
    ]
    return links + sorts


def _with(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    changed.pop(name, None)
    if value:
        changed[name] = value
    return "?" + changed.urlencode()
