"""What happens elsewhere appears on staff screens by itself, sooner than their poll would bring it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from delivery.devices.models import Kind
from delivery.orders import services as orders
from dispatch.fleet.models import Deliverer
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.browser.conftest import PATIENCE_MS
from tests.browser.shops import max_ as max_
from tests.browser.shops import shop as shop
from tests.browser.visitors import pair, sign_in, start_shift, wait_until_live
from tests.ground_relay import carry_all

SOONER_THAN_THE_POLL_MS = 12_000  # static/screen.js asks each 15 s anyway


@pytest.fixture(autouse=True)
def impatience() -> Iterator[None]:
    expect.set_options(timeout=SOONER_THAN_THE_POLL_MS)
    yield
    expect.set_options(timeout=PATIENCE_MS)


def test_the_lobby_sees_orders_come_change_and_go(page: Page, site: str, shop: Restaurant) -> None:
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/lobby/")
    start_shift(page)
    wait_until_live(page)
    order = world.order(shop)
    carry_all()
    expect(page.get_by_role("region", name="New order")).to_contain_text(order.number)
    fw.accept(order)
    carry_all()
    expect(page.get_by_text("Nothing to answer")).to_be_visible()
    expect(page.locator("#work")).to_contain_text(re.compile("Not on paper|Cooking|Hurry"))
    fw.cancel(order)
    carry_all()
    expect(page.get_by_text("Nothing is being made.")).to_be_visible()


def test_chosen_minutes_outlast_the_news(page: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/lobby/")
    start_shift(page)
    wait_until_live(page)
    flash = page.get_by_role("region", name="New order")
    for _ in range(3):
        flash.get_by_role("button", name="5 minutes more").click()
    another = world.order(shop, "regina")
    carry_all()
    expect(page.locator("#new")).to_contain_text(another.number)
    expect(flash).to_contain_text("1 more waits behind it")
    expect(flash).to_contain_text("30 min")
    flash.get_by_role("button", name="Accept", exact=True).click()
    expect(flash).to_contain_text(another.number)
    order.refresh_from_db()
    assert order.prep_time == timedelta(minutes=30)


def test_the_kitchen_sees_what_the_counter_has_taken(page: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    pair(page.context, site, shop, Kind.KITCHEN)
    page.goto(f"{site}/kitchen/")
    wait_until_live(page)
    fw.accept(order)
    carry_all()
    expect(page.locator("#places")).to_contain_text(order.number)
    orders.mark_ready(order_id=order.pk, by="tests")
    carry_all()
    expect(page.get_by_text("Nothing to cook")).to_be_visible()


def test_an_offer_comes_to_the_phone(page: Page, site: str, shop: Restaurant) -> None:
    max_ = fw.deliverer(shop.city, "max")
    sign_in(page.context, site, max_.account)
    page.goto(f"{site}/phone/")
    wait_until_live(page)
    fw.offer(max_, fw.waiting_order(shop))
    carry_all()
    expect(page.get_by_role("button", name="Accept")).to_be_visible()


def test_a_form_that_cannot_be_sent_is_sent_once_when_the_network_is_back(
    page: Page, site: str, shop: Restaurant
) -> None:
    order = world.order(shop)
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/lobby/")
    start_shift(page)
    wait_until_live(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("Not sent yet.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#work")).to_contain_text(order.number)
    expect(page.get_by_text("Not sent yet.")).to_be_hidden()
    order.refresh_from_db()
    assert order.version == 3


@pytest.mark.parametrize("screen", ["lobby", "kitchen", "phone"])
def test_a_dead_link_is_noticed_and_heals_without_a_reload(
    page: Page, site: str, shop: Restaurant, max_: Deliverer, screen: str
) -> None:
    """The network goes, the socket stays open; twelve seconds are what nobody may be left in the dark for."""
    if screen == "phone":
        sign_in(page.context, site, max_.account)
    else:
        pair(page.context, site, shop, Kind(screen))
    page.goto(f"{site}/{screen}/")
    wait_until_live(page)
    page.evaluate("window.isTheSamePage = true")
    page.context.set_offline(True)
    expect(page.locator("html")).to_have_attribute("data-link", "stale")
    expect(page.locator("[data-live-banner=offline]")).to_be_visible()
    order = fw.waiting_order(shop)
    fw.offer(max_, order)
    carry_all()
    page.context.set_offline(False)
    news = page.get_by_role("button", name="Accept") if screen == "phone" else page.get_by_text(order.number)
    expect(news.first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    expect(page.locator("[data-live-banner=offline]")).to_be_hidden()
    assert page.evaluate("window.isTheSamePage")
