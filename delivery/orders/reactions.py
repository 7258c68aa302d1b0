"""What facts about orders cause at the restaurant. Database only."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from delivery.ground import clock
from delivery.ground.events import Recorded
from delivery.orders.events import OrderExpired
from delivery.orders.models import Order
from delivery.orders.transitions import Status
from restaurants import selectors
from restaurants.models import Restaurant
from restaurants.services import pause_restaurant

MISSED_IN_A_ROW: Final = 3
PAUSE: Final = timedelta(minutes=30)  # city time
NOT_ANSWERED: Final = "not_answered"


def pause_silent_counters(events: Sequence[Recorded[OrderExpired]]) -> None:
    """Nobody answers at the counter: no more customers are sent there for a while, and the tablet says why."""
    now = clock.now()
    shops = Restaurant.objects.filter(pk__in={recorded.event.restaurant_id for recorded in events})
    for shop in shops.order_by("pk"):
        answered = Order.objects.filter(restaurant=shop).exclude(status=Status.PLACED)
        last = answered.order_by("-placed_at", "-pk").values_list("status", flat=True)[:MISSED_IN_A_ROW]
        missed = [status for status in last if status == Status.EXPIRED]
        if len(missed) == MISSED_IN_A_ROW and not selectors.is_paused(shop, now):
            pause_restaurant(restaurant_id=shop.pk, duration=PAUSE, reason=NOT_ANSWERED, by="system")
