"""What the control room shows at once: the page brings a first screenful, `city.<id>` the whole a moment later."""

from typing import Any, Final

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce

from delivery.cities.models import City
from delivery.cities.topics import city_levers
from delivery.ground.live.store import wire_row
from delivery.orders import topics as order_topics
from delivery.orders.models import FINAL_STATUSES, Fulfilment, Order
from dispatch import topics
from dispatch.fleet.models import Deliverer, Position, Shift
from dispatch.models import LIVE_ROUTES, Route, Stop
from dispatch.services.assign import PLANNABLE

ORDERS: Final = 40  # more than the tallest screen of a desk shows
PEOPLE: Final = 30


def first_screenful(city: City) -> dict[str, Any]:
    """`{rows, places, open, on}`: rows as on `city.<id>`, of the most urgent orders and of who could take them.

    places: [[deliverer, lat, lon, measured_ms]]. open, on: all open orders and people on shift of the city.
    """
    public_id = str(city.public_id)
    orders = _most_urgent(city)
    held = Stop.objects.filter(order__in=orders, route__status__in=LIVE_ROUTES)
    carriers = held.exclude(route__deliverer=None).values_list("route__deliverer", flat=True)
    people = Deliverer.objects.filter(pk__in=[*_free(city), *carriers])
    rows = [
        *order_topics.city_rows(public_id, Order.objects.filter(pk__in=orders)),
        *topics.city_routes(Q(pk__in=list(held.values_list("route", flat=True)))),
        *topics.city_people(people),
        *topics.desk_rows(public_id),
        *city_levers(public_id),
    ]
    return {
        "rows": [wire_row(row.entity, row.version, row.payload) for row in rows],
        "places": places_of(Position.objects.filter(deliverer__in=people)),
        "open": Order.objects.filter(~Q(status__in=FINAL_STATUSES), city=city).count(),
        "on": Deliverer.objects.filter(_at_work(), city=city).count(),
    }


def places_of(positions: QuerySet[Position]) -> list[list[Any]]:
    """`[[deliverer, lat, lon, measured_ms]]`."""
    rows = positions.values_list("deliverer__public_id", "lat", "lon", "measured_at")
    return [[str(of), lat, lon, round(at.timestamp() * 1000)] for of, lat, lon, at in rows]


def _most_urgent(city: City) -> list[int]:
    """Orders as the list begins: those that nobody carries and somebody could, then the others, the next due first."""
    carried = Stop.objects.filter(order=OuterRef("pk"), route__status=Route.Status.ASSIGNED)
    asks = Q(status__in=PLANNABLE, fulfilment=Fulfilment.PLATFORM) & ~Exists(carried)
    open_orders = Order.objects.filter(~Q(status__in=FINAL_STATUSES), city=city)
    ranked = open_orders.order_by(
        Case(When(asks, then=0), default=1), Coalesce("promised_until", "accept_by"), "number"
    )
    return list(ranked.values_list("pk", flat=True)[:ORDERS])


def _free(city: City) -> list[int]:
    """Those who carry nothing, by name."""
    riding = Route.objects.filter(deliverer=OuterRef("pk"), status__in=LIVE_ROUTES)
    free = Deliverer.objects.filter(_at_work(), ~Exists(riding), city=city)
    return list(free.order_by("account__name").values_list("pk", flat=True)[:PEOPLE])


def _at_work() -> Exists:
    return Exists(Shift.objects.filter(deliverer=OuterRef("pk"), started_at__isnull=False, ended_at__isnull=True))
