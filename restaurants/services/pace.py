"""What a counter changes during a service: what is sold out, how long dishes take, whether it takes orders at all.

Everything here has an end and a deadline that brings it, and says who did it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid
from delivery.ground.outbox import deadlines
from restaurants.events import RestaurantBusy, RestaurantCalm, RestaurantPaused, RestaurantResumed
from restaurants.facts import record_menu_changed
from restaurants.models import FOR_GOOD, Product, Restaurant
from restaurants.services.menu import product_of

PAUSE_END = "restaurant.pause_end"
BUSY_END = "restaurant.busy_end"
SOLD_OUT_END = "restaurant.sold_out_end"
LONGEST_EXTRA = timedelta(minutes=30)  # city time


@transaction.atomic
def mark_sold_out(*, product_id: int, until: datetime | None, by: str) -> Product:
    """Take a product off sale until an instant, after which it comes back by itself; None puts it back now.

    `until` FOR_GOOD: until somebody puts it back.
    """
    product = product_of(product_id)
    restaurant: Restaurant = Restaurant.objects.lock(pk=product.restaurant_id)
    product.sold_out_until = until
    product.sold_out_at = clock.now() if until else None
    product.sold_out_by = by if until else ""
    product.save(update_fields=["sold_out_until", "sold_out_at", "sold_out_by"])
    record_menu_changed(restaurant, what="sold_out" if until else "back", by=by)
    _arm_sold_out_end(restaurant)
    return product


@transaction.atomic
def end_sold_out(*, aggregate_pk: int) -> None:
    """Deadline: products whose time is over are on sale again."""
    restaurant: Restaurant = Restaurant.objects.lock(pk=aggregate_pk)
    over = Product.objects.filter(restaurant=restaurant, sold_out_until__lte=clock.now())
    if over.update(sold_out_until=None, sold_out_at=None, sold_out_by=""):
        record_menu_changed(restaurant, what="back", by="system")
    _arm_sold_out_end(restaurant)


def _arm_sold_out_end(restaurant: Restaurant) -> None:
    out = Product.objects.filter(restaurant=restaurant, sold_out_until__lt=FOR_GOOD)
    earliest = out.aggregate(at=Min("sold_out_until"))["at"]
    if earliest is None:
        deadlines.clear(restaurant, SOLD_OUT_END)
    else:
        deadlines.arm(restaurant, SOLD_OUT_END, earliest)


@transaction.atomic
def be_busy(
    *, restaurant_id: int, extra: timedelta, duration: timedelta, by: str, version: int | None = None
) -> Restaurant:
    """Every dish takes `extra` longer, for `duration` (both city time); accepted orders keep their time.

    Raises:
        NotFound, VersionConflict; Invalid: more than half an hour, or without an end.
    """
    if not timedelta() < extra <= LONGEST_EXTRA or duration <= timedelta():
        raise Invalid("a busy kitchen needs at most 30 minutes more, until an instant in the future")
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id, version=version)
    restaurant.busy_extra, restaurant.busy_by = extra, by
    restaurant.busy_until = clock.after(restaurant.city, duration)
    event = RestaurantBusy(extra_s=int(extra.total_seconds()), until=restaurant.busy_until.isoformat())
    outbox.record(restaurant, event, by=by, changed=["busy_extra", "busy_until", "busy_by"])
    deadlines.arm(restaurant, BUSY_END, restaurant.busy_until)
    return restaurant


@transaction.atomic
def be_calm(*, restaurant_id: int, by: str, version: int | None = None) -> Restaurant:
    """Dishes take their usual time again; nothing happens when the restaurant is not busy."""
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id, version=version)
    if restaurant.busy_until is not None:
        restaurant.busy_extra, restaurant.busy_until, restaurant.busy_by = timedelta(), None, ""
        outbox.record(restaurant, RestaurantCalm(), by=by, changed=["busy_extra", "busy_until", "busy_by"])
        deadlines.clear(restaurant, BUSY_END)
    return restaurant


def end_busy(*, aggregate_pk: int) -> None:
    """Deadline: the rush has come to its end."""
    be_calm(restaurant_id=aggregate_pk, by="system")


@transaction.atomic
def pause_restaurant(
    *, restaurant_id: int, duration: timedelta, reason: str, by: str, version: int | None = None
) -> Restaurant:
    """Take no new orders for `duration` of city time; a pause always has an end."""
    if duration <= timedelta():
        raise Invalid("a pause has an end in the future")
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id, version=version)
    restaurant.paused_until = clock.after(restaurant.city, duration)
    restaurant.pause_reason, restaurant.paused_by = reason, by
    event = RestaurantPaused(until=restaurant.paused_until.isoformat(), reason=reason)
    outbox.record(restaurant, event, by=by, changed=["paused_until", "pause_reason", "paused_by"])
    deadlines.arm(restaurant, PAUSE_END, restaurant.paused_until)
    return restaurant


@transaction.atomic
def resume_restaurant(*, restaurant_id: int, by: str, version: int | None = None) -> Restaurant:
    """Take orders again; nothing happens when the restaurant is not paused."""
    restaurant: Restaurant = Restaurant.objects.lock(pk=restaurant_id, version=version)
    if restaurant.paused_until is not None:
        restaurant.paused_until, restaurant.pause_reason, restaurant.paused_by = None, "", ""
        changed = ["paused_until", "pause_reason", "paused_by"]
        outbox.record(restaurant, RestaurantResumed(), by=by, changed=changed)
        deadlines.clear(restaurant, PAUSE_END)
    return restaurant


def end_pause(*, aggregate_pk: int) -> None:
    """Deadline: the pause has come to its end."""
    resume_restaurant(restaurant_id=aggregate_pk, by="system")
