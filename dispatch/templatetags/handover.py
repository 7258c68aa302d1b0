"""`{% load handover %}`: what a customer sees of the door: the code before, the photo after."""

from django import template

from delivery.orders.models import Order
from dispatch import selectors
from dispatch.models import Photo

register = template.Library()


@register.simple_tag
def pin_for_customer(order: Order) -> str:
    """The four digits while the bag is on its way; "" when there is nothing to tell."""
    return selectors.shown_pin(order)


@register.simple_tag
def photo_for_customer(order: Order) -> Photo | None:
    """The newest photo of the delivered bag."""
    if order.status != "delivered":
        return None
    photos = Photo.objects.filter(stop__order=order)
    newest: Photo | None = photos.order_by("-pk").first()
    return newest
