"""`/track/<token>/`: how an order stands. Who holds the link may look, call off what is not cooked yet, and ask."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from delivery.cities.ways import path
from delivery.ground import clock
from delivery.ground.errors import NotFound, Problem
from delivery.ground.forms import PageRequest, act, seen_version
from delivery.ground.geo import Point
from delivery.orders.models import Bearer, Fulfilment, Order
from delivery.orders.selectors import may_see, order_by_token
from delivery.orders.services import cancel_order
from delivery.orders.services.repair import UNCOOKED
from delivery.storefront import follow, held
from delivery.storefront.words import refusal
from dispatch.selectors import shown_pin
from restaurants.options import groups_of
from restaurants.selectors import products_by_public_id

REASON = "customer"


@require_safe
def tracking(request: PageRequest, token: str) -> HttpResponse:
    """The whole page."""
    return _page(request, followed(token))


@require_safe
def tracking_now(request: PageRequest, token: str) -> HttpResponse:
    """The part of the page that moves; 204 when the caller has drawn this version already."""
    order = followed(token)
    is_same = request.GET.get("version") == str(order.version) and order.status != "picked_up"
    if is_same and not follow.lateness_of(order, clock.now()):
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    return _page(request, order, template="tracking_now")


@require_safe
def tracking_where(request: PageRequest, token: str) -> HttpResponse:
    """What the map shows: shop, door, the way between, and the courier while the bag is on the way."""
    order = followed(token)
    courier = follow.courier_of(order)
    place, now = (courier.place if courier else None), clock.now()
    body = {
        "version": order.version,
        "shop": _pair(order.restaurant.point),
        "door": _pair(order.point),
        "path": [_pair(point) for point in path(place or order.restaurant.point, order.point)],
        "courier": _pair(place) if place else None,
        "age_s": round((now - courier.seen_at).total_seconds()) if courier and courier.seen_at else None,
    }
    return JsonResponse(body, headers={"Cache-Control": "private, no-store"})


@require_POST
def cancel_tracked(request: PageRequest, token: str) -> HttpResponse:
    """Calls the order off while nothing is cooked; it costs its customer nothing then."""
    order = followed(token)

    def call_off() -> None:
        cancel_order(
            order_id=order.pk,
            by=request.actor.ref,
            reason=REASON,
            borne_by=Bearer.PLATFORM,
            version=seen_version(request),
            only_uncooked=True,
        )

    def refused(problem: Problem) -> HttpResponse:
        return _page(request, order_by_token(token), problem=problem)

    return act(request, call_off, to=reverse("tracking", args=[token]), refused=refused)


@require_POST
def again(request: PageRequest, token: str) -> HttpResponse:
    """The same once more: fills the basket with what the menu still has, and says what it has not."""
    order, now = followed(token), clock.now()
    lines = list(order.lines.select_related("product"))
    products = products_by_public_id([line.product.public_id for line in lines], now)
    choices = groups_of(line.product_id for line in lines)
    wishes, gone = [], []
    for line in lines:
        product = str(line.product.public_id)
        answers = {(each["group"], each["name"]) for each in line.options}
        options = tuple(
            str(option.public_id)
            for group in choices.get(line.product_id, [])
            for option in group.options.all()
            if (group.name, option.name) in answers
        )
        if product not in products or len(options) != len(answers):
            gone.append(line.name)
        else:
            wishes.append((held.Wish(product, options, line.note), line.quantity))
    held.replace(request, held.content_of(str(order.restaurant.public_id), wishes, now))
    if gone:
        messages.warning(request, _("No longer on the menu like this: %(names)s.") % {"names": ", ".join(gone)})
    return HttpResponseRedirect(reverse("menu", args=[order.restaurant.slug]) + "#basket")


def followed(token: str) -> Order:
    """The order of a link that still works. Raises NotFound."""
    order = order_by_token(token)
    if follow.link_is_over(order, clock.now()):
        raise NotFound()
    return order


def _page(
    request: PageRequest, order: Order, *, template: str = "tracking", problem: Problem | None = None
) -> HttpResponse:
    now = clock.now()
    courier = follow.courier_of(order)
    context: dict[str, Any] = {
        "order": order,
        "city": order.city,
        "is_collection": order.fulfilment == Fulfilment.COLLECTION,
        "stages": follow.stages_of(order, courier, shown_pin(order)),
        "courier": courier,
        "courier_m": courier.metres_to(order.point) if courier else None,
        "seen_s": int((now - courier.seen_at).total_seconds()) if courier and courier.seen_at else None,
        "change": follow.change_of(order),
        "late": follow.lateness_of(order, now),
        "end": follow.end_of(order),
        "money_words": follow.money_of(order),
        "may_cancel": order.status in UNCOOKED,
        "topic": f"order.{order.public_id}" if may_see(request.actor, order) else "",
        "refusal": refusal(problem) if problem else "",
        "now": now,
    }
    status = problem.status if problem else 200
    response = render(request, f"storefront/{template}.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _pair(point: Point) -> list[float]:
    return [point.lat, point.lon]
