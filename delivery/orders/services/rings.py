"""Whether a new order was heard: each device that has rung says so; when none has, a person is asked."""

from datetime import timedelta

from django.db import transaction

from delivery.ground import clock, outbox
from delivery.orders.events import OrderUnheard
from delivery.orders.models import Order, Ring
from delivery.orders.services.writer import lock
from delivery.orders.transitions import Status

RING_WITHIN = timedelta(seconds=20)  # real time: it is a bell, not a kitchen


def note_ring(*, order: Order, by: str) -> None:
    """A device has rung for the order. Said again, it changes nothing; nobody waits for a lock or a version."""
    Ring.objects.bulk_create([Ring(order=order, rung_by=by, rang_at=clock.now())], ignore_conflicts=True)


@transaction.atomic
def ask_who_rang(*, aggregate_pk: int) -> None:
    """Deadline: the order waits for its answer and no device has rung."""
    order = lock(aggregate_pk)
    if order.status == Status.PLACED and not order.rings.exists():
        outbox.record(order, OrderUnheard(restaurant_id=order.restaurant_id))
