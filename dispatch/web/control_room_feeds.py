"""What the control room asks for beside its topic: places, hints, and one order or deliverer in full."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.db.models import Avg, Count, F, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from delivery.accounts.models import Account
from delivery.cities.models import City
from delivery.cities.selectors import watches
from delivery.ground import clock
from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.ids import NIL, public_id_in
from delivery.orders.models import FINAL_STATUSES, Fulfilment, Order
from dispatch.contact import customer_number, desk_may_call
from dispatch.desk.presence import Colleague, say_here
from dispatch.fleet.models import Deliverer, Position
from dispatch.models import Decision, Exclusion, Stop
from dispatch.outlook import Choice, Outlook, look_ahead
from dispatch.services.assign import PLANNABLE
from dispatch.web.control_room import city_of
from dispatch.web.control_room_first import places_of
from dispatch.web.order_in_full import about_order, route_in_order, street_path

HINTED: Final = 80  # unassigned orders, the most urgent ones: four screens of the list
KEPT_FOR: Final = 10  # times as long as it took, so that a city costs at most a tenth of a core
KEPT_S: Final = (1.0, 20.0)
LATE_NEWS: Final = timedelta(seconds=30)  # a row may be committed after a newer one
CHOICES: Final = 800
FIRST: Final = 5  # enough to find one who has not said no


@require_safe
def positions(request: PageRequest) -> HttpResponse:
    """`{now, places: [[deliverer, lat, lon, measured_ms]], here: [[account, name, order]]}`.

    Places of all on duty, or those received since ?since=<ms>. Who asks looks at the city, and at ?order=<id>: that
    is what the others get as `here`.
    """
    city, now = city_of(request), clock.now()
    places = Position.objects.filter(deliverer__city=city)
    since = _instant(request.GET.get("since", ""))
    if since is not None:
        places = places.filter(received_at__gt=since)
    return JsonResponse({"now": _ms(now), "places": places_of(places), "here": _here(request, city)})


@require_safe
def hints(request: PageRequest) -> HttpResponse:
    """`{now, lines: {order: address}, waits, picks, free_at, today}`; lines of orders placed since ?since=<ms>.

    waits: order -> [reason, refusals]. picks: order -> [deliverer, way_min, bags, spare_min, is_planned].
    free_at: deliverer -> ms. today: {click_to_door_min, in_time}, null before the first delivery.
    """
    city, now = city_of(request), clock.now()
    shared = _kept_hints(city, now)
    orders = Order.objects.filter(~Q(status__in=FINAL_STATUSES), city=city)
    since = _instant(request.GET.get("since", ""))
    if since is not None:
        orders = orders.filter(placed_at__gt=since - LATE_NEWS)
    lines = {str(public_id): line for public_id, line in orders.values_list("public_id", "address_line")}
    return JsonResponse({"now": _ms(now), "lines": lines, **shared})


@require_safe
def order_in_full(request: PageRequest, order_id: UUID) -> HttpResponse:
    """The pane of one order: its life, why it waits or who carries it and why, the best three who could."""
    order = _order(request, order_id)
    outlook = look_ahead(order.city_id)
    choices = outlook.choices([order], limit=3).get(order.pk, []) if _is_plannable(order) else []
    calls = {
        "customer_number": customer_number(request.actor, order),
        "shop_number": order.restaurant.phone if desk_may_call(request.actor, order.city_id) else "",
    }
    return render(request, "dispatch/order_in_full.html", about_order(order, choices) | calls)


@require_safe
def choices_of_order(request: PageRequest, order_id: UUID) -> HttpResponse:
    """`{choices: [[deliverer, way_min, pickup_min, bags, spare_min, has_said_no]]}`, the first to be there first."""
    order = _order(request, order_id)
    found = look_ahead(order.city_id).choices([order], limit=CHOICES).get(order.pk, [])
    names = _public_ids([choice.deliverer_id for choice in found])
    return JsonResponse({"choices": [_as_list(names[choice.deliverer_id], choice) for choice in found]})


@require_safe
def deliverer_in_full(request: PageRequest, deliverer_id: UUID) -> HttpResponse:
    """The pane of one deliverer: the stops of the route in their order, and how to reach the person."""
    deliverer: Deliverer | None = (
        Deliverer.objects.filter(public_id=deliverer_id).select_related("account", "city", "position").first()
    )
    if deliverer is None or not watches(request.actor, deliverer.city_id):
        raise NotFound()
    may_call = desk_may_call(request.actor, deliverer.city_id)
    calls = {"courier_number": deliverer.account.phone if may_call else ""}
    return render(request, "dispatch/deliverer_in_full.html", route_in_order(deliverer) | calls)


@require_safe
def way_of_deliverer(request: PageRequest, deliverer_id: UUID) -> HttpResponse:
    """`{path: [[lat, lon]]}`: the streets from where the deliverer is through the open stops; [] without a route."""
    deliverer: Deliverer | None = (
        Deliverer.objects.filter(public_id=deliverer_id).select_related("position", "city").first()
    )
    if deliverer is None or not watches(request.actor, deliverer.city_id):
        raise NotFound()
    return JsonResponse({"path": street_path(deliverer)})


def _here(request: PageRequest, city: City) -> list[Colleague]:
    """The others at this desk."""
    if request.actor.account_id is None:
        return []
    account = Account.objects.only("public_id", "name").get(pk=request.actor.account_id)
    order = public_id_in(request.GET.get("order", ""))
    at = "" if order == NIL else str(order)
    return say_here(city_id=city.pk, account=account.public_id, name=account.name, order=at)


def _kept_hints(city: City, now: datetime) -> Mapping[str, Any]:
    """What one dispatcher asked is good enough for the next, the longer the bigger the city is."""
    key = f"control_room.hints.{city.pk}"
    kept: Mapping[str, Any] | None = cache.get(key)
    if kept is not None:
        return kept
    began = time.monotonic()
    found = _shared_hints(city, now)
    shortest, longest = KEPT_S
    cache.set(key, found, timeout=min(longest, max(shortest, KEPT_FOR * (time.monotonic() - began))))
    return found


def _shared_hints(city: City, now: datetime) -> Mapping[str, Any]:
    outlook = look_ahead(city.pk)
    waiting = sorted(outlook.snapshot.orders.values(), key=lambda order: order.promised_until or order.placed_at)
    hinted = waiting[:HINTED]
    people = _public_ids(outlook.ends)
    return {
        "waits": _waits(hinted),
        "picks": _picks(outlook, hinted, people),
        "free_at": {people[pk]: _ms(at) for pk, at in outlook.free_at().items()},
        "today": _today(city, now),
    }


def _waits(orders: Sequence[Order]) -> dict[str, Any]:
    newest = Decision.objects.filter(order__in=orders).order_by("order", "-made_at", "-id").distinct("order")
    reasons = dict(newest.values_list("order_id", "waits_because"))
    counted = Exclusion.objects.filter(order__in=orders).values("order_id").annotate(n=Count("pk"))
    refusals = {row["order_id"]: row["n"] for row in counted}
    return {str(order.public_id): [reasons.get(order.pk, ""), refusals.get(order.pk, 0)] for order in orders}


def _picks(outlook: Outlook, orders: Sequence[Order], people: Mapping[int, str]) -> dict[str, Any]:
    """Whom the planner means for an order, else who would have it first."""
    newest = Decision.objects.filter(order__in=orders).order_by("order", "-made_at", "-id").distinct("order")
    meant = dict(newest.values_list("order_id", "deliverer_id"))
    found = outlook.choices(orders, limit=FIRST, also=meant)
    picks = {}
    for order in orders:
        choices = [choice for choice in found.get(order.pk, []) if not choice.has_said_no]
        chosen = next((each for each in choices if each.deliverer_id == meant.get(order.pk)), None)
        best = chosen or next(iter(choices), None)
        if best is not None:
            deliverer, way, _, bags, spare, _ = _as_list(people[best.deliverer_id], best)
            picks[str(order.public_id)] = [deliverer, way, bags, spare, chosen is not None]
    return picks


def _today(city: City, now: datetime) -> dict[str, float] | None:
    """Means of what was delivered since the city's midnight."""
    midnight = clock.shown(city, now).replace(hour=0, minute=0, second=0, microsecond=0)
    delivered = Order.objects.filter(
        city=city,
        status="delivered",
        fulfilment=Fulfilment.PLATFORM,
        delivered_at__gte=clock.real(city, midnight.astimezone(UTC)),
    )
    found = delivered.aggregate(
        n=Count("pk"),
        took=Avg(F("delivered_at") - F("placed_at")),
        in_time=Count("pk", filter=Q(delivered_at__lte=F("promised_until"))),
    )
    if not found["n"]:
        return None
    minutes = found["took"].total_seconds() * city.time_rate / 60
    return {"click_to_door_min": round(minutes, 1), "in_time": round(found["in_time"] / found["n"], 4)}


