"""Which screens see dispatch: `deliverer.<id>` (own offer, route, self), `city.<id>` (routes, people, the desk)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from delivery.ground.access import Actor
from delivery.ground.events import Recorded
from delivery.ground.ids import public_id_in
from delivery.ground.registry import TopicRow
from dispatch import rows
from dispatch.desk.models import Alarm, HandDispatch, LogEntry
from dispatch.fleet.models import Deliverer, Shift
from dispatch.models import LIVE_ROUTES, Offer, Route, Stop
from dispatch.rows import CityStop
from dispatch.selectors import offers_in_full, routes_in_full

NEWEST_LINES: Final = 60  # of the logbook, on a screen that opens


def project_routes(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """The present rows of the routes; closed ones leave all screens."""
    yield from _city_routes(Q(pk__in=_ids(events)))
    for route in routes_in_full(Route.objects.filter(pk__in=_ids(events))):
        if route.deliverer is not None:
            yield _own_route(route, route.deliverer)


def project_routes_of_orders(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """Who carries the orders sees that they are ready, or will be later."""
    live = Route.objects.filter(status__in=LIVE_ROUTES, stops__order__in=_ids(events)).distinct()
    for route in routes_in_full(live):
        if route.deliverer is not None:
            yield _own_route(route, route.deliverer)


def project_offers(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """The present rows of the offers; answered ones leave the phone."""
    for offer in offers_in_full(Offer.objects.filter(pk__in=_ids(events))):
        yield _own_offer(offer)


def project_deliverers(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """People as they are now; off shift they leave the city's screen."""
    for deliverer in _people(Deliverer.objects.filter(pk__in=_ids(events))):
        yield _self(deliverer)
        yield _city_deliverer(deliverer)


