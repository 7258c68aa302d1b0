"""Who carried the orders of the past: offers, routes, stops and decisions, and the shifts in which it happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from delivery.cities.models import City
from delivery.demo.history.lives import End
from delivery.demo.history.orders import Kitchen, Placed
from delivery.demo.history.past import Past
from delivery.ground import clock
from delivery.ground.geo import distance_m
from dispatch import events as facts
from dispatch.fleet.models import Deliverer, Shift
from dispatch.fleet.pay import PayRule, route_pay
from dispatch.models import Decision, Offer, Route, Stop

ANSWERED_AFTER = timedelta(seconds=14)
AT_COUNTER = timedelta(minutes=1)
AT_DOOR = timedelta(minutes=2)
HOME_AGAIN = timedelta(minutes=4)


@dataclass(slots=True)
class Carrier:
    """A deliverer of the past: working times (real instants), and when the last route ended."""

    row: Deliverer
    shifts: Sequence[tuple[datetime, datetime]]
    free_at: datetime

    def works_at(self, at: datetime) -> bool:
        return any(starts_at <= at < ends_at for starts_at, ends_at in self.shifts)


class Fleet:
    """Carries orders of one city, in the order in which they were placed."""

    def __init__(self, past: Past, dice: Random, city: City, carriers: Sequence[Carrier]) -> None:
        self.past, self.dice, self.city, self.carriers = past, dice, city, carriers
        self.rule = PayRule(per_order=city.pay_per_order, per_hour=city.pay_per_hour)

    def keep_shifts(self) -> None:
        """The shifts that are over, started and ended near their hours."""
        for carrier in self.carriers:
            for starts_at, ends_at in carrier.shifts:
                late, longer = self._some(5), self._some(12)
                self.past.add(
                    Shift(
                        deliverer=carrier.row,
                        starts_at=starts_at,
                        ends_at=ends_at,
                        started_at=starts_at + late,
                        ended_at=ends_at + longer,
                    )
                )

    def carry(self, kitchen: Kitchen, placed: Placed) -> None:
        """Find somebody, ride, hand over."""
        order = placed.order
        assert order.accepted_at is not None
        assert order.ready_at is not None
        wanted_at = self._after(order.accepted_at, timedelta(seconds=40))
        if placed.life.is_declined_once and (first := self._free(wanted_at)):
            self._propose(placed, first, wanted_at, is_taken=False)
            wanted_at = self._after(wanted_at, ANSWERED_AFTER)
        carrier = self._free(wanted_at) or min(self.carriers, key=lambda each: each.free_at)
        offered_at = max(wanted_at, carrier.free_at)
        route = self._propose(placed, carrier, offered_at, is_taken=True)
        arrived_at = self._after(offered_at, ANSWERED_AFTER + placed.life.courier)
        left_at = self._after(max(arrived_at, order.ready_at), AT_COUNTER)
        handed_at = self._after(left_at, placed.life.ride)
        self._visit(placed, route, Stop.Kind.PICKUP, arrived_at, left_at)
        self._visit(placed, route, Stop.Kind.DROPOFF, self._before(handed_at, AT_DOOR), handed_at)
        kitchen.deliver(placed, left_at, handed_at, self._by(carrier))
        route.status, route.closed_at = Route.Status.DONE, handed_at
        self.past.fact(route, facts.RouteDone(deliverer_id=carrier.row.pk, order_ids=[order.pk]), handed_at)
        carrier.free_at = self._after(handed_at, HOME_AGAIN)

    def _free(self, at: datetime) -> Carrier | None:
        ready = [carrier for carrier in self.carriers if carrier.free_at <= at and carrier.works_at(at)]
        return self.dice.choice(ready) if ready else None

    def _propose(self, placed: Placed, carrier: Carrier, at: datetime, *, is_taken: bool) -> Route:
        order = placed.order
        metres = round(distance_m(order.restaurant.point, order.point) * self.city.detour) + self.dice.randint(
            200, 1500
        )
        answered_at = self._after(at, ANSWERED_AFTER)
        route = self.past.born(
            Route(
                city=self.city,
                deliverer=carrier.row if is_taken else None,
                status=Route.Status.ASSIGNED if is_taken else Route.Status.WITHDRAWN,
                distance_m=metres,
                pay=route_pay(self.rule, orders=1),
                planned_at=at,
                assigned_at=answered_at if is_taken else None,
                closed_at=None if is_taken else answered_at,
            ),
            at,
        )
        offer = self.past.born(
            Offer(
                city=self.city,
                route=route,
                deliverer=carrier.row,
                status=Offer.Status.ACCEPTED if is_taken else Offer.Status.DECLINED,
                pay=route.pay,
                currency=self.city.currency,
                distance_m=metres,
                destination=order.address_line,
                destination_lat=order.lat,
                destination_lon=order.lon,
                made_at=at,
                expires_at=self._after(at, self.city.offer_for),
                answered_at=answered_at,
            ),
            at,
        )
        decision = self.past.add(
            Decision(
                public_id=self.past.id_at(at),
                city=self.city,
                order=order,
                route=route,
                deliverer=carrier.row,
                made_at=at,
                terms={"straight_legs": 0},
            )
        )
        named = {"deliverer_id": carrier.row.pk, "route_id": route.pk}
        self.past.fact(route, facts.RoutePlanned(order_ids=[order.pk], decision=str(decision.public_id)), at)
        self.past.fact(offer, facts.OfferMade(expires_at=offer.expires_at.isoformat(), **named), at)
        if is_taken:
            self.past.fact(offer, facts.OfferAccepted(**named), answered_at, self._by(carrier))
            assigned = facts.RouteAssigned(deliverer_id=carrier.row.pk, order_ids=[order.pk])
            self.past.fact(route, assigned, answered_at, self._by(carrier))
        else:
            self.past.fact(offer, facts.OfferDeclined(**named), answered_at, self._by(carrier))
            gone = facts.RouteWithdrawn(deliverer_id=carrier.row.pk, order_ids=[order.pk], reason="declined")
            self.past.fact(route, gone, answered_at)
        return route

    def _visit(self, placed: Placed, route: Route, kind: Stop.Kind, arrived_at: datetime, done_at: datetime) -> None:
        order, is_door = placed.order, kind == Stop.Kind.DROPOFF
        has_failed = is_door and placed.life.end is End.FAILED
        point = order.point if is_door else order.restaurant.point
        stop = self.past.add(
            Stop(
                public_id=self.past.id_at(arrived_at),
                city=self.city,
                order=order,
                kind=kind,
                route=route,
                position=int(is_door),
                status=Stop.Status.FAILED if has_failed else Stop.Status.DONE,
                lat=point.lat,
                lon=point.lon,
                arrived_at=arrived_at,
                done_at=done_at,
                failure_reason=placed.life.reason if has_failed else "",
                proof=Stop.Proof.PIN if is_door and not has_failed else Stop.Proof.NONE,
            )
        )
        assert route.deliverer is not None
        named = {"deliverer_id": route.deliverer.pk, "stop_id": stop.pk, "order_id": order.pk}
        by = f"account:{route.deliverer.account.public_id}"
        self.past.fact(route, facts.StopArrived(**named), arrived_at, by)
        if has_failed:
            failed = facts.StopFailed(stop_kind=kind.value, reason=placed.life.reason, **named)
            self.past.fact(route, failed, done_at, by)
        else:
            self.past.fact(route, facts.StopCompleted(stop_kind=kind.value, proof=stop.proof, **named), done_at, by)

    def _after(self, since: datetime, passed: timedelta) -> datetime:
        return clock.after(self.city, passed, since=since)

    def _before(self, until: datetime, passed: timedelta) -> datetime:
        return clock.after(self.city, -passed, since=until)

    def _some(self, minutes: float) -> timedelta:
        return timedelta(minutes=self.dice.uniform(0, minutes)) / self.city.time_rate

    def _by(self, carrier: Carrier) -> str:
        return f"account:{carrier.row.account.public_id}"
