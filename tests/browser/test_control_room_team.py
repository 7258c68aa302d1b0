"""The control room among colleagues and in their languages: presence, several orders at once, French and Spanish."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from dispatch.services.assign import assign_order
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.browser.test_control_room import ana, enter, holds, person, room, row_of, shop
from tests.browser.visitors import sign_in
from tests.ground_relay import carry_all

__all__ = ["ana", "room", "shop"]  # fixtures
SOON_MS = 40_000  # for what goes by feeds on a busy machine

FRENCH = {
    "lang": "fr",
    "unassigned": "Sans livreur",
    "who": "Qui la porte ?",
    "given": "donnée à Max",
    "taken": "reprise à Max",
    "undone": "Annulé :",
    "note": "Noter",
    "noted": "Noté",
    "keys": "Touches",
    "english": "English",
}
SPANISH = {
    "lang": "es",
    "unassigned": "Sin repartidor",
    "who": "¿Quién lo lleva?",
    "given": "dado a Max",
    "taken": "quitado a Max",
    "undone": "Deshecho:",
    "note": "Anotar",
    "noted": "Anotado",
    "keys": "Teclas",
    "english": "English",
}


@pytest.mark.parametrize("said", [FRENCH, SPANISH], ids=["fr", "es"])
def test_an_evening_by_keys_alone(room: Page, site: str, shop: Restaurant, ana: Account, said: dict[str, str]) -> None:
    Account.objects.filter(pk=ana.pk).update(language=said["lang"])
    order, max_ = fw.waiting_order(shop), fw.deliverer(shop.city, "max")
    enter(room, site)
    expect(room.locator("html")).to_have_attribute("lang", said["lang"])
    expect(room.locator("#orders")).to_contain_text(said["unassigned"])
    toasts, keys = room.locator("#toasts"), room.keyboard
    keys.press("j")
    keys.press("a")
    expect(room.get_by_role("dialog", name=said["who"])).to_be_visible()
    keys.type("max")
    keys.press("Enter")
    expect(toasts).to_contain_text(said["given"], timeout=SOON_MS)
    carry_all()
    expect(person(room, "Max")).to_contain_text(order.number, timeout=SOON_MS)
    keys.press("u")
    expect(toasts).to_contain_text(said["taken"], timeout=SOON_MS)
    keys.press("z")
    expect(toasts).to_contain_text(said["undone"], timeout=SOON_MS)
    assert holds(max_, order)
    keys.press("n")
    keys.type("La clé est au bar")
    keys.press("Tab")
    keys.press("Tab")
    expect(room.get_by_role("button", name=said["note"], exact=True)).to_be_focused()
    keys.press("Enter")
    expect(toasts).to_contain_text(said["noted"], timeout=SOON_MS)
    keys.press("?")
    expect(room.get_by_role("dialog", name=said["keys"])).to_be_visible()
    keys.press("Escape")
    room.locator(".tongue summary").focus()
    keys.press("Enter")
    keys.press("Tab")
    expect(room.get_by_role("button", name=said["english"])).to_be_focused()
    keys.press("Enter")
    expect(room.locator("html")).to_have_attribute("lang", "en", timeout=SOON_MS)


def test_several_orders_go_and_come_back_together(room: Page, site: str, shop: Restaurant) -> None:
    orders = [fw.waiting_order(shop), fw.waiting_order(shop)]
    max_ = fw.deliverer(shop.city, "max")
    enter(room, site)
    for _ in orders:
        room.keyboard.press("j")
        room.keyboard.press("x")
    expect(room.get_by_text("2 orders marked")).to_be_visible()
    room.keyboard.press("a")
    room.keyboard.type("max")
    room.keyboard.press("Enter")
    expect(room.locator("#toasts")).to_contain_text("2 orders given to Max", timeout=SOON_MS)
    assert holds(max_, *orders)
    carry_all()
    expect(person(room, "Max")).to_contain_text(orders[1].number, timeout=SOON_MS)
    room.keyboard.press("z")
    expect(room.locator("#toasts")).to_contain_text("Undone", timeout=SOON_MS)
    carry_all()
    expect(person(room, "Max")).not_to_contain_text(orders[0].number, timeout=SOON_MS)
    expect(person(room, "Max")).not_to_contain_text(orders[1].number, timeout=SOON_MS)
    assert holds(max_)
    room.keyboard.press("Escape")
    expect(room.get_by_text("orders marked")).to_be_hidden()


def test_colleagues_see_who_has_an_order_and_its_pane_follows_it(
    room: Page, site: str, shop: Restaurant, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    order, max_ = fw.waiting_order(shop), fw.deliverer(shop.city, "max")
    enter(room, site)
    room.keyboard.press("j")
    room.keyboard.press("o")
    pane = room.get_by_role("complementary", name="Details")
    expect(pane).to_contain_text("Its life")
    eva = world.account("eva")
    Membership.objects.create(city=shop.city, account=eva, role=Membership.Role.DISPATCHER)
    with browser.new_context(**browser_context_args) as other:
        sign_in(other, site, eva)
        theirs = other.new_page()
        enter(theirs, site)
        expect(row_of(theirs, order)).to_contain_text("Ana is at it", timeout=SOON_MS)
        expect(theirs.get_by_role("img", name="Ana is here too")).to_be_visible()
        expect(room.get_by_role("img", name="Eva is here too")).to_be_visible(timeout=SOON_MS)
    assign_order(order_id=order.pk, deliverer_id=max_.pk, by="tests")
    carry_all()
    expect(pane.get_by_role("button", name="Unassign")).to_be_visible(timeout=SOON_MS)
