"""`/kitchen/`: what to cook, by station, until it is ready; with scripts and without."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from delivery.devices.models import Kind
from restaurants.models import Restaurant
from tests import fleet_world, world
from tests.browser.shops import shop as shop
from tests.browser.visitors import pair, wait_until_live
from tests.ground_relay import carry_all


@pytest.fixture(params=["scripts", "plain"])
def kitchen(request: pytest.FixtureRequest, site: str, shop: Restaurant, plain: BrowserContext, page: Page) -> Page:
    screen = page if request.param == "scripts" else plain.new_page()
    pair(screen.context, site, shop, Kind.KITCHEN)
    return screen


def test_a_station_ticks_its_dishes_and_the_pass_closes_the_bag(kitchen: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop, "margherita", "cola", note="cut in eight")
    fleet_world.accept(order)
    kitchen.goto(f"{site}/kitchen/")
    kitchen.get_by_role("link", name="oven").click()
    place = kitchen.get_by_role("region", name=f"Order {order.number}")
    expect(place).to_contain_text("cut in eight")
    expect(place).to_contain_text("bar 1")
    expect(place).not_to_contain_text("cola")
    place.get_by_role("button", name="margherita").click()
    expect(place.get_by_role("button", name="margherita")).to_have_attribute("aria-pressed", "true")
    place.get_by_role("button", name="Done").click()
    expect(kitchen.get_by_text("Nothing to cook")).to_be_visible()
    assert "station=oven" in kitchen.url
    kitchen.get_by_role("link", name="bar").click()
    expect(place).to_contain_text("oven 1 · done")
    place.get_by_role("button", name="Done").click()
    kitchen.get_by_role("link", name="All", exact=True).click()
    expect(place).to_contain_text("ALL READY")
    place.get_by_role("button", name="Ready").click()
    expect(kitchen.get_by_text("Nothing to cook")).to_be_visible()
    order.refresh_from_db()
    assert order.status == "ready"


def test_what_was_pressed_away_is_recalled(kitchen: Page, site: str, shop: Restaurant) -> None:
    orders_ = [world.order(shop) for _ in range(2)]
    for order in orders_:
        fleet_world.accept(order)
    kitchen.goto(f"{site}/kitchen/?station=oven")
    first, second = (order.number for order in orders_)
    kitchen.get_by_role("region", name=f"Order {first}").get_by_role("button", name="Done").click()
    expect(kitchen.get_by_role("region", name=f"Order {first}")).to_have_count(0)
    kitchen.get_by_role("link", name="Recall").click()
    kitchen.get_by_role("button", name="Back on the rail").click()
    expect(kitchen.locator("#places")).to_contain_text(first)
    numbers = kitchen.locator("#places .bon__no").all_inner_texts()
    assert numbers == [first, second]


def test_a_cancelled_order_is_struck_through_until_the_cooks_have_seen_it(
    kitchen: Page, site: str, shop: Restaurant
) -> None:
    order = world.order(shop)
    fleet_world.accept(order)
    kitchen.goto(f"{site}/kitchen/?station=oven")
    wait_until_live(kitchen)
    fleet_world.cancel(order)
    kitchen.get_by_role("button", name="Done").click()
    expect(kitchen.locator("[data-refusal]")).to_be_visible()
    place = kitchen.get_by_role("region", name=f"Order {order.number}")
    expect(place).to_contain_text("CANCELLED")
    place.get_by_role("button", name="Seen: cancelled").click()
    expect(kitchen.get_by_text("Nothing to cook")).to_be_visible()


def test_orders_that_nobody_has_accepted_are_not_cooked(kitchen: Page, site: str, shop: Restaurant) -> None:
    world.order(shop)
    kitchen.goto(f"{site}/kitchen/")
    expect(kitchen.get_by_text("Nothing to cook")).to_be_visible()


def test_a_lobby_is_not_a_kitchen(page: Page, site: str, shop: Restaurant) -> None:
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/kitchen/")
    expect(page.get_by_label("Pairing code")).to_be_visible()


@pytest.fixture
def screens(
    browser: Browser, browser_context_args: dict[str, Any], site: str, shop: Restaurant
) -> Iterator[list[Page]]:
    """Two screens of one station."""
    contexts = [browser.new_context(**browser_context_args) for _ in range(2)]
    for context in contexts:
        pair(context, site, shop, Kind.KITCHEN)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_two_screens_of_a_station_agree(screens: list[Page], site: str, shop: Restaurant) -> None:
    order = world.order(shop, "margherita", "regina")
    fleet_world.accept(order)
    one, other = screens
    for page in screens:
        page.goto(f"{site}/kitchen/?station=oven")
        wait_until_live(page)
    one.get_by_role("button", name="regina").click()
    for page in screens:
        expect(page.get_by_role("button", name="regina")).to_have_attribute("aria-pressed", "true")
        carry_all()
    expect(other.locator("#to-make")).not_to_contain_text("regina")
    other.get_by_role("button", name="Done").click()
    for page in (other, one):
        expect(page.get_by_text("Nothing to cook")).to_be_visible()
        carry_all()


def test_places_stay_and_keys_press(page: Page, site: str, shop: Restaurant) -> None:
    placed = [world.order(shop) for _ in range(8)]
    for order in placed:
        fleet_world.accept(order)
    numbers = [order.number for order in placed]
    pair(page.context, site, shop, Kind.KITCHEN)
    page.goto(f"{site}/kitchen/?station=oven")
    wait_until_live(page)

    def hanging() -> dict[str, str]:
        shown = page.locator("#places .place:visible").all()
        return {str(each.get_attribute("data-at")): each.locator(".bon__no").inner_text() for each in shown}

    assert hanging() == {str(at + 1): numbers[at] for at in range(6)}
    expect(page.get_by_text("2 more")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_text("1 more")).to_be_visible()
    stayed = {"1": numbers[0], "3": numbers[2], "4": numbers[3], "5": numbers[4], "6": numbers[5]}
    assert hanging() == stayed | {"2": numbers[6]}  # the next one fills the hole, nothing else moves
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-chosen]")).to_contain_text(numbers[6])
    page.keyboard.press("b")
    expect(page.get_by_text(numbers[6])).to_have_count(0)
    assert hanging() == stayed | {"2": numbers[7]}
    page.keyboard.press("r")
    expect(page.get_by_role("region", name="Recall")).to_contain_text(numbers[1])
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Recall")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keys of the bump bar")


def test_the_size_of_the_text_stays(page: Page, site: str, shop: Restaurant) -> None:
    pair(page.context, site, shop, Kind.KITCHEN)
    page.goto(f"{site}/kitchen/")
    page.get_by_role("button", name="Text size").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-text", "large")
