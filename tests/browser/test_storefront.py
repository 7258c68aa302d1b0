"""From an address to a placed order on a phone, with and without scripts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Geolocation, Page, expect

from delivery.ground import clock
from delivery.orders.models import Order
from delivery.payments.models import Tender
from restaurants import services as restaurants
from restaurants.models import Product, Restaurant
from tests import world
from tests.browser.axe import violations
from tests.browser.shops import shop as shop
from tests.browser.targets import too_small

PAY = re.compile("^(Pay|Order,)")  # with its amount, where scripts know the tip
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}}


@pytest.fixture(params=["scripts", "plain"])
def phone(request: pytest.FixtureRequest, page: Page, plain: BrowserContext) -> Page:
    return page if request.param == "scripts" else plain.new_page()


def give_address(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("Street and number").fill("2 rue du Nord")
    page.get_by_label("Part of the city").select_option(label="all")
    page.get_by_role("button", name="Show restaurants").click()


def choose(page: Page, site: str, shop: Restaurant) -> None:
    """An address, and a margherita in the basket."""
    give_address(page, site)
    page.get_by_role("link", name=re.compile(shop.name)).click()
    page.get_by_role("button", name="Add margherita").click()
    expect(page.locator("#basket")).to_contain_text("€12.40")


def fill_in(page: Page) -> None:
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Phone number").fill("+33 6 12 34 56 78")


def test_a_guest_orders(site: str, phone: Page, shop: Restaurant) -> None:
    choose(phone, site, shop)
    phone.get_by_role("button", name="One margherita more").click()
    expect(phone.locator("#basket")).to_contain_text("€21.90")
    phone.get_by_role("link", name="Check out").click()
    expect(phone.get_by_text("Prices held for")).to_be_visible()
    fill_in(phone)
    phone.get_by_label("Allergies").fill("Sesame")
    phone.get_by_label("10 %").check()
    phone.get_by_label("Cash at the door").check()
    phone.get_by_role("button", name=PAY).click()
    expect(phone.get_by_role("heading", name="The restaurant is reading your order")).to_be_visible()
    order = Order.objects.get()
    assert (order.total, order.tip, order.allergies, order.channel) == (2380, 190, "Sesame", "web")
    assert Tender.objects.get().kind == "cash"


def test_the_chosen_tip_is_in_the_total_before_paying(site: str, page: Page, shop: Restaurant) -> None:
    choose(page, site, shop)
    page.get_by_role("link", name="Check out").click()
    page.get_by_label("10 %").check()
    expect(page.locator("[data-show=total]")).to_have_text("€13.35")
    expect(page.locator("[data-show=tip]")).to_have_text("€0.95")


def test_two_quick_presses_are_one_order(site: str, page: Page, shop: Restaurant) -> None:
    choose(page, site, shop)
    page.get_by_role("link", name="Check out").click()
    fill_in(page)
    page.get_by_role("button", name=PAY).dblclick()
    expect(page).to_have_url(re.compile("/track/"))
    assert Order.objects.count() == 1
    assert Tender.objects.count() == 1


def test_going_back_and_paying_again_leads_to_the_same_order(site: str, phone: Page, shop: Restaurant) -> None:
    choose(phone, site, shop)
    phone.get_by_role("link", name="Check out").click()
    fill_in(phone)
    sent = phone.locator("[data-once]").evaluate("form => new URLSearchParams(new FormData(form)).toString()")
    phone.get_by_role("button", name=PAY).click()
    expect(phone).to_have_url(re.compile("/track/"))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{site}/checkout/"}
    again = phone.request.post(f"{site}/checkout/", data=sent, headers=headers)
    assert again.url == phone.url
    assert Order.objects.count() == 1


def test_a_price_written_into_the_page_changes_nothing(site: str, page: Page, shop: Restaurant) -> None:
    choose(page, site, shop)
    page.get_by_role("link", name="Check out").click()
    fill_in(page)
    page.evaluate(
        """() => {
            for (const name of ["total", "subtotal", "amount", "price", "expected_total"]) {
                const field = Object.assign(document.createElement("input"), { name, value: "1" });
                document.querySelector("[data-once]").append(field);
            }
            document.querySelector("[data-show=total]").textContent = "€0.01";
        }"""
    )
    page.get_by_role("button", name=PAY).click()
    expect(page).to_have_url(re.compile("/track/"))
    assert Order.objects.get().total == 1240


def test_a_wrong_number_is_said_beside_its_field(site: str, phone: Page, shop: Restaurant) -> None:
    choose(phone, site, shop)
    phone.get_by_role("link", name="Check out").click()
    phone.get_by_label("Name").fill("Ana")
    phone.get_by_label("Phone number").fill("0612")
    phone.get_by_role("button", name=PAY).click()
    field = phone.locator(".field", has=phone.get_by_label("Phone number"))
    expect(field).to_contain_text("This is not a phone number with its country code.")
    expect(phone.get_by_label("Name")).to_have_value("Ana")


def test_sold_out_is_found_in_the_basket_and_not_after_paying(site: str, phone: Page, shop: Restaurant) -> None:
    choose(phone, site, shop)
    phone.get_by_role("link", name="Check out").click()
    fill_in(phone)
    pizza = Product.objects.get(restaurant=shop, name="margherita")
    restaurants.mark_sold_out(product_id=pizza.pk, until=clock.now() + timedelta(hours=3), by="tests")
    phone.get_by_role("button", name=PAY).click()
    expect(phone.get_by_role("alert")).to_contain_text("Something in your basket is sold out")
    expect(phone.get_by_role("button", name="Add margherita")).to_have_count(0)
    phone.get_by_role("button", name="Take it out").click()
    expect(phone.locator("#basket")).to_contain_text("Nothing in it yet")
    assert not Order.objects.exists()


def test_a_closed_restaurant_says_so_and_takes_nothing(site: str, phone: Page) -> None:
    shop = world.pizzeria(opening_hours="off")
    give_address(phone, site)
    card = phone.get_by_role("link", name=re.compile(shop.name))
    expect(card).to_contain_text("Closed")
    card.click()
    expect(phone.get_by_role("heading", name="margherita")).to_be_visible()
    expect(phone.get_by_role("button", name="Add margherita")).to_have_count(0)


@pytest.mark.usefixtures("shop")
def test_the_position_of_the_device_decides_who_delivers(
    site: str, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    outside: Geolocation = {"latitude": 10.0, "longitude": 10.0}
    context = browser.new_context(**browser_context_args, geolocation=outside, permissions=["geolocation"])
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Street and number").fill("2 rue du Nord")
    page.get_by_role("button", name="Use my place").click()
    expect(page.get_by_text("We take your place.")).to_be_visible()
    page.get_by_role("button", name="Show restaurants").click()
    expect(page.get_by_text("Nobody delivers to this address yet.")).to_be_visible()
    context.set_geolocation({"latitude": 43.685, "longitude": 4.63})
    page.get_by_role("button", name="Use my place").click()
    expect(page.get_by_text("We take your place.")).to_be_visible()
    page.get_by_role("button", name="Show restaurants").click()
    expect(page.get_by_role("link", name=re.compile("Pizzeria"))).to_be_visible()
    expect(page.get_by_text("Reckoned from")).to_have_count(0)
    context.close()


def test_nothing_is_wider_than_a_phone_or_too_small_for_a_finger(site: str, page: Page, shop: Restaurant) -> None:
    choose(page, site, shop)
    for path in ("/", "/address/", "/restaurants/pizzeria/", "/checkout/", "/accounts/login/", "/accounts/signup/"):
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
        assert (too_small(page, 48), violations(page)) == ([], []), path