def _order(request: PageRequest, order_id: UUID) -> Order:
    order: Order | None = Order.objects.filter(public_id=order_id).select_related("restaurant", "city").first()
    if order is None or not watches(request.actor, order.city_id):
        raise NotFound()
    return order


def _is_plannable(order: Order) -> bool:
    is_free = not Stop.objects.filter(order=order, kind=Stop.Kind.PICKUP, status=Stop.Status.DONE).exists()
    return order.status in PLANNABLE and order.fulfilment == Fulfilment.PLATFORM and is_free


def _public_ids(deliverer_ids: Sequence[int] | Mapping[int, object]) -> dict[int, str]:
    found = Deliverer.objects.filter(pk__in=list(deliverer_ids)).values_list("pk", "public_id")
    return {pk: str(public_id) for pk, public_id in found}


def _as_list(deliverer: str, choice: Choice) -> list[Any]:
    spare = None if choice.spare_min is None else round(choice.spare_min)
    minutes = round(choice.way_min), round(choice.pickup_min)
    return [deliverer, *minutes, choice.bags, spare, choice.has_said_no]


def _instant(ms: str) -> datetime | None:
    return datetime.fromtimestamp(int(ms) / 1000, UTC) if ms.isascii() and ms.isdigit() and len(ms) < 15 else None


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
