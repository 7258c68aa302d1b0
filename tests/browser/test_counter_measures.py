"""Lobby and kitchen on their tablets: fingers, axe, 200 %, French and Spanish, an empty hour and a full evening."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from delivery.devices.models import Kind
from delivery.ground import clock
from delivery.orders import services as orders
from delivery.orders.models import Order
from delivery.payments.models import Tender
from dispatch.services.stops import open_stops
from restaurants import services
from restaurants.models import Product, Restaurant
from restaurants.services import NewProduct
from tests import fleet_world, world
from tests.browser.axe import violations
from tests.browser.targets import too_small
from tests.browser.visitors import pair, start_shift, wait_until_live
from tests.browser.zoom import broken_layout, zoomed

FINGER = 64
LONG = "Très longue soupe de poissons de roche à la marseillaise"


@pytest.fixture
def shop() -> Restaurant:
    found = world.pizzeria()
    long = NewProduct(name=LONG, amount=1450, vat_rate_bp=1000, category="Plats", station="oven")
    services.add_products(restaurant_id=found.pk, products=[long], by="tests")
    return found


def a_full_evening(shop: Restaurant) -> None:
    """Late, hurried, ready, waited for, off paper, later, paused, busy and sold out, all at once."""
    now = clock.now()
    later = world.order(shop, wanted_at=now + timedelta(hours=3))
    orders.accept_order(order_id=later.pk, by="tests")
    made = [
        world.order(shop, "regina", LONG, allergies="no peanuts, please: an allergy, not a choice") for _ in range(6)
    ]
    for each, order in enumerate(made):
        fleet_world.accept(order, prep_time=timedelta(minutes=20 * each + 1))
    Order.objects.filter(pk=made[0].pk).update(ready_eta=now - timedelta(minutes=4))
    fleet_world.print_tickets(made[1])
    open_stops([made[2]])
    fleet_world.carried_by(made[2], arrived=True)
    orders.mark_ready(order_id=made[2].pk, by="tests")
    orders.mark_ready(order_id=made[3].pk, by="tests")
    Tender.objects.create(
        order=made[4], attempt_key="cash", provider="cash", kind="cash", amount=2450, currency="EUR", state="authorized"
    )
    fleet_world.cancel(made[5])
    services.mark_sold_out(product_id=Product.objects.get(name="cola").pk, until=now + timedelta(hours=4), by="system")
    services.be_busy(restaurant_id=shop.pk, extra=timedelta(minutes=15), duration=timedelta(hours=1), by="system")
    services.pause_restaurant(restaurant_id=shop.pk, duration=timedelta(hours=1), reason="not_answered", by="system")


def measure(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    found = [*too_small(page, FINGER), *broken_layout(page), *violations(page)]
    with zoomed(page):
        found += [each for each in broken_layout(page) if not each.startswith("cut")]
    assert found == [], "\n".join(found)


@pytest.fixture(params=["en", "fr", "es"])
def tablet(request: pytest.FixtureRequest, page: Page, site: str, shop: Restaurant) -> Page:
    """Paired as counter and kitchen, in each language."""
    pair(page.context, site, shop, Kind.LOBBY, Kind.KITCHEN, language=request.param)
    return page


def test_the_lobby_of_a_full_evening(tablet: Page, site: str, shop: Restaurant) -> None:
    a_full_evening(shop)
    tablet.goto(f"{site}/lobby/")
    wait_until_live(tablet)
    assert too_small(tablet, FINGER) == []
    tablet.locator("[data-unlock]:visible").click()
    measure(tablet)
    for drawer in ("sold-out", "busy", "pause"):
        tablet.locator(f"a[href*='open={drawer}']").click()
        expect(tablet.get_by_role("dialog")).to_be_visible()
        measure(tablet)
        tablet.keyboard.press("Escape")
    tablet.locator("#work .paper__no a").first.click()
    expect(tablet.get_by_role("dialog")).to_be_visible()
    measure(tablet)


def test_the_flash_of_a_new_order(tablet: Page, site: str, shop: Restaurant) -> None:
    first = world.order(shop, "regina", LONG, "cola", allergies="peanuts: my daughter, severe. Clean the board.")
    world.order(shop)
    tablet.goto(f"{site}/lobby/")
    wait_until_live(tablet)
    tablet.locator("[data-unlock]:visible").click()
    expect(tablet.locator("[data-flash]:visible")).to_contain_text(first.number)
    measure(tablet)
    for panel in ("out", "no"):
        tablet.locator(f"[data-flash]:visible details[id^={panel}-] summary").click()
        measure(tablet)


def test_the_kitchen_of_a_full_evening(tablet: Page, site: str, shop: Restaurant) -> None:
    a_full_evening(shop)
    for station in ("", "oven"):
        tablet.goto(f"{site}/kitchen/?station={station}")
        wait_until_live(tablet)
        measure(tablet)
    tablet.keyboard.press("r")
    expect(tablet.locator("#recall")).to_be_visible()
    measure(tablet)
    tablet.keyboard.press("Escape")
    tablet.keyboard.press("?")
    measure(tablet)


def lobby_is_whole(page: Page) -> None:
    """Nothing leaves the screen: lanes scroll, the page does not."""
    assert page.evaluate("document.documentElement.scrollHeight") == page.evaluate("innerHeight")
    assert broken_layout(page) == []


SIZES: list[ViewportSize] = [{"width": w, "height": h} for w, h in ((1280, 800), (1024, 768), (800, 1280))]


@pytest.mark.parametrize("number", [0, 1, 12, 40])
def test_the_layout_holds(page: Page, site: str, shop: Restaurant, number: int) -> None:
    for each in range(number):
        fleet_world.accept(
            world.order(shop, *(["regina", LONG] if each % 3 else [])), prep_time=timedelta(minutes=each + 1)
        )
    pair(page.context, site, shop, Kind.LOBBY, Kind.KITCHEN)
    for screen in ("lobby", "kitchen"):
        page.goto(f"{site}/{screen}/")
        wait_until_live(page)
        if screen == "lobby":
            start_shift(page)
            expect(page.locator("#count-work")).to_have_text(str(number))
        for size in SIZES:
            page.set_viewport_size(size)
            if screen == "lobby" and size["width"] > size["height"]:
                lobby_is_whole(page)
            assert (broken_layout(page), too_small(page, FINGER)) == ([], []), (screen, size)


def test_an_order_is_answered_by_keys_alone(page: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/lobby/")
    wait_until_live(page)
    page.keyboard.press("Tab")
    while page.evaluate("!document.activeElement.matches('.start__go')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".yes:focus")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="New order")).to_contain_text("20 min")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#work")).to_contain_text(order.number)
