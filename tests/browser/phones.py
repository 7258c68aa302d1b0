"""A deliverer's phone for tests: its size, its place, what a thumb does."""

from datetime import timedelta
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from delivery.ground import clock
from delivery.orders.models import Order
from dispatch.fleet.models import Deliverer
from dispatch.models import Route, Stop
from dispatch.services.offers import accept_offer
from dispatch.services.stops import arrive_stop, complete_stop
from tests import fleet_world as fw

PIXEL_7: Final[dict[str, Any]] = {
    "viewport": {"width": 412, "height": 839},
    "device_scale_factor": 2.625,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36",
}
HERE: Final[dict[str, Any]] = {
    "geolocation": {"latitude": 43.681, "longitude": 4.631, "accuracy": 12},
    "permissions": ["geolocation"],
}
SMALL: Final[Any] = {"width": 360, "height": 640}


def on_a_route(who: Deliverer, *orders: Order) -> Route:
    """Accepted half an hour ago, so that a phone may tell of earlier."""
    route = accept_offer(offer_id=fw.offer(who, *orders).public_id, deliverer_id=who.pk, by="tests")
    long_ago = clock.now() - timedelta(minutes=30)
    Route.objects.filter(pk=route.pk).update(assigned_at=long_ago)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(accepted_at=long_ago)
    return route


def stop_of(order: Order, kind: str = "dropoff") -> Stop:
    return Stop.objects.get(order=order, kind=kind)


def fetch(who: Deliverer, order: Order) -> None:
    complete_stop(stop_id=stop_of(order, "pickup").public_id, deliverer_id=who.pk, by="tests")


def bring(who: Deliverer, order: Order) -> None:
    """To the door, not through it."""
    fetch(who, order)
    arrive_stop(stop_id=stop_of(order).public_id, deliverer_id=who.pk, by="tests")


def press(phone: Page, name: str) -> None:
    """What Enter does: a short tap on a slide does nothing."""
    phone.get_by_role("button", name=name).press("Enter")


def kept(phone: Page) -> Locator:
    return phone.locator("[data-kept]")


def expect_kept(phone: Page, count: int) -> None:
    if count:
        expect(kept(phone)).to_be_visible(timeout=15_000)
        expect(phone.locator("[data-kept-count]")).to_have_text(str(count))
    else:
        expect(kept(phone)).to_be_hidden(timeout=20_000)
