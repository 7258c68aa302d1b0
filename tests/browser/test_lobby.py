"""`/lobby/`: a new order is seen, answered and carried on, with scripts and without."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from delivery.devices.models import Kind
from delivery.orders import services as orders
from delivery.orders.models import Order
from restaurants.models import Restaurant
from tests import world
from tests.browser.visitors import pair, wait_until_live


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture(params=["scripts", "plain"])
def lobby(request: pytest.FixtureRequest, site: str, shop: Restaurant, plain: BrowserContext, page: Page) -> Page:
    screen = page if request.param == "scripts" else plain.new_page()
    pair(screen.context, site, shop, Kind.LOBBY)
    return screen


def status_of(order: Order) -> str:
    return str(Order.objects.get(pk=order.pk).status)


def test_an_order_is_accepted_with_minutes_and_made_ready(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop, "margherita", "cola", allergies="peanuts")
    lobby.goto(f"{site}/lobby/")
    card = lobby.get_by_role("article", name=f"New order {order.number}")
    expect(card).to_contain_text("peanuts")
    card.get_by_role("button", name="20 min").click()
    at_work = lobby.get_by_role("article", name=f"Order {order.number}", exact=True)
    expect(at_work).to_contain_text(re.compile("Cooking, (19|20) min"))
    at_work.get_by_role("button", name="Ready").click()
    expect(lobby.locator("#ready")).to_contain_text(order.number)
    assert status_of(order) == "ready"


def test_an_order_is_refused_with_a_reason(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    lobby.goto(f"{site}/lobby/")
    lobby.get_by_text("Other time, or cannot take it").click()
    lobby.get_by_role("button", name="Too busy").click()
    expect(lobby.get_by_text("Nobody waits for an answer.")).to_be_visible()
    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("rejected", "busy")


def test_a_time_of_ones_own_and_more_of_it(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    lobby.goto(f"{site}/lobby/")
    lobby.get_by_text("Other time, or cannot take it").click()
    lobby.get_by_label("Minutes").fill("42")
    lobby.get_by_role("button", name="Accept", exact=True).click()
    expect(lobby.locator("#work")).to_contain_text(re.compile("Cooking, 4[12] min"))
    lobby.get_by_role("button", name="+ 10 min").click()
    expect(lobby.locator("#work")).to_contain_text(re.compile("Cooking, 5[12] min"))
    order.refresh_from_db()
    assert order.version == 4


def test_what_somebody_else_answered_is_told_and_shown(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    lobby.goto(f"{site}/lobby/")
    wait_until_live(lobby)
    orders.accept_order(order_id=order.pk, by="tests")
    lobby.get_by_role("button", name="15 min").click()
    expect(lobby.get_by_role("alert")).to_contain_text("Somebody else changed this meanwhile")
    expect(lobby.locator("#work")).to_contain_text(order.number)


def test_a_form_sent_twice_works_once(site: str, shop: Restaurant, page: Page) -> None:
    order = world.order(shop)
    pair(page.context, site, shop, Kind.LOBBY)
    page.goto(f"{site}/lobby/")
    page.get_by_role("button", name="15 min").dblclick()
    expect(page.locator("#work")).to_contain_text(order.number)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_another_restaurant_sees_nothing(lobby: Page, site: str) -> None:
    order = world.order(world.pizzeria("kumo"))
    lobby.goto(f"{site}/lobby/")
    expect(lobby.get_by_text("Nobody waits for an answer.")).to_be_visible()
    expect(lobby.locator("body")).not_to_contain_text(order.customer_name)


def test_a_stranger_is_led_to_the_pairing_page(page: Page, site: str, shop: Restaurant) -> None:
    page.goto(f"{site}/lobby/")
    expect(page).to_have_url(re.compile("/lobby/pair/"))
