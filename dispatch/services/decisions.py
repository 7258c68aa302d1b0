"""Why orders wait: written when the reason changes, so that any order's whole story can be told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from delivery.cities.models import City
from delivery.ground import clock
from delivery.orders.models import Order
from dispatch.desk.services import ORDER_WITHOUT_DELIVERER, Question, open_alarms
from dispatch.engine.reasons import Reason, Waiting
from dispatch.models import Decision, Weights

# Waiting for one of these ends only when a person does something about it.
HOPELESS: Final = frozenset(
    {
        Reason.NO_DELIVERER,
        Reason.ALL_FORBIDDEN,
        Reason.NOBODY_SUITED,
        Reason.SHIFTS_END,
        Reason.NO_WAY,
        Reason.BAD_NUMBERS,
    }
)
PATIENCE: Final = timedelta(minutes=5)  # city time after the restaurant's answer


@transaction.atomic
def note_waiting(
    *,
    city: City,
    waiting: Mapping[int, Waiting],
    weights: Weights | None = None,
    leaves_at: Mapping[int, datetime | None] | None = None,
) -> None:
    """Append a decision for each order whose reason differs from its newest one; call a dispatcher when stuck.

    Args:
        waiting: by order id; its deliverers are primary keys as text.
        weights: the version that was weighed with. leaves_at: by order id, when who is meant for it should start.
    """
    newest = Decision.objects.filter(order__in=waiting).order_by("order", "-made_at", "-id").distinct("order")
    known = dict(newest.values_list("order_id", "waits_because"))
    now = clock.now()
    Decision.objects.bulk_create(
        [
            Decision(
                city=city,
                order_id=order_id,
                deliverer_id=int(why.deliverer) if why.deliverer else None,
                made_at=now,
                waits_because=why.reason.value,
                weights=weights,
                leaves_at=(leaves_at or {}).get(order_id),
            )
            for order_id, why in sorted(waiting.items())
            if known.get(order_id) != why.reason.value
        ]
    )
    stuck = {order_id: why for order_id, why in waiting.items() if why.reason in HOPELESS}
    if stuck:
        _call_dispatcher(city, stuck, now)


def _call_dispatcher(city: City, stuck: Mapping[int, Waiting], now: datetime) -> None:
    waited = Order.objects.filter(pk__in=stuck, accepted_at__lte=clock.after(city, -PATIENCE, since=now))
    open_alarms(
        Question(
            city_id=city.pk,
            kind=ORDER_WITHOUT_DELIVERER,
            subject=f"order:{order.public_id}",
            detail={"number": order.number, "why": stuck[order.pk].reason.value},
        )
        for order in waited
    )
