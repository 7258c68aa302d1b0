"""The bell of the counter: started by a tap, honest when it is off, ringing on every tablet until one answers."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from delivery.devices.models import Device, DeviceState, Kind
from delivery.orders.models import Ring
from restaurants.models import Restaurant
from tests import world
from tests.browser.shops import shop as shop
from tests.browser.visitors import pair, start_shift, wait_until_live
from tests.ground_relay import carry_all


@pytest.fixture
def tablets(browser: Browser, browser_context_args: dict[str, Any], site: str, shop: Restaurant) -> Any:
    """Two tablets of one counter, each with a shift begun."""
    contexts = [browser.new_context(**browser_context_args) for _ in range(2)]
    pages = []
    for context in contexts:
        pair(context, site, shop, Kind.LOBBY)
        page = context.new_page()
        page.goto(f"{site}/lobby/")
        start_shift(page)
        wait_until_live(page)
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()


def expect_ringing(page: Page, is_ringing: bool) -> None:
    rings = page.locator("html[data-ringing]")
    expect(rings).to_have_count(1 if is_ringing else 0)


def until_rung(page: Page, times: int) -> None:
    for _ in range(200):
        if Ring.objects.count() == times:
            return
        page.wait_for_timeout(25)
    pytest.fail("no receipt came")


def test_two_tablets_ring_and_both_stop_when_one_answers(tablets: list[Page], shop: Restaurant) -> None:
    first, second = tablets
    order = world.order(shop)
    carry_all()
    for page in tablets:
        expect_ringing(page, True)
        expect(page.get_by_role("region", name="New order")).to_contain_text(order.number)
    until_rung(first, 2)
    devices = {f"device:{device.public_id}" for device in Device.objects.all()}
    assert set(Ring.objects.values_list("rung_by", flat=True)) == devices
    first.get_by_role("button", name="Accept", exact=True).click()
    expect_ringing(first, False)
    carry_all()
    expect_ringing(second, False)
    expect(second.locator("#work")).to_contain_text(order.number)


def test_quiet_for_a_minute_at_most(tablets: list[Page], shop: Restaurant) -> None:
    page, other = tablets
    page.clock.install()
    world.order(shop)
    carry_all()
    expect_ringing(page, True)
    page.get_by_role("button", name="Quiet for 60 s").click()
    expect_ringing(page, False)
    expect(page.get_by_role("article", name="New order")).to_be_visible()
    expect_ringing(other, True)  # a person there may still answer
    page.clock.fast_forward(61_000)
    expect_ringing(page, True)


def test_without_sound_the_tablet_says_so_in_red_and_the_server_knows(page: Page, site: str, shop: Restaurant) -> None:
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/lobby/")
    page.get_by_role("button", name="Without sound").click()
    expect(page.get_by_role("alert").filter(has_text="SOUND IS OFF")).to_be_visible()
    expect(page.get_by_text("Sound on", exact=True)).to_be_hidden()
    order = world.order(shop)
    carry_all()
    flash = page.get_by_role("region", name="New order")
    expect(flash).to_contain_text(order.number)
    expect_ringing(page, False)
    assert not Ring.objects.exists()
    assert DeviceState.objects.get().sound == "off"
    flash.get_by_role("button", name="Quiet for 60 s").click()
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("Sound on", exact=True)).to_be_visible()
    expect(page.get_by_text("SOUND IS OFF", exact=True)).to_be_hidden()
    for _ in range(200):
        if DeviceState.objects.get().sound == "on":
            break
        page.wait_for_timeout(25)
    assert DeviceState.objects.get().sound == "on"
