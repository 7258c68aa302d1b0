"""`/lobby/`: the counter's tablet, where orders are answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delivery.ground import clock
from delivery.ground.forms import PageRequest, Refusal
from delivery.ground.ids import public_id_in
from delivery.orders.models import Order
from delivery.orders.transitions import Status
from restaurants import selectors
from restaurants.models import Restaurant
from restaurants.web.cards import Card, cards_of
from restaurants.web.dishes import dishes_of
from restaurants.web.health import health_of
from restaurants.web.here import query_of, restaurant_of, restaurants_of
from restaurants.web.people import names_of
from restaurants.web.tickets import tickets_of

MINUTES: Final = (10, 15, 20, 30, 45)
MORE_MINUTES: Final = (5, 10, 15, 20)
BUSY_MINUTES: Final = (5, 10, 15, 20, 30)
PAUSE_MINUTES: Final = (15, 30, 60)
REASONS: Final = (
    ("sold_out", _("Something is sold out")),
    ("busy", _("Too busy")),
    ("closing", _("We are closing")),
    ("other", _("Another reason")),
)
DRAWERS: Final = ("sold-out", "busy", "pause", "order")


@require_safe
def lobby(request: PageRequest) -> HttpResponse:
    return draw(request, restaurant_of(request, "lobby"))


def draw(request: PageRequest, restaurant: Restaurant, refusal: Refusal | None = None) -> HttpResponse:
    """The whole tablet as it stands; a refusal is drawn beside the order it is about, when that is still open."""
    now = clock.now()
    cards = cards_of(restaurant, now)
    if refusal and request.GET.get("open"):
        refusal = Refusal(refusal.problem, about="")  # its card lies under a drawer
    lanes = _lanes(cards)
    usual = int(selectors.prep_time(restaurant, now).total_seconds() // 60)
    names = names_of([restaurant.paused_by, restaurant.busy_by])
    context = {
        "now": now,
        "city": restaurant.city,
        "topics": f"kitchen.{restaurant.public_id}",
        "restaurant": restaurant,
        "restaurants": restaurants_of(request, "lobby"),
        "query": query_of(request),
        "lanes": lanes,
        "load": _load(lanes),
        "printers": health_of(restaurant),
        "minutes": MINUTES,
        "more_minutes": MORE_MINUTES,
        "usual_minutes": usual,
        "slower_minutes": usual + 20,
        "ready_at": clock.after(restaurant.city, timedelta(minutes=usual), since=now),
        "busy_minutes": int(restaurant.busy_extra.total_seconds() // 60),
        "is_paused": selectors.is_paused(restaurant, now),
        "is_busy": selectors.is_busy(restaurant, now),
        "sold_out": selectors.sold_out(restaurant, now),
        "paused_by": names.get(restaurant.paused_by, ""),
        "busy_by": names.get(restaurant.busy_by, ""),
        "app_version": settings.VERSION,
        "reasons": REASONS,
        "refusal": refusal,
        "refused_card": refusal is not None and refusal.about in {card.id for card in cards},
        **_drawer(request, restaurant, cards, now),
    }
    return render(request, "restaurants/lobby.html", context, status=refusal.problem.status if refusal else 200)


def _lanes(cards: Sequence[Card]) -> dict[str, list[Card]]:
    """The places of the wall; what the kitchen has, in the order in which it is due."""
    at_work = [card for card in cards if card.order.status == Status.PREPARING]
    return {
        "new": [card for card in cards if card.order.status == Status.PLACED],
        "later": sorted([card for card in cards if card.is_later], key=lambda card: card.left or timedelta()),
        "work": sorted(at_work, key=lambda card: card.left or timedelta()),
        "ready": sorted(
            [card for card in cards if card.order.status == Status.READY], key=lambda card: not card.is_waited_for
        ),
        "away": [card for card in cards if card.order.status == Status.PICKED_UP],
    }


def _load(lanes: dict[str, list[Card]]) -> dict[str, Any]:
    """What the kitchen has already taken on, to think of before taking more."""
    at_work = lanes["work"]
    promises = [card.order.ready_eta for card in at_work if card.order.ready_eta]
    return {
        "orders": len(at_work),
        "late": sum(card.is_late for card in at_work),
        "last_at": max(promises, default=None),
    }


def _drawer(request: PageRequest, restaurant: Restaurant, cards: Sequence[Card], now: datetime) -> dict[str, Any]:
    """What lies open over the wall: the sold-out list, the pace of the kitchen, or one order in full."""
    kind = request.GET.get("open", "")
    if kind not in DRAWERS:
        return {"open": ""}
    context: dict[str, Any] = {"open": kind}
    if kind == "sold-out":
        context |= {"q": request.GET.get("q", ""), "dishes": dishes_of(restaurant, now, request.GET.get("q", ""))}
    if kind == "busy":
        context |= {"choices": BUSY_MINUTES}
    if kind == "pause":
        context |= {"choices": PAUSE_MINUTES}
    if kind == "order":
        card = _card(restaurant, cards, request.GET.get("order", ""), now)
        tickets = tickets_of(card) if card else []
        rings = list(card.order.rings.order_by("rang_at")) if card else []
        names = names_of([ring.rung_by for ring in rings])
        heard = [(names.get(ring.rung_by, ring.rung_by), ring.rang_at) for ring in rings]
        context |= {"card": card, "tickets": tickets, "heard": heard}
    return context


def _card(restaurant: Restaurant, cards: Sequence[Card], order_id: str, now: datetime) -> Card | None:
    """The order that the drawer shows, also when it is over."""
    named = public_id_in(order_id)
    known = next((card for card in cards if card.order.public_id == named), None)
    if known is not None:
        return known
    over = Order.objects.filter(public_id=named, restaurant=restaurant).select_related("restaurant", "city")
    return next(iter(cards_of(restaurant, now, over.prefetch_related("lines"))), None)
