"""GET /orders/{id}/decisions: why the engine chose and why the order waited, for those who look after its city."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router

from delivery.cities.selectors import watches
from delivery.ground.api import ApiRequest
from delivery.ground.clock import utc_text
from delivery.ground.errors import NotAllowed, NotFound
from delivery.ground.openapi import Answer
from delivery.orders.models import Order
from delivery.orders.selectors import may_see
from dispatch.fleet.models import Deliverer
from dispatch.models import Decision

router = Router(tags=["dispatch"])


class PersonAnswer(Answer):
    id: UUID
    name: str


class RunnerUpAnswer(Answer):
    """Who would have been next; `cost` in the engine's weighted minutes, `terms` as for the one who was chosen."""

    deliverer: PersonAnswer
    cost: float | None
    terms: dict[str, float | None]


class DecisionAnswer(Answer):
    """One decision. Without `waits_because` `deliverer` was chosen for `route`; with it only meant.

    terms: minutes (and `price`, `cost` in weighted minutes) of the choice. weights: the version that was weighed with;
    null: the engine's own. by: `engine`, or the dispatcher who decided.
    """

    id: UUID
    made_at: datetime
    by: str
    deliverer: PersonAnswer | None
    route: UUID | None
    waits_because: str
    leaves_at: datetime | None
    terms: dict[str, float | None]
    runner_up: RunnerUpAnswer | None
    weights: int | None


class DecisionsAnswer(Answer):
    decisions: list[DecisionAnswer]


@router.get("/orders/{order_id}/decisions", url_name="order_decisions", response=DecisionsAnswer)
def read_decisions(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """Every decision about the order, the oldest first."""
    order = Order.objects.filter(public_id=order_id).first()
    if order is None or not may_see(request.actor, order):
        raise NotFound()
    if not watches(request.actor, order.city_id):
        raise NotAllowed()
    decisions = list(
        Decision.objects.filter(order=order)
        .select_related("deliverer__account", "route", "weights")
        .order_by("made_at", "pk")
    )
    seconds = runners_up(decisions)
    return JsonResponse({"decisions": [_row(decision, seconds) for decision in decisions]})


def runners_up(decisions: Sequence[Decision]) -> Mapping[str, Deliverer]:
    """By the engine's name: who came second in any of the decisions, with accounts."""
    names = {decision.runner_up["deliverer"] for decision in decisions if decision.runner_up.get("deliverer")}
    people = Deliverer.objects.filter(pk__in=names).select_related("account")
    return {str(deliverer.pk): deliverer for deliverer in people}


def _row(decision: Decision, seconds: Mapping[str, Deliverer]) -> dict[str, Any]:
    second = seconds.get(str(decision.runner_up.get("deliverer")))
    return {
        "id": str(decision.public_id),
        "made_at": utc_text(decision.made_at),
        "by": decision.made_by,
        "deliverer": _person(decision.deliverer) if decision.deliverer else None,
        "route": str(decision.route.public_id) if decision.route else None,
        "waits_because": decision.waits_because,
        "leaves_at": utc_text(decision.leaves_at) if decision.leaves_at else None,
        "terms": decision.terms,
        "runner_up": {
            "deliverer": _person(second),
            "cost": decision.runner_up.get("cost"),
            "terms": decision.runner_up.get("terms", {}),
        }
        if second
        else None,
        "weights": decision.weights.number if decision.weights else None,
    }


def _person(deliverer: Deliverer) -> dict[str, str]:
    return {"id": str(deliverer.public_id), "name": deliverer.account.name}
