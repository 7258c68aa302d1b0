"""The control room in other hands: French, a tablet, 200 %, keys only, and what axe finds."""

import pytest
from playwright.sync_api import Page, expect

from delivery.accounts.models import Account
from dispatch.fleet.models import Deliverer
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests.browser.axe import violations
from tests.browser.targets import too_small
from tests.browser.test_control_room import ana, ask, enter, room, shop
from tests.browser.zoom import broken_layout, zoomed

__all__ = ["ana", "room", "shop"]  # fixtures


@pytest.fixture
def evening(shop: Restaurant) -> Deliverer:
    """Two orders that wait, one of them in an alarm, and somebody who is free."""
    ask(shop, fw.waiting_order(shop))
    fw.waiting_order(shop)
    return fw.deliverer(shop.city, "max")


@pytest.mark.parametrize("light", [False, True], ids=["dark", "light"])
def test_axe_finds_nothing_wrong(room: Page, site: str, evening: Deliverer, light: bool) -> None:
    enter(room, site)
    if light:
        room.get_by_role("button", name="Light").click()
    room.keyboard.press("j")
    room.keyboard.press("o")
    expect(room.get_by_role("complementary", name="Details")).to_contain_text("Its life")
    assert violations(room) == []
    room.keyboard.press("a")
    expect(room.get_by_role("dialog")).to_contain_text("Max")
    assert violations(room) == []


def test_the_room_stays_as_this_browser_chose(room: Page, site: str, evening: Deliverer) -> None:
    enter(room, site)
    room.get_by_role("button", name="Light").click()
    room.reload()
    expect(room.locator("html")).to_have_attribute("data-room", "dining")


def test_it_speaks_french(room: Page, site: str, evening: Deliverer, ana: Account) -> None:
    Account.objects.filter(pk=ana.pk).update(language="fr")
    enter(room, site)
    expect(room.locator("html")).to_have_attribute("lang", "fr")
    expect(room.locator("#orders")).to_contain_text("Sans livreur")
    room.keyboard.press("j")
    expect(room.locator("#orders")).to_contain_text("Attribuer à Max")
    expect(room.get_by_role("button", name="Je m'en occupe").first).to_be_visible()


def test_a_tablet_has_room_for_fingers(room: Page, site: str, shop: Restaurant, evening: Deliverer) -> None:
    room.set_viewport_size({"width": 1180, "height": 820})
    enter(room, site)
    expect(room.locator("#orders .due").first).to_be_visible()
    expect(room.get_by_role("article").first).to_be_visible()
    assert broken_layout(room) == []


def test_at_200_percent_nothing_is_lost(room: Page, site: str, evening: Deliverer) -> None:
    enter(room, site)
    with zoomed(room):
        expect(room.locator("#orders .due").first).to_be_visible()
        assert broken_layout(room) == []


def test_targets_are_24_px_for_a_mouse(room: Page, site: str, evening: Deliverer) -> None:
    enter(room, site)
    assert too_small(room, 24) == []


def test_a_dead_line_is_said_and_what_was_done_counts_once(
    room: Page, site: str, shop: Restaurant, evening: Deliverer
) -> None:
    enter(room, site)
    room.keyboard.press("j")
    expect(room.locator("#orders")).to_contain_text("Assign Max")
    room.context.set_offline(True)
    room.keyboard.press("Enter")
    expect(room.get_by_text("Not sent yet.")).to_be_visible()
    room.context.set_offline(False)
    expect(room.locator("#toasts")).to_contain_text("given to Max", timeout=15_000)
    assert evening.routes.filter(status="assigned").count() == 1
