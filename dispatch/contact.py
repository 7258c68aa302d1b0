"""Who may dial whom: deliverers through a port behind which numbers may be masked, the desk by its own rule."""

from datetime import timedelta
from functools import cache
from typing import Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.orders.models import Order
from dispatch.models import DoorRule

CUSTOMER_FOR: Final = timedelta(hours=24)  # city time after the order's end: then nothing is left to put right by phone


class ContactPort(Protocol):
    """Gives the number that a phone may dial for an order; behind it somebody else may connect the two."""

    def number_for(self, order: Order, rule: DoorRule) -> str:
        """A number in E.164, or "" when there is none to dial."""


class DirectNumbers:
    """The customer's own number, in cities that allow it. Without a telephony provider there is nothing to mask it."""

    def number_for(self, order: Order, rule: DoorRule) -> str:
        return order.customer_phone if rule.shows_phone else ""


@cache
def contact() -> ContactPort:
    """The port that settings.CONTACT_PORT names."""
    port: ContactPort = import_string(settings.CONTACT_PORT)()
    return port


def desk_may_call(actor: Actor, city_id: int) -> bool:
    """Who dispatches in the city or answers people may dial its people; who only looks on may not."""
    return actor.has("dispatcher", city=city_id) or actor.has("support")


def customer_number(actor: Actor, order: Order) -> str:
    """The number of the order's customer for somebody at the desk; "" when there is none for them. Reads: city."""
    if not desk_may_call(actor, order.city_id):
        return ""
    is_over = order.closed_at is not None and clock.between(order.city, order.closed_at, clock.now()) > CUSTOMER_FOR
    return "" if is_over else order.customer_phone
