"""Numbers of orders for Prometheus."""

from collections.abc import Mapping

from django.db.models import Count

from delivery.orders.models import Order
from delivery.orders.transitions import OPEN


def open_orders() -> Mapping[str, float]:
    """By status; each open status is named, also when no order has it."""
    found = Order.objects.filter(status__in=OPEN).values_list("status").annotate(Count("pk"))
    return dict.fromkeys(sorted(OPEN), 0.0) | {status: float(count) for status, count in found}
