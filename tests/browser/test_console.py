"""The office in a browser: an owner's day, a price that is changed, French, a tablet, the keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from delivery.orders import ledger
from delivery.orders import services as orders
from restaurants import services
from restaurants.models import Product, Restaurant
from tests import world
from tests.browser.axe import violations
from tests.browser.shops import shop as shop
from tests.browser.visitors import sign_in
from tests.ground_relay import carry_all

DESK: ViewportSize = {"width": 1440, "height": 900}
TABLET: ViewportSize = {"width": 820, "height": 1180}


def amount_of(name: str) -> int:
    return int(Product.objects.get(name=name).prices.order_by("-valid_from", "-pk")[0].amount)


@pytest.mark.parametrize("size", [DESK, TABLET], ids=["desk", "tablet"])
def test_a_day_of_an_owner(page: Page, site: str, shop: Restaurant, size: ViewportSize) -> None:
    placed = world.order(shop, "margherita", tip=100)
    page.set_viewport_size(size)
    sign_in(page.context, site, world.account("olga", is_owner=True))
    page.goto(f"{site}/console/")
    orders_today = page.locator("a.stat", has_text="Orders").locator(".stat__value")
    expect(orders_today).to_have_text("1")
    world.order(shop, "cola")
    expect(orders_today).to_have_text("2", timeout=15_000)  # without a reload
    assert violations(page) == []
    page.get_by_role("link", name="2 wait for an answer").click()
    page.get_by_role("link", name=placed.number).click()
    expect(page.get_by_text("Every cent has a place")).to_be_visible()
    assert violations(page) == []
    orders.accept_order(order_id=placed.pk, by="tests")
    page.reload()
    expect(page.get_by_text("Accepted, announced for")).to_be_visible()
    side = page.get_by_role("navigation", name="Console")
    for place, heading in (
        ("Money", "Statement"),
        ("Devices", "Devices"),
        ("Cities", "Pizzeria"),
        ("Orders", "Orders"),
    ):
        side.get_by_role("link", name=place).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))
        assert violations(page, without=("[data-map]",)) == [], place
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place


def test_a_boss_changes_a_price_and_sees_what_is_not_saved(page: Page, site: str, shop: Restaurant) -> None:
    pia = world.account("pia")
    services.give_role(restaurant=shop, account=pia, role="restaurateur")
    page.set_viewport_size(DESK)
    sign_in(page.context, site, pia)
    page.goto(f"{site}/console/menus/")
    cell = page.get_by_label("Price of margherita")
    expect(page.get_by_role("button", name="Publish version")).to_be_hidden()
    cell.fill("10.20")
    expect(page.get_by_text("was €9.50")).to_be_visible()
    expect(page.get_by_text("1 price not saved.")).to_be_visible()
    expect(page.locator("[data-preview]")).to_contain_text("€10.20")
    assert violations(page) == []
    services.change_price(product_id=Product.objects.get(name="margherita").pk, amount=999, by="tests")
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_text("now €9.99, changed by somebody else")).to_be_visible()
    assert amount_of("margherita") == 999
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_text("New prices: margherita")).to_be_visible()
    assert amount_of("margherita") == 1020


def test_prices_are_changed_with_the_keyboard_alone(page: Page, site: str, shop: Restaurant) -> None:
    page.set_viewport_size(DESK)
    sign_in(page.context, site, world.account("olga", is_owner=True))
    page.goto(f"{site}/console/menus/{shop.public_id}/")
    page.get_by_label("Price of margherita").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Price of regina")).to_be_focused()
    page.keyboard.type("12.50")
    page.keyboard.press("Enter")
    expect(page.get_by_text("New prices: regina")).to_be_visible()
    assert amount_of("regina") == 1250
    page.get_by_text("Change prices…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("By per cent, minus lowers")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("By per cent, minus lowers")).to_be_hidden()


def test_the_language_and_the_light_are_chosen_in_the_menu(page: Page, site: str, shop: Restaurant) -> None:
    page.set_viewport_size(DESK)
    sign_in(page.context, site, world.account("olga", is_owner=True))
    page.goto(f"{site}/console/")
    page.locator(".side__me summary").click()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd'hui")
    page.locator(".side__me summary").click()
    page.locator("[data-room-switch]").click()
    expect(page.locator("html")).to_have_attribute("data-room", "kitchen")
    assert violations(page) == []
    page.goto(f"{site}/console/restaurants/restaurant/")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    expect(page.get_by_role("navigation", name="Console")).to_be_visible()


def test_numbers_that_cannot_be_fetched_say_how_old_they_are(page: Page, site: str, shop: Restaurant) -> None:
    sign_in(page.context, site, world.account("olga", is_owner=True))
    page.clock.install()
    page.goto(f"{site}/console/")
    expect(page.locator("[data-fresh]")).to_be_visible()
    page.context.set_offline(True)
    page.clock.fast_forward(30_000)
    expect(page.get_by_text("Not live: the numbers are")).to_be_visible()
    page.context.set_offline(False)
    page.clock.fast_forward(6_000)
    expect(page.get_by_text("Not live: the numbers are")).to_be_hidden()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {wanted}")


@pytest.mark.parametrize(
    ("language", "list_of_orders", "all_is_well"),
    [("fr", "Commandes", "Chaque centime a sa place"), ("es", "Pedidos", "Cada centavo tiene su lugar")],
)
def test_money_goes_back_by_keys_alone(
    page: Page, site: str, shop: Restaurant, language: str, list_of_orders: str, all_is_well: str
) -> None:
    order = world.order(shop, "margherita")
    orders.accept_order(order_id=order.pk, by="tests")
    orders.pick_up_order(order_id=order.pk, by="tests")
    orders.deliver_order(order_id=order.pk, by="tests")
    carry_all()
    page.set_viewport_size(DESK)
    sign_in(page.context, site, world.account("sam", is_support=True, language=language))
    page.goto(f"{site}/console/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    tab_to(page, page.locator(".side__places a", has_text=list_of_orders))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(list_of_orders)
    tab_to(page, page.get_by_role("link", name=order.number))
    page.keyboard.press("Enter")
    expect(page.get_by_text(all_is_well)).to_be_visible()
    tab_to(page, page.locator("#refund-amount"))
    page.keyboard.press("Control+a")
    page.keyboard.type("3,00")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the restaurant bears it
    tab_to(page, page.locator("form[action$='/refund/'] button"))
    page.keyboard.press("Enter")
    expect(page.locator("#cents ~ div", has_text="3,00").first).to_be_visible()
    expect(page.get_by_text(all_is_well)).to_be_visible()
    assert ledger.refunded_so_far(order) == 300
    assert order.ledger.filter(kind=ledger.REFUNDED, borne_by="restaurant").exists()
    assert violations(page) == []
