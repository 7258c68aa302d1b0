"""The site answers a real browser, with and without scripts."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from delivery.devices.models import Device, Kind
from delivery.devices.services import create_pairing_code
from tests import world


@pytest.mark.parametrize("scripts", [True, False])
def test_a_code_pairs_the_browser(site: str, page: Page, plain: BrowserContext, scripts: bool) -> None:
    page = page if scripts else plain.new_page()
    code = create_pairing_code(kind=Kind.LOBBY, restaurant=world.restaurant(world.city()), by="tests")
    page.goto(f"{site}/lobby/pair/")
    page.get_by_label("Pairing code").fill(code)
    page.get_by_role("button", name="Pair this screen").click()
    expect(page).to_have_url(f"{site}/lobby/")
    assert Device.objects.count() == 1
