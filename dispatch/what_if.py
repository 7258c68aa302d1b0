"""What if: a past evening of a city, read from the log of facts, played again with other weights, couriers or zones."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any, Final

from delivery.cities.models import City, Zone
from delivery.cities.streets import installed_streets
from delivery.ground import clock
from delivery.ground.errors import Invalid
from delivery.ground.geo import contains
from delivery.ground.outbox.models import EventRow
from delivery.orders.models import Fulfilment, Order
from dispatch.cargo import NOTHING, Cargo, cargo_of, equipment_of
from dispatch.engine.evening import Delivered, Outcome, PastOrder, outcome_of, play
from dispatch.engine.problem import Deliverer, Demand, Place, Travel
from dispatch.fleet.models import Shift
from dispatch.problems import place_of
from dispatch.selectors import newest_weights
from dispatch.travel import RememberedTravel, StreetTravel, straight
from dispatch.weighing import checked_weights, rules_of

MINUTE: Final = timedelta(minutes=1)
FACTS: Final = ("OrderAccepted", "OrderReady", "OrderPickedUp", "OrderDelivered")
TOLD: Final = ("aggregate_id", "kind", "occurred_at")
AFTERWARDS: Final = timedelta(hours=6)  # real: what was accepted in the evening is delivered by then
EVERYTHING: Final = frozenset({"hot_bag", "cold_bag", "age_check"})


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than it was. `couriers`: more (+) or fewer (-, the last to come); `closed`: names of zones."""

    weights: Mapping[str, Any]
    couriers: int = 0
    closed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Evening:
    """Orders that were accepted and not called off, who worked, and what became of it. Minutes since its beginning."""

    city: City
    orders: Sequence[PastOrder]
    people: Sequence[Deliverer]
    delivered: Mapping[str, Delivered]
    zones: Mapping[str, str]  # by order: the name of its zone


@dataclass(frozen=True, slots=True)
class Report:
    """The same evening three times: as it was, played again unchanged, and changed."""

    city: str
    was: Outcome
    again: Outcome
    changed: Outcome
    couriers: int
    change: Change

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"change": asdict(self.change) | {"closed": sorted(self.change.closed)}}


def what_if(city: City, *, begins_at: datetime, ends_at: datetime, change: Change) -> Report:
    """Play the evening between two real instants.

    Raises Invalid: weights or zones that there are not, nobody left to ride, or nothing was accepted.
    """
    weights = checked_weights(change.weights)
    evening = read_evening(city, begins_at, ends_at)
    if not evening.orders:
        raise Invalid("no order was accepted in this time")
    unknown = set(change.closed) - {zone.name for zone in Zone.objects.filter(city=city)}
    if unknown:
        raise Invalid(f"no zone {', '.join(sorted(unknown))}")
    in_use = newest_weights(city.pk).get("live")
    live = rules_of(city, in_use.values if in_use else {}, every=MINUTE)
    tried = rules_of(city, {**(in_use.values if in_use else {}), **weights}, every=MINUTE)
    people = _people(evening, change.couriers)
    kept = [order for order in evening.orders if evening.zones[order.demand.order] not in change.closed]
    travel = _travel(evening)
    again = play(evening.orders, evening.people, rules=live, travel=travel)
    changed = play(kept, people, rules=tried, travel=travel)
    return Report(
        city=city.slug,
        was=outcome_of(evening.orders, dict(evening.delivered), live),
        again=outcome_of(evening.orders, again, live),
        changed=outcome_of(kept, changed, live),
        couriers=len(people),
        change=change,
    )


