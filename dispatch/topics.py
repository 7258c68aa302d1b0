"""Which screens see dispatch: `deliverer.<id>` (own offer, route, self), `city.<id>` (routes, people, the desk)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from delivery.ground.access import Actor
from delivery.ground.events import Recorded
from delivery.ground.ids import public_id_in
from delivery.ground.registry import TopicRow
from dispatch import rows
from dispatch.desk.models import Alarm, HandDispatch, LogEntry
from dispatch.fleet.models import Deliverer, Shift
from dispatch.models import LIVE_ROUTES, Offer, Route, Stop
from dispatch.rows import CityOffer, CityPerson, CityRoute, CityStop
from dispatch.selectors import offers_in_full, routes_in_full

OFFER_FIELDS: Final = ("route_id", "deliverer__public_id", "expires_at")
STOP_FIELDS: Final = ("route_id", "kind", "status", "order__public_id", "lat", "lon")
ROUTE_FIELDS: Final = ("pk", "city__public_id", "public_id", "version", "status", "deliverer__public_id")
NEWEST_LINES: Final = 60  # of the logbook, on a screen that opens


def project_routes(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """The present rows of the routes; closed ones leave all screens."""
    yield from city_routes(Q(pk__in=_ids(events)))
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
    """What dispatch knows of a city: live routes, people on shift, and the desk."""
    return [
        *city_routes(Q(city__public_id=public_id, status__in=LIVE_ROUTES)),
        *city_people(Deliverer.objects.filter(city__public_id=public_id)),
        *desk_rows(public_id),
    ]


def desk_rows(public_id: str) -> list[TopicRow]:
    """Open alarms, the newest of the logbook, and whether people assign by hand."""
    switches = HandDispatch.objects.filter(city__public_id=public_id)
    entries = LogEntry.objects.filter(city__public_id=public_id).order_by("-written_at", "-pk")
    return [
        *(_city_alarm(alarm) for alarm in _alarms(Q(city__public_id=public_id, closed_at__isnull=True))),
        *(_city_log_entry(entry) for entry in entries.select_related("city", "author")[:NEWEST_LINES]),
        *(_city_hand_dispatch(switch) for switch in switches.select_related("city", "author")),
    ]


def city_people(deliverers: QuerySet[Deliverer]) -> list[TopicRow]:
    """Those of the deliverers who are on shift."""
    found = _people(deliverers).filter(on_shift=True).values_list("city__public_id", *CityPerson._fields)
    return [_city_person(city, CityPerson(*columns)) for city, *columns in found]


def city_routes(where: Q) -> list[TopicRow]:
    """The rows of many routes; thousands of stops are read without whole models."""
    open_offers = Offer.objects.filter(status=Offer.Status.OPEN, route__in=Route.objects.filter(where))
    offers = {of: CityOffer(to, until) for of, to, until in open_offers.values_list(*OFFER_FIELDS)}
    stops: dict[int | None, list[CityStop]] = defaultdict(list)
    of_routes = Stop.objects.filter(route__in=Route.objects.filter(where)).order_by("position", "id")
    for of, *shown in of_routes.values_list(*STOP_FIELDS):
        stops[of].append(CityStop(*shown))
    found = []
    for pk, city, *columns in Route.objects.filter(where).values_list(*ROUTE_FIELDS):
        route = CityRoute(*columns)
        is_live = route.status in LIVE_ROUTES
        payload = rows.route_for_city(route, stops[pk], offers.get(pk)) if is_live else None
        found.append(TopicRow(f"city.{city}", f"route:{route.public_id}", route.version, payload))
    return found


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
    city, name = deliverer.city.public_id, deliverer.account.name
    if not deliverer.on_shift:
        return TopicRow(f"city.{city}", f"deliverer:{deliverer.public_id}", deliverer.version, None)
    own = (getattr(deliverer, field) for field in CityPerson._fields[:-1])
    return _city_person(city, CityPerson._make((*own, name)))


def _city_person(city: UUID, person: CityPerson) -> TopicRow:
    payload = rows.deliverer_for_city(person)
    return TopicRow(f"city.{city}", f"deliverer:{person.public_id}", person.version, payload)


def _city_alarm(alarm: Alarm) -> TopicRow:
    payload = rows.alarm_for_city(alarm) if alarm.closed_at is None else None
    return TopicRow(f"city.{alarm.city.public_id}", f"alarm:{alarm.public_id}", alarm.version, payload)


def _city_log_entry(entry: LogEntry) -> TopicRow:
    payload = rows.log_entry_for_city(entry)
    return TopicRow(f"city.{entry.city.public_id}", f"log:{entry.public_id}", entry.version, payload)


def _city_hand_dispatch(switch: HandDispatch) -> TopicRow:
    payload = rows.hand_dispatch_for_city(switch)
    return TopicRow(f"city.{switch.city.public_id}", "hand_dispatch", switch.version, payload)
