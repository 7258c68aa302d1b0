"""The whole life of one order, from the log and the rows: facts, money, paper, routes, decisions."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from delivery.ground import clock, money
from delivery.ground.outbox.selectors import history
from delivery.orders.models import Order, StationWork
from dispatch.models import Decision, Offer, Route
from printing.models import Attempt, PrintJob


@dataclass(frozen=True)
class Moment:
    """One line of the life: when (real), on the city's clock, what, by whom, and the details."""

    at: datetime
    city_time: str
    what: str
    by: str
    detail: dict[str, Any]


def find_order(name: str) -> Order | None:
    """By public id, or the newest with this number on its ticket (spaces and case do not matter)."""
    orders = Order.objects.select_related("city", "restaurant")
    try:
        return orders.filter(public_id=UUID(name)).first()
    except ValueError:
        number = name.replace(" ", "").upper()
        return orders.filter(number=number).order_by("-placed_at").first()


def moments_of(order: Order) -> list[Moment]:
    """The life of the order, the oldest first."""
    return sorted(_moments(order), key=lambda moment: moment.at)


def life_of(order: Order) -> dict[str, Any]:
    """Everything on one page; nothing about the customer as a person is shown."""
    return {
        "id": str(order.public_id),
        "number": order.number,
        "status": order.status,
        "version": order.version,
        "city": order.city.slug,
        "restaurant": order.restaurant.name,
        "channel": order.channel,
        "total": order.total,
        "currency": order.currency,
        "lines": [{"quantity": line.quantity, "name": line.name} for line in order.lines.all()],
        "ledger_sum": sum(entry.amount for entry in order.ledger.all()),
        "moments": [asdict(moment) for moment in moments_of(order)],
    }


def _moments(order: Order) -> Iterator[Moment]:
    decisions = list(Decision.objects.filter(order=order).select_related("deliverer__account", "weights"))
    routes = _routes(order, decisions)
    offers = Offer.objects.filter(route_id__in=routes).values_list("pk", flat=True)
    jobs = list(PrintJob.objects.filter(ticket__order=order).select_related("printer", "ticket"))
    work = list(order.station_work.values_list("pk", flat=True))
    facts = [
        *history(Order.aggregate_kind(), [order.pk]),
        *history(StationWork.aggregate_kind(), work),
        *history(Route.aggregate_kind(), routes),
        *history(Offer.aggregate_kind(), list(offers)),
    ]
    for fact in facts:
        yield _moment(order, fact.occurred_at, fact.event.kind(), fact.by, fact.event.as_payload())
    for ring in order.rings.all():
        yield _moment(order, ring.rang_at, "Rang", ring.rung_by, {})
    for decision in decisions:
        yield _of_decision(order, decision)
    yield from _of_money(order)
    yield from _of_paper(order, jobs)


def _routes(order: Order, decisions: Iterable[Decision]) -> list[int]:
    """Every route that ever held the order: those decided on, and the present one."""
    routes = {decision.route_id for decision in decisions} | {stop.route_id for stop in order.stops.all()}
    return sorted(route for route in routes if route is not None)


def _of_decision(order: Order, decision: Decision) -> Moment:
    chosen = str(decision.deliverer.account) if decision.deliverer else None
    what = "Waits" if decision.waits_because else "Decided"
    detail = {
        "deliverer": chosen,
        "waits_because": decision.waits_because,
        "terms": decision.terms,
        "runner_up": decision.runner_up,
        "weights": decision.weights.number if decision.weights else None,
        "leaves_at": clock.utc_text(decision.leaves_at) if decision.leaves_at else None,
    }
    return _moment(order, decision.made_at, what, decision.made_by, detail)


def _of_money(order: Order) -> Iterator[Moment]:
    for entry in order.ledger.all():
        detail = {"party": entry.party, "amount": money.show(entry.amount, entry.currency, "en")}
        yield _moment(order, entry.posted_at, f"Ledger: {entry.kind}", "system", detail)
    for tender in order.tenders.all():
        detail = {
            "kind": tender.kind,
            "amount": money.show(tender.amount, tender.currency, "en"),
            "state": tender.state,
        }
        yield _moment(order, tender.changed_at, "Tender", tender.provider, detail)


def _of_paper(order: Order, jobs: Iterable[PrintJob]) -> Iterator[Moment]:
    by_id = {job.pk: job for job in jobs}
    for job in by_id.values():
        detail = {"station": job.ticket.station, "printer": job.printer.name, "state": job.state, "marks": job.marks}
        yield _moment(order, job.created_at, f"Print job: {job.ticket.purpose}", job.requested_by, detail)
    for attempt in Attempt.objects.filter(job_id__in=by_id).select_related("printer"):
        detail = {"attempt": attempt.number, "printer": attempt.printer.name, "verdict": attempt.verdict}
        ended = attempt.ended_at or attempt.began_at
        yield _moment(order, ended, "Print attempt", "worker-print", detail | {"level": attempt.level})


def _moment(order: Order, at: datetime, what: str, by: str, detail: dict[str, Any]) -> Moment:
    shown = clock.shown(order.city, at)
    return Moment(at, shown.strftime("%Y-%m-%d %H:%M:%S"), what, by, detail)
