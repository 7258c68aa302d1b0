"""Whole orders as people place them: in French on a phone, in Spanish at a desk, by keys alone, without scripts.

Each page on the way is clean for axe, big enough for fingers, and holds together at 200 %.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from delivery.cities.addresses import load_streets
from delivery.orders import services as orders
from delivery.orders.models import Order
from restaurants import services as restaurants
from restaurants.models import Product, Restaurant
from restaurants.options import NewGroup, NewOption
from tests import grid_town, world
from tests.browser.axe import violations
from tests.browser.targets import too_small
from tests.browser.zoom import broken_layout, zoomed
from tests.speech import english_in

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
CREDIT = "openstreetmap.org"  # stands in the corner of the map
SUGGESTED = "#suggestions [role=option]"
NARROWEST_PX = 320  # what WCAG 1.4.10 asks of a page without scrolling sideways
CHOICES = [
    NewGroup("Size", [NewOption("Small"), NewOption("Large", 250)], fewest=1, most=1),
    NewGroup("Extras", [NewOption("Olives", 100), NewOption("Egg", 120)], most=1),
]


def shop_with_choices(**tuning: Any) -> Restaurant:
    """A pizzeria in a town whose streets are known; its regina asks for a size."""
    shop = world.pizzeria(**tuning)
    load_streets(network=grid_town.grid(), cities=[shop.city])
    regina = Product.objects.get(restaurant=shop, name="regina")
    restaurants.add_choices(product_id=regina.pk, choices=CHOICES, by="tests")
    return shop


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def look_at(page: Page) -> None:
    """What holds for each page of the shop."""
    language = page.locator("html").get_attribute("lang") or ""
    if language != "en":
        assert english_in(page.content(), language) == [], page.url
    assert violations(page) == [], page.url
    assert [each for each in too_small(page, 48) if CREDIT not in each] == [], page.url
    width = (page.viewport_size or PHONE)["width"]
    with zoomed(page, min(2.0, width / NARROWEST_PX)):
        assert broken_layout(page) == [], page.url


def test_a_french_phone_orders_a_dish_with_choices(site: str, open_page: Any) -> None:
    shop_with_choices()
    page = open_page(viewport=PHONE, locale="fr-FR", has_touch=True)
    page.goto(site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Où livrer ?")
    look_at(page)
    page.get_by_label("Rue et numéro").press_sequentially("cordovez 250")
    page.get_by_role("option", name=re.compile("Gregorio Cordovez 250")).click()
    page.get_by_role("button", name="Voir les restaurants").click()
    expect(page.get_by_role("link", name=re.compile("Pizzeria"))).to_contain_text("2,90\xa0€")
    look_at(page)
    page.get_by_role("link", name=re.compile("Pizzeria")).click()
    look_at(page)
    page.get_by_role("link", name="Choisir regina").click()
    page.get_by_label(re.compile("Large")).check()
    page.get_by_label(re.compile("Egg")).check()
    expect(page.locator("[data-price]")).to_have_text("15,50\xa0€")
    expect(page.get_by_label(re.compile("Olives"))).to_be_disabled()
    look_at(page)
    page.get_by_role("button", name="Dans le panier").click()
    expect(page.locator("#basket")).to_contain_text("Large, Egg")
    look_at(page)
    page.locator("#basket a.btn--big").click()
    page.get_by_label("Nom").fill("<b>Ana</b>")
    page.get_by_label(re.compile("téléphone")).fill("12")
    page.locator("button.btn--big").click()
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    look_at(page)
    page.get_by_label(re.compile("téléphone")).fill("+33 6 12 34 56 78")
    expect(page.locator("button.btn--big")).to_contain_text("Payer 18,40\xa0€")
    page.locator("button.btn--big").click()
    expect(page).to_have_url(re.compile("/track/"))
    expect(page.locator("[data-map-state=open]")).to_be_visible(timeout=20_000)
    look_at(page)
    order = Order.objects.get()
    assert (order.total, order.language, order.lines.get().picked) == (1840, "fr", ["Large", "Egg"])


def test_a_spanish_desk_orders_in_pesos_for_later(site: str, open_page: Any) -> None:
    shop_with_choices(currency="CLP")
    page = open_page(viewport={"width": 1280, "height": 800}, locale="es-CL")
    page.goto(site)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator("input[name=line]").press_sequentially("cordovez 250")
    page.locator(SUGGESTED).first.click()
    page.locator("#address-form button.btn--big").click()
    page.get_by_role("link", name=re.compile("Pizzeria")).click()
    page.locator("article", has_text="margherita").get_by_role("button").click()
    expect(page.locator("#basket")).to_contain_text("$1.240")
    page.locator("#basket a.btn--big").click()
    page.locator("select[name=wanted_at]").select_option(index=8)
    page.locator("input[name=name]").fill("Camila")
    page.locator("input[name=phone]").fill("+56 9 1234 5678")
    page.get_by_label(re.compile("Efectivo")).check()
    expect(page.locator("button.btn--big")).to_contain_text("$1.240")
    look_at(page)
    page.locator("button.btn--big").click()
    expect(page).to_have_url(re.compile("/track/"))
    order = Order.objects.get()
    assert (order.total, order.currency, order.language, order.wanted_at is not None) == (1240, "CLP", "es", True)


def test_an_order_by_keys_alone(site: str, open_page: Any) -> None:
    shop_with_choices()
    page = open_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page.goto(site)
    _tab_to(page, "input[name=line]")
    page.keyboard.type("cordovez 250")
    expect(page.locator(SUGGESTED).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=line]")).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=line]")).to_have_value("Gregorio Cordovez 250")
    _tab_to(page, "#address-form button.btn--big")
    page.keyboard.press("Enter")
    _tab_to(page, "a.shop")
    page.keyboard.press("Enter")
    _tab_to(page, "article form button")
    page.keyboard.press("Enter")
    expect(page.locator("#basket")).to_contain_text("€12.40")
    _tab_to(page, "#basket a.btn--big")
    page.keyboard.press("Enter")
    _tab_to(page, "input[name=name]")
    page.keyboard.type("Ana")
    _tab_to(page, "input[name=phone]")
    page.keyboard.type("+33612345678")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/track/"))
    assert Order.objects.count() == 1


def test_a_dish_with_choices_is_ordered_without_scripts(site: str, plain: BrowserContext) -> None:
    shop_with_choices()
    page = plain.new_page()
    page.goto(site)
    page.get_by_label("Street and number").fill("del mar 310")
    page.get_by_role("button", name="Show restaurants").click()
    page.get_by_role("button", name=re.compile("Viña del Mar 310")).click()
    page.get_by_label("Restaurant or dish").fill("regi")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("Pizzeria")).click()
    page.get_by_role("link", name="Choose regina").click()
    page.get_by_role("button", name="Into the basket").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose 1")
    page.get_by_label("Small").check()
    page.get_by_role("button", name="Into the basket").click()
    page.locator("#basket a.btn--big").click()
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Phone number").fill("+33612345678")
    page.get_by_role("button", name="Pay and order").click()
    expect(page.get_by_role("heading", name="The restaurant is reading your order")).to_be_visible()
    assert Order.objects.get().lines.get().picked == ["Small"]


def test_who_comes_for_it_pays_no_delivery(site: str, open_page: Any) -> None:
    shop_with_choices()
    page = open_page(viewport=PHONE, locale="en-GB")
    _to_checkout(page, site)
    page.get_by_label("Name").fill("Ana")
    page.get_by_role("button", name="I collect it").click()
    expect(page.get_by_role("button", name="I collect it")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Name")).to_have_value("Ana")
    look_at(page)
    page.get_by_label("Phone number").fill("+33612345678")
    page.get_by_label("Cash at the counter").check()
    page.get_by_role("button", name="Order, €9.50 in cash").click()
    expect(page).to_have_url(re.compile("/track/"))
    order = Order.objects.get()
    assert (order.fulfilment, order.total, order.delivery_fee) == ("collection", 950, 0)
    orders.accept_order(order_id=order.pk, by="tests")
    page.reload()
    expect(page.get_by_text("Ready at the counter between")).to_be_visible()
    orders.mark_ready(order_id=order.pk, by="tests")
    page.reload()
    expect(page.get_by_role("heading", name="Ready: come and get it")).to_be_visible()
    look_at(page)
    orders.hand_over(order_id=order.pk, by="tests")
    page.reload()
    expect(page.get_by_role("heading", name="Enjoy your meal!")).to_be_visible()


def test_where_nobody_delivers_it_can_be_collected(site: str, plain: BrowserContext) -> None:
    world.pizzeria(minimum_order=5_000)
    page = plain.new_page()
    page.goto(f"{site}/restaurants/pizzeria/")
    page.get_by_role("button", name="Add margherita").click()
    page.goto(f"{site}/address/")
    page.get_by_label("Street and number").fill("2 rue du Nord")
    page.get_by_label("Part of the city").select_option(label="all")
    page.get_by_role("button", name="Show restaurants").click()
    page.goto(f"{site}/restaurants/pizzeria/")
    page.get_by_role("button", name="Collect it yourself").click()
    expect(page).to_have_url(re.compile("/checkout/"))
    expect(page.locator(".sums")).to_contain_text("€9.50")


def test_what_was_typed_outlives_a_look_at_the_menu(site: str, open_page: Any) -> None:
    shop_with_choices()
    page = open_page(viewport=PHONE, locale="en-GB")
    _to_checkout(page, site)
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Note for the kitchen").fill("Ring twice")
    page.get_by_role("link", name=re.compile("Back")).click()
    page.locator("#basket a.btn--big").click()
    expect(page.get_by_label("Name")).to_have_value("Ana")
    expect(page.get_by_label("Note for the kitchen")).to_have_value("Ring twice")


def test_two_tabs_are_one_order(site: str, open_page: Any) -> None:
    shop_with_choices()
    first = open_page(viewport=PHONE, locale="en-GB")
    _to_checkout(first, site)
    second = first.context.new_page()
    second.goto(f"{site}/checkout/")
    for page in (first, second):
        page.get_by_label("Name").fill("Ana")
        page.get_by_label("Phone number").fill("+33612345678")
        page.locator("button.btn--big").click()
        expect(page).to_have_url(re.compile("/track/"))
    assert first.url == second.url
    assert Order.objects.count() == 1


def _to_checkout(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("input[name=line]").press_sequentially("cordovez 250")
    page.locator(SUGGESTED).first.click()
    page.locator("#address-form button.btn--big").click()
    page.locator("a.shop").click()
    page.get_by_role("button", name="Add margherita").click()
    expect(page.locator("#basket")).to_contain_text("€12.40")
    page.locator("#basket a.btn--big").click()


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on the first element of the selector, at most 60 times."""
    expect(page.locator(selector).first).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === document.querySelector(wanted)", selector):
            return
    pytest.fail(f"no way by keys to {selector}")


def test_at_night_the_shop_is_the_kitchen_room(site: str, open_page: Any) -> None:
    shop_with_choices()
    page = open_page(viewport=PHONE, locale="en-GB", color_scheme="dark")
    _to_checkout(page, site)
    expect(page.locator("html")).to_have_attribute("data-room", "kitchen")
    look_at(page)
    page.goto(f"{site}/restaurants/pizzeria/")
    look_at(page)
