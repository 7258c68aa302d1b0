"""The tracking link on a phone: it moves by itself, it is honest about a lost connection, it needs no scripts."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from delivery.devices import actors
from delivery.orders import services as orders
from tests import world
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 390, "height": 844}}


def test_the_page_follows_its_order_without_being_touched(site: str, page: Page) -> None:
    order = world.order(world.pizzeria(), tip=100)
    page.goto(f"{site}/track/{order.tracking_token}/")
    expect(page.get_by_role("heading", name="The restaurant is reading your order")).to_be_visible()
    expect(page.get_by_text("€13.40", exact=True)).to_be_visible()
    orders.accept_order(order_id=order.pk, by="tests")
    expect(page.get_by_text("At your door between")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("listitem").filter(has_text="In the kitchen")).to_contain_text("now")
    expect(page.get_by_role("button", name="Call the order off")).to_have_count(0)
    orders.mark_ready(order_id=order.pk, by="tests")
    orders.pick_up_order(order_id=order.pk, by="tests")
    expect(page.get_by_role("listitem").filter(has_text="On the way to you")).to_contain_text("now", timeout=15_000)
    orders.deliver_order(order_id=order.pk, by="tests")
    expect(page.get_by_role("heading", name="Enjoy your meal!")).to_be_visible(timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_who_ordered_is_told_by_the_socket_and_asks_only_then(site: str, page: Page, context: BrowserContext) -> None:
    guest, cookie = actors.new_guest()
    context.add_cookies([{"name": actors.GUEST_COOKIE, "value": cookie, "url": site}])
    order = world.order(world.pizzeria(), by=guest)
    page.goto(f"{site}/track/{order.tracking_token}/")
    expect(page.locator("html")).to_have_attribute("data-link", "live", timeout=15_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    orders.accept_order(order_id=order.pk, by="tests")
    carry_all()
    expect(page.get_by_text("At your door between")).to_be_visible(timeout=15_000)
    assert len([url for url in asked if "/now/" in url]) == 1


def test_a_lost_connection_is_said_and_found_again(site: str, page: Page, context: BrowserContext) -> None:
    order = world.order(world.pizzeria())
    page.route("**/now/**", lambda route: route.fulfill(status=403))
    page.goto(f"{site}/track/{order.tracking_token}/")
    expect(page.get_by_text("No connection.")).to_be_visible(timeout=20_000)
    orders.accept_order(order_id=order.pk, by="tests")
    page.unroute("**/now/**")
    expect(page.get_by_text("At your door between")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("No connection.")).to_be_hidden()


def test_an_order_is_called_off_without_scripts(site: str, plain: BrowserContext) -> None:
    order = world.order(world.pizzeria())
    page = plain.new_page()
    page.goto(f"{site}/track/{order.tracking_token}/")
    page.get_by_role("button", name="Call the order off").click()
    expect(page.get_by_role("heading", name="This order was called off")).to_be_visible()
    expect(page.get_by_text("You pay nothing")).to_be_visible()
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_what_the_kitchen_began_meanwhile_is_said(site: str, plain: BrowserContext) -> None:
    order = world.order(world.pizzeria())
    page = plain.new_page()
    page.goto(f"{site}/track/{order.tracking_token}/")
    orders.accept_order(order_id=order.pk, by="tests")
    page.get_by_role("button", name="Call the order off").click()
    expect(page.get_by_role("alert")).to_contain_text("moved on meanwhile")
    expect(page.get_by_text("At your door between")).to_be_visible()
