"""`{% load handover %}`: the photo that a customer sees after the door."""

from django import template

from delivery.orders.models import Order
from dispatch.models import Photo

register = template.Library()


@register.simple_tag
def photo_for_customer(order: Order) -> Photo | None:
    """The newest photo of the delivered bag."""
    if order.status != "delivered":
        return None
    photos = Photo.objects.filter(stop__order=order)
    newest: Photo | None = photos.order_by("-pk").first()
    return newest
