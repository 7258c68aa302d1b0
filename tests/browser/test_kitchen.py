"""`/kitchen/`: what to cook, by station, until it is ready; with scripts and without."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from delivery.devices.models import Kind
from restaurants.models import Restaurant
from tests import fleet_world, world
from tests.browser.visitors import pair, wait_until_live


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture(params=["scripts", "plain"])
def kitchen(request: pytest.FixtureRequest, site: str, shop: Restaurant, plain: BrowserContext, page: Page) -> Page:
    screen = page if request.param == "scripts" else plain.new_page()
    pair(screen.context, site, shop, Kind.KITCHEN)
    return screen


def test_a_station_sees_its_dishes_and_says_ready(kitchen: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop, "margherita", "cola", note="cut in eight")
    fleet_world.accept(order)
    kitchen.goto(f"{site}/kitchen/")
    kitchen.get_by_role("link", name="oven").click()
    place = kitchen.get_by_role("region", name=f"Order {order.number}")
    expect(place).to_contain_text("margherita")
    expect(place).to_contain_text("cut in eight")
    expect(place).to_contain_text("bar")
    expect(place).not_to_contain_text("cola")
    place.get_by_role("button", name="Ready").click()
    expect(kitchen.get_by_text("Nothing to cook")).to_be_visible()
    assert "station=oven" in kitchen.url
    order.refresh_from_db()
    assert order.status == "ready"


def test_what_is_gone_meanwhile_is_told(kitchen: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    fleet_world.accept(order)
    kitchen.goto(f"{site}/kitchen/")
    wait_until_live(kitchen)
    fleet_world.cancel(order)
    kitchen.get_by_role("button", name="Ready").click()
    expect(kitchen.get_by_role("alert")).to_contain_text("Somebody else changed this meanwhile")
    expect(kitchen.get_by_text("Nothing to cook")).to_be_visible()


def test_orders_that_nobody_has_accepted_are_not_cooked(kitchen: Page, site: str, shop: Restaurant) -> None:
    world.order(shop)
    kitchen.goto(f"{site}/kitchen/")
    expect(kitchen.get_by_text("Nothing to cook")).to_be_visible()


def test_a_lobby_is_not_a_kitchen(page: Page, site: str, shop: Restaurant) -> None:
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/kitchen/")
    expect(page.get_by_label("Pairing code")).to_be_visible()
