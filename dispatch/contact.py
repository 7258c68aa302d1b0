"""How a deliverer reaches a customer: the port behind which numbers may be masked."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from delivery.orders.models import Order
from dispatch.models import DoorRule


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
