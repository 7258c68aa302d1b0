"""What was just done can be taken back for eight seconds, with a finger and with keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from delivery.devices.models import Kind
from delivery.ground.errors import VersionConflict
from delivery.ground.forms import Undo
from delivery.orders.models import Order
from tests import world
from tests.browser.axe import violations
from tests.browser.parts import Screen
from tests.browser.targets import too_small
from tests.browser.visitors import pair, wait_until_live
from tests.faults.copies import wait_for

REFUSE = """
<div id="cards" data-part><article id="a1"><h2>A 224</h2>
<form method="post" action="/parts/refuse" data-hold="{seconds}" data-hold-text="A 224 is refused">
<input type="hidden" name="idempotency_key" value="k1">
<button class="btn" name="reason" value="busy">Too busy</button></form></article></div>"""
ACCEPT = """
<div id="cards" data-part><article id="a1"><h2>A 224</h2><form method="post" action="/parts/accept">
<button class="btn" data-optimistic="Accepted, saving">Accept, 20 min</button></form></article></div>"""


def screen(page: Page, site: str, body: str) -> Screen:
    return Screen(page, site, world.city(), body)


def refusing(page: Page, site: str, seconds: int = 2) -> Screen:
    return screen(page, site, REFUSE.format(seconds=seconds))


def test_an_act_without_a_way_back_waits_before_it_is_sent(page: Page, site: str) -> None:
    shown = refusing(page, site)
    page.get_by_role("button", name="Too busy").click()
    expect(page.get_by_text("A 224 is refused")).to_be_visible()
    expect(page.locator("#a1")).to_have_class(re.compile("is-saving"))
    assert shown.sent == []
    page.mouse.move(0, 0)
    expect(page.get_by_text("A 224 is refused")).to_be_hidden(timeout=6_000)
    expect(page.locator("#a1")).not_to_have_class(re.compile("is-saving"))
    assert shown.sent == ["refuse?idempotency_key=k1&reason=busy"]


@pytest.mark.parametrize("way", ["finger", "key", "tab"])
def test_undo_sends_nothing(page: Page, site: str, way: str) -> None:
    shown = refusing(page, site, seconds=4)
    page.get_by_role("button", name="Too busy").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    if way == "finger":
        undo.click()
    elif way == "key":
        page.keyboard.press("z")
    else:
        undo.focus()
        page.wait_for_timeout(5_000)  # a toast with the focus does not go away
        page.keyboard.press("Enter")
    expect(undo).to_be_hidden()
    expect(page.get_by_role("button", name="Too busy")).to_be_enabled()
    page.wait_for_timeout(4_500 if way == "key" else 200)
    assert shown.sent == []


def test_a_page_that_is_left_sends_at_once(page: Page, site: str) -> None:
    shop = world.pizzeria()
    order = world.order(shop)
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/lobby/")
    wait_until_live(page)
    page.evaluate("""() => {
      const form = document.querySelector("form[action*=reject]");
      Object.assign(form.dataset, { hold: "60", holdText: "Refused" });
      form.requestSubmit(form.querySelector("button"));
    }""")
    expect(page.locator("#toasts")).to_contain_text("Refused")
    order.refresh_from_db()
    assert order.status == "placed"
    page.goto(f"{site}/accounts/login/")
    wait_for(lambda: Order.objects.get(pk=order.pk).status == "rejected")


def test_a_page_draws_the_way_back_that_the_server_offers(page: Page, site: str) -> None:
    shown = screen(page, site, ACCEPT)
    shown.offer(Undo("A 224 given to Karim", "/parts/unassign", {"version": "7"}))
    page.get_by_role("button", name="Accept, 20 min").click()
    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("A 224 given to Karim")
    expect(toast.get_by_role("progressbar", name="Time left to undo")).to_be_visible()
    assert violations(page) == []
    assert too_small(page, 48) == []
    shown.offer(Undo("", ""))
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("A 224 given to Karim")).to_be_hidden()
    assert "version=7" in shown.sent[-1]
    assert shown.sent[-1].startswith("unassign?")


def test_what_is_promised_is_rolled_back_with_the_reason(page: Page, site: str) -> None:
    shown = screen(page, site, ACCEPT)
    shown.refuse(VersionConflict())
    shown.is_down = True
    button = page.locator("#a1 button")
    button.click()
    expect(button).to_have_text("Accepted, saving")
    expect(page.get_by_text("Not sent yet.")).to_be_visible()
    shown.is_down = False
    expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this meanwhile")
    expect(page.locator("#a1 button")).to_have_text("Accept, 20 min")
