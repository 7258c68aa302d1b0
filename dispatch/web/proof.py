"""`/proof/<id>/`: the photo of a bag at a door, for its customer and for who looks after the city."""

import hmac
from uuid import UUID

from django.http import FileResponse
from django.views.decorators.http import require_safe

from delivery.cities.selectors import watches
from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest
from delivery.orders.models import Order
from delivery.orders.selectors import ordered
from dispatch.models import Photo


@require_safe
def photo(request: PageRequest, photo_id: UUID) -> FileResponse:
    """The JPEG. `?track=` the secret of the tracking link opens it to who holds that. Raises NotFound."""
    found: Photo | None = Photo.objects.filter(public_id=photo_id).select_related("stop__order").first()
    if found is None or not _may_see(request, found.stop.order):
        raise NotFound()
    response = FileResponse(found.image.open(), content_type="image/jpeg", filename=f"{found.public_id}.jpg")
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _may_see(request: PageRequest, order: Order) -> bool:
    given = request.GET.get("track", "")
    has_link = hmac.compare_digest(given.encode(), order.tracking_token.encode())
    return has_link or ordered(request.actor, order) or watches(request.actor, order.city_id)