def project_alarms(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """Alarms with their owners; closed ones leave."""
    for alarm in _alarms(Q(pk__in=_ids(events))):
        yield _city_alarm(alarm)


def project_logbook(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """Lines are only ever added."""
    for entry in LogEntry.objects.filter(pk__in=_ids(events)).select_related("city", "author"):
        yield _city_log_entry(entry)


def project_hand_dispatch(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """Whether dispatchers assign by hand, and until when."""
    for switch in HandDispatch.objects.filter(pk__in=_ids(events)).select_related("city", "author"):
        yield _city_hand_dispatch(switch)


def deliverer_snapshot(public_id: str) -> list[TopicRow]:
    """Self, open offer and route under way of one deliverer."""
    people = list(_people(Deliverer.objects.filter(public_id=public_id)))
    offers = Offer.objects.filter(deliverer__public_id=public_id, status=Offer.Status.OPEN)
    routes = Route.objects.filter(deliverer__public_id=public_id, status=Route.Status.ASSIGNED)
    return [
        *(_self(deliverer) for deliverer in people),
        *(_own_offer(offer) for offer in offers_in_full(offers)),
        *(_own_route(route, route.deliverer) for route in routes_in_full(routes) if route.deliverer),
    ]


def city_rows(public_id: str) -> list[TopicRow]:
    """What dispatch knows of a city: live routes, people on shift, open alarms, the newest of the logbook."""
    switches = HandDispatch.objects.filter(city__public_id=public_id)
    entries = LogEntry.objects.filter(city__public_id=public_id).order_by("-written_at", "-pk")
    people = _people(Deliverer.objects.filter(city__public_id=public_id)).filter(on_shift=True)
    return [
        *_city_routes(Q(city__public_id=public_id, status__in=LIVE_ROUTES)),
        *(_city_deliverer(deliverer) for deliverer in people),
        *(_city_alarm(alarm) for alarm in _alarms(Q(city__public_id=public_id, closed_at__isnull=True))),
        *(_city_log_entry(entry) for entry in entries.select_related("city", "author")[:NEWEST_LINES]),
        *(_city_hand_dispatch(switch) for switch in switches.select_related("city", "author")),
    ]


def may_join_deliverer(actor: Actor, public_id: str) -> bool:
    deliverer = Deliverer.objects.filter(public_id=public_id_in(public_id)).first()
    return deliverer is not None and actor.has("deliverer", deliverer=deliverer.pk)


def city_of_deliverer(public_id: str) -> int | None:
    found = Deliverer.objects.filter(public_id=public_id_in(public_id))
    city_id: int | None = found.values_list("city_id", flat=True).first()
    return city_id


def _ids(events: Sequence[Recorded[Any]]) -> set[int]:
    return {recorded.aggregate_id for recorded in events}


def _people(deliverers: QuerySet[Deliverer]) -> QuerySet[Any]:
    """The deliverers with `on_shift`."""
    working = Shift.objects.filter(deliverer=OuterRef("pk"), started_at__isnull=False, ended_at__isnull=True)
    return deliverers.select_related("account", "city").annotate(on_shift=Exists(working))


def _alarms(where: Q) -> QuerySet[Alarm]:
    alarms: QuerySet[Alarm] = Alarm.objects.filter(where).select_related("city", "assigned_to", "owner")
    return alarms


def _city_routes(where: Q) -> list[TopicRow]:
    """The rows of many routes, with only what they show of thousands of stops."""
    offers = Prefetch("offers", queryset=Offer.objects.filter(status=Offer.Status.OPEN).select_related("deliverer"))
    routes = Route.objects.filter(where).prefetch_related("city", "deliverer", offers)
    stops: dict[int | None, list[CityStop]] = defaultdict(list)
    of_routes = Stop.objects.filter(route__in=routes).order_by("position", "id")
    fields = of_routes.values_list("route_id", "kind", "status", "order__public_id", "lat", "lon")
    for route_id, kind, status, order, lat, lon in fields:
        stops[route_id].append(CityStop(kind, status, order, lat, lon))
    return [_city_route(route, stops[route.pk]) for route in routes]


def _own_offer(offer: Offer) -> TopicRow:
    payload = rows.offer_for_deliverer(offer) if offer.status == Offer.Status.OPEN else None
    return TopicRow(f"deliverer.{offer.deliverer.public_id}", f"offer:{offer.public_id}", offer.version, payload)


def _own_route(route: Route, deliverer: Deliverer) -> TopicRow:
    payload = rows.route_for_deliverer(route) if route.status == Route.Status.ASSIGNED else None
    return TopicRow(f"deliverer.{deliverer.public_id}", f"route:{route.public_id}", route.version, payload)


def _self(deliverer: Any) -> TopicRow:
    payload = rows.deliverer_for_self(deliverer, on_shift=deliverer.on_shift)
    return TopicRow(f"deliverer.{deliverer.public_id}", "deliverer", deliverer.version, payload)


def _city_deliverer(deliverer: Any) -> TopicRow:
    payload = rows.deliverer_for_city(deliverer, on_shift=True) if deliverer.on_shift else None
    entity = f"deliverer:{deliverer.public_id}"
    return TopicRow(f"city.{deliverer.city.public_id}", entity, deliverer.version, payload)


def _city_route(route: Route, stops: Sequence[CityStop]) -> TopicRow:
    payload = rows.route_for_city(route, stops) if route.status in LIVE_ROUTES else None
    return TopicRow(f"city.{route.city.public_id}", f"route:{route.public_id}", route.version, payload)


def _city_alarm(alarm: Alarm) -> TopicRow:
    payload = rows.alarm_for_city(alarm) if alarm.closed_at is None else None
    return TopicRow(f"city.{alarm.city.public_id}", f"alarm:{alarm.public_id}", alarm.version, payload)


def _city_log_entry(entry: LogEntry) -> TopicRow:
    payload = rows.log_entry_for_city(entry)
    return TopicRow(f"city.{entry.city.public_id}", f"log:{entry.public_id}", entry.version, payload)


def _city_hand_dispatch(switch: HandDispatch) -> TopicRow:
    payload = rows.hand_dispatch_for_city(switch)
    return TopicRow(f"city.{switch.city.public_id}", "hand_dispatch", switch.version, payload)
