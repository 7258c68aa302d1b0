"""Which facts are told to a customer by text. Database only: workers send."""

from collections.abc import Sequence

from babel.dates import format_time
from django.utils import translation
from django.utils.translation import gettext as _

from delivery.ground import clock
from delivery.ground.events import Recorded
from delivery.messaging.services import queue_message
from delivery.orders.events import OrderDelayed
from delivery.orders.models import Order


def tell_of_delays(events: Sequence[Recorded[OrderDelayed]]) -> None:
    """The announced time has moved: who left a number is told the new one, in the language of the order."""
    newest = {recorded.aggregate_id: recorded for recorded in events}
    orders = Order.objects.filter(pk__in=newest).exclude(customer_phone="").select_related("city", "restaurant")
    for order in orders:
        with translation.override(order.language):
            text = _(
                "%(restaurant)s needs a little longer: your order %(number)s comes between %(from)s and %(until)s."
            )
            queue_message(
                medium="sms",
                to=order.customer_phone,
                text=text % _values(order),
                intent_key=f"delay:{order.public_id}:{newest[order.pk].seq}",
            )


def _values(order: Order) -> dict[str, str]:
    window = {"from": order.promised_from, "until": order.promised_until}
    times = {
        name: format_time(clock.shown(order.city, at), "HH:mm", locale=order.language) if at else ""
        for name, at in window.items()
    }
    return {"restaurant": order.restaurant.name, "number": order.number, **times}
