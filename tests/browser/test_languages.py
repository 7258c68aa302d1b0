"""Each screen on its device, used from one end to the other in French and in Spanish, and no English left on it.

The storefront's own journeys stand in test_shop_journeys.py, the deliverer's in test_phone_look.py.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from delivery.devices.models import Kind
from delivery.orders import services as orders
from delivery.orders.models import Order
from restaurants.models import Restaurant
from tests import fleet_world, world
from tests.browser.shops import shop as shop
from tests.browser.visitors import pair, start_shift, wait_until_live
from tests.ground_relay import carry_all
from tests.speech import english_in, translated

Say = Callable[[str], str]
PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(params=["fr", "es"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def say(language: str) -> Say:
    """An English text in the language; one that has no other words there is a KeyError."""
    return translated(language).__getitem__


@pytest.fixture
def screen(site: str, language: str, context: BrowserContext) -> Page:
    context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    return context.new_page()


def speaks(page: Page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert english_in(page.content(), language) == []


def test_tracking(screen: Page, site: str, shop: Restaurant, say: Say, language: str) -> None:
    order = world.order(shop, tip=100, note="Pas trop cuit", allergies="Sésame")
    screen.set_viewport_size(PHONE)
    screen.goto(f"{site}/track/{order.tracking_token}/")
    expect(screen.get_by_role("heading", name=say("The restaurant is reading your order"))).to_be_visible()
    expect(screen.get_by_role("button", name=say("Call the order off"))).to_be_visible()
    speaks(screen, language)
    fleet_world.accept(order)
    screen.reload()  # test_tracking.py shows that it follows by itself
    expect(screen.get_by_text(say("At your door between"))).to_be_visible()
    speaks(screen, language)
    orders.mark_ready(order_id=order.pk, by="tests")
    orders.pick_up_order(order_id=order.pk, by="tests")
    screen.reload()
    on_the_way = screen.get_by_role("listitem").filter(has_text=say("On the way to you"))
    expect(on_the_way).to_contain_text(say("now"))
    orders.deliver_order(order_id=order.pk, by="tests")
    screen.reload()
    expect(screen.get_by_role("heading", name=say("Enjoy your meal!"))).to_be_visible()
    speaks(screen, language)


def test_the_counter(screen: Page, site: str, shop: Restaurant, say: Say, language: str) -> None:
    """Accept, more time, ready; then another one is refused."""
    order = world.order(shop, "margherita", "cola", allergies="Sésame")
    screen.set_viewport_size(TABLET)
    pair(screen.context, site, shop, Kind.LOBBY, language=language)
    screen.goto(f"{site}/lobby/")
    start_shift(screen, say("Start shift"))
    wait_until_live(screen)
    flash = screen.get_by_role("region", name=say("New order"))
    speaks(screen, language)
    flash.get_by_role("button", name=say("5 minutes more")).click()
    flash.get_by_role("button", name=say("Accept"), exact=True).click()
    card = screen.locator("#work").get_by_role("article").filter(has_text=order.number)
    card.get_by_text(say("+ time")).click()
    card.get_by_role("button", name="+ 10 min").click()
    expect(card).to_contain_text(re.compile(r"\b(29|30) min"))
    speaks(screen, language)
    card.get_by_role("button", name=say("Ready")).click()
    expect(screen.locator("#ready")).to_contain_text(order.number)
    refused = world.order(shop, "regina")
    carry_all()
    expect(flash).to_contain_text(refused.number)
    flash.get_by_text(say("Cannot take it…")).click()
    flash.get_by_role("button", name=say("Too busy")).click()
    expect(screen.get_by_role("button", name=say("Undo"))).to_be_visible()
    speaks(screen, language)
    screen.goto("about:blank")  # who leaves meant it
    for _ in range(600):
        refused.refresh_from_db()
        if refused.status == "rejected":
            break
        screen.wait_for_timeout(50)
    order.refresh_from_db()
    assert (order.status, order.prep_time, refused.close_reason) == ("ready", timedelta(minutes=20), "busy")


def test_the_kitchen(screen: Page, site: str, shop: Restaurant, say: Say, language: str) -> None:
    """Done at a station, back on the rail, done again, and out of the house."""
    order = world.order(shop, "margherita", "cola", note="Bien cuit")
    fleet_world.accept(order)
    screen.set_viewport_size(TABLET)
    pair(screen.context, site, shop, Kind.KITCHEN, language=language)
    screen.goto(f"{site}/kitchen/?station=oven")
    wait_until_live(screen)
    ticket = screen.locator("#places").get_by_role("region").filter(has_text=order.number)
    speaks(screen, language)
    ticket.get_by_role("button", name="margherita").click()
    ticket.get_by_role("button", name=say("Done")).click()
    expect(screen.get_by_text(say("Nothing to cook"))).to_be_visible()
    screen.get_by_role("link", name=say("Recall")).click()
    screen.get_by_role("button", name=say("Back on the rail")).click()
    expect(ticket).to_be_visible()
    speaks(screen, language)
    screen.goto(f"{site}/kitchen/")
    ticket.get_by_role("button", name=say("Ready")).click()
    expect(screen.get_by_text(say("Nothing to cook"))).to_be_visible()
    speaks(screen, language)
    assert Order.objects.get(pk=order.pk).status == "ready"