def read_evening(city: City, begins_at: datetime, ends_at: datetime) -> Evening:
    """What the log and the rows it names say of the time; seven queries."""

    def minute(instant: datetime) -> float:
        return clock.between(city, begins_at, instant) / MINUTE

    rows = EventRow.objects.filter(city_id=city.pk, aggregate_kind=Order.aggregate_kind(), kind__in=FACTS)
    happened: dict[int, dict[str, datetime]] = {}
    for pk, kind, at in rows.filter(occurred_at__range=(begins_at, ends_at + AFTERWARDS)).values_list(*TOLD):
        happened.setdefault(pk, {}).setdefault(kind, at)
    accepted = {
        pk: facts for pk, facts in happened.items() if begins_at <= facts.get("OrderAccepted", ends_at) < ends_at
    }
    found = Order.objects.filter(pk__in=accepted, fulfilment=Fulfilment.PLATFORM).exclude(status="cancelled")
    orders = list(found.select_related("restaurant").order_by("pk"))
    cargo = cargo_of([order.pk for order in orders])
    zones = list(Zone.objects.filter(city=city).order_by("fee", "pk"))
    past, delivered, places = [], {}, {}
    for order in orders:
        facts, name = accepted[order.pk], str(order.pk)
        told_at = _told_at(city, order, facts["OrderAccepted"])
        ready_at = facts.get("OrderReady") or facts.get("OrderPickedUp") or told_at
        demand = _demand(city, order, minute, told_at, cargo.get(order.pk, NOTHING))
        past.append(PastOrder(demand=demand, known_at=minute(facts["OrderAccepted"]), ready_at=minute(ready_at)))
        places[name] = next((zone.name for zone in zones if contains(zone.ring, order.point)), "")
        if "OrderDelivered" in facts and "OrderPickedUp" in facts:
            delivered[name] = Delivered("", minute(facts["OrderPickedUp"]), minute(facts["OrderDelivered"]))
    return Evening(city, past, _workers(city, begins_at, ends_at, past), delivered, places)


def _told_at(city: City, order: Order, accepted_at: datetime) -> datetime:
    """When the kitchen said that it would be ready, as it accepted."""
    begun_at = max(order.cook_at or accepted_at, accepted_at)
    return clock.after(city, order.prep_time or order.restaurant.prep_time, since=begun_at)


def _demand(city: City, order: Order, minute: Any, told_at: datetime, cargo: Cargo) -> Demand:
    return Demand(
        order=str(order.pk),
        restaurant=str(order.restaurant_id),
        pickup=place_of(city, order.restaurant.point),
        dropoff=place_of(city, order.point),
        placed_at=minute(order.placed_at),
        ready_at=minute(told_at),
        promised_at=minute(order.promised_until) if order.promised_until else math.inf,
        load=float(cargo.room),
        needs=cargo.needs,
        cash=float(cargo.cash),
    )


def _workers(city: City, begins_at: datetime, ends_at: datetime, orders: Sequence[PastOrder]) -> list[Deliverer]:
    """Who was on shift. Where somebody stood at first is not in the log: in the middle of the restaurants."""
    shifts = Shift.objects.filter(deliverer__city=city, started_at__lt=ends_at).exclude(ended_at__lte=begins_at)
    middle = _middle(orders)
    people = {}
    for shift in shifts.select_related("deliverer").order_by("started_at", "pk"):
        person, started_at = shift.deliverer, shift.started_at or begins_at
        people[person.pk] = Deliverer(
            id=str(person.pk),
            at=middle,
            free_at=max(0.0, clock.between(city, begins_at, started_at) / MINUTE),
            off_at=clock.between(city, begins_at, shift.ended_at or shift.ends_at) / MINUTE,
            capacity=math.inf if person.bag_room is None else float(person.bag_room),
            has=equipment_of(person),
            cash_limit=math.inf,
        )
    return list(people.values())


def _people(evening: Evening, more: int) -> list[Deliverer]:
    """Raises Invalid when nobody is left."""
    people = list(evening.people)
    if more < 0:
        people = people[:more]
    last = max((person.off_at for person in evening.people), default=max(each.known_at for each in evening.orders) + 60)
    people += [
        Deliverer(id=f"more-{number}", at=_middle(evening.orders), free_at=0.0, off_at=last, has=EVERYTHING)
        for number in range(max(0, more))
    ]
    if not people:
        raise Invalid("nobody would be left to ride")
    return people


def _middle(orders: Sequence[PastOrder]) -> Place:
    if not orders:
        return (0.0, 0.0)
    return fmean(each.demand.pickup[0] for each in orders), fmean(each.demand.pickup[1] for each in orders)


def _travel(evening: Evening) -> Travel:
    """Along the streets, all searched for at once, or straight; every leg is asked for once."""
    places = {place for order in evening.orders for place in (order.demand.pickup, order.demand.dropoff)}
    streets = installed_streets()
    travel = StreetTravel(streets, evening.city, places, most_new=None) if streets else straight(evening.city)
    remembered = RememberedTravel(travel)
    remembered.minutes(sorted(places | {_middle(evening.orders)}))
    return remembered
