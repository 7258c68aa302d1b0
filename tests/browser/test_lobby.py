"""`/lobby/`: a new order is seen, answered and carried on, with scripts and without."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from delivery.devices.actors import DEVICE_COOKIE
from delivery.devices.models import Kind
from delivery.ground import clock
from delivery.orders import services as orders
from delivery.orders.models import Order
from restaurants.models import Product, Restaurant
from tests import fleet_world, world
from tests.browser.shops import shop as shop
from tests.browser.visitors import pair, start_shift, wait_until_live


@pytest.fixture
def lobby(site: str, shop: Restaurant, page: Page) -> Page:
    pair(page.context, site, shop, Kind.LOBBY)
    return page


def begin(page: Page, site: str) -> None:
    page.goto(f"{site}/lobby/")
    start_shift(page)
    wait_until_live(page)


def status_of(order: Order) -> str:
    return str(Order.objects.get(pk=order.pk).status)


def test_an_order_is_accepted_with_its_minutes_and_made_ready(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop, "margherita", "cola", allergies="peanuts")
    begin(lobby, site)
    flash = lobby.get_by_role("region", name="New order")
    expect(flash).to_contain_text("peanuts")
    expect(flash).to_contain_text("15 min")
    flash.get_by_role("button", name="5 minutes more").click()
    expect(flash).to_contain_text("20 min")
    flash.get_by_role("button", name="Accept", exact=True).click()
    at_work = lobby.get_by_role("article", name=f"Order {order.number}", exact=True)
    expect(at_work).to_contain_text(re.compile("Cooking, (19|20) min"))
    at_work.get_by_role("button", name="Ready").click()
    expect(lobby.locator("#ready")).to_contain_text(order.number)
    assert status_of(order) == "ready"


def test_without_scripts_the_wall_says_and_takes_it_all(plain: BrowserContext, site: str, shop: Restaurant) -> None:
    page = plain.new_page()
    pair(plain, site, shop, Kind.LOBBY)
    order, refused = world.order(shop), world.order(shop, "regina")
    page.goto(f"{site}/lobby/")
    page.get_by_role("article", name=f"New order {order.number}").get_by_role("button", name="Accept, 15 min").click()
    expect(page.locator("#work")).to_contain_text(order.number)
    page.get_by_role("link", name="Look at it").click()
    expect(page.get_by_role("dialog")).to_contain_text("regina")
    page.get_by_role("button", name="Too busy").click()
    expect(page.get_by_text("Nothing to answer")).to_be_visible()
    assert (status_of(order), status_of(refused)) == ("preparing", "rejected")
    page.goto(f"{site}/lobby/?open=sold-out&q=cola")
    page.get_by_role("button", name="Sold out", exact=True).or_(page.locator(".choose summary")).first.click()
    page.get_by_role("button", name="Today").click()
    expect(page.locator("#dishes")).to_contain_text("comes back by itself")


def test_a_refusal_waits_eight_seconds_and_can_be_taken_back(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    begin(lobby, site)
    flash = lobby.get_by_role("region", name="New order")
    flash.get_by_text("Cannot take it").click()
    expect(flash.get_by_role("button", name="Accept with more time, 35 min")).to_be_visible()
    flash.get_by_role("button", name="Too busy").click()
    expect(flash).to_be_hidden()
    lobby.get_by_role("button", name="Undo").click()
    expect(flash).to_be_visible()
    assert status_of(order) == "placed"
    flash.get_by_text("Cannot take it").click()
    flash.get_by_role("button", name="Too busy").click()
    expect(flash).to_be_hidden()
    lobby.goto("about:blank")  # who leaves meant it
    for _ in range(100):
        if status_of(order) == "rejected":
            break
        lobby.wait_for_timeout(50)
    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("rejected", "busy")


def test_more_time_more_than_once(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    fleet_world.accept(order, prep_time=timedelta(minutes=42))
    begin(lobby, site)
    before = Order.objects.get(pk=order.pk).promised_until
    for minutes, due in ((10, "5[12]"), (5, "5[67]")):
        lobby.get_by_text("+ time").click()
        lobby.get_by_role("button", name=f"+ {minutes} min").click()
        expect(lobby.locator("#work")).to_contain_text(re.compile(f"Cooking, {due} min"))
    after = Order.objects.get(pk=order.pk).promised_until
    assert before is not None
    assert after is not None
    assert after - before == timedelta(minutes=15)


def test_what_was_cancelled_meanwhile_is_told_clearly(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    begin(lobby, site)
    lobby.context.set_offline(True)
    lobby.get_by_role("button", name="Accept", exact=True).click()
    expect(lobby.get_by_text("Not sent yet.")).to_be_visible()
    fleet_world.cancel(order)
    lobby.context.set_offline(False)
    expect(lobby.get_by_role("alert").filter(has_text="already cancelled: do not cook it")).to_be_visible()
    expect(lobby.get_by_text("Nothing to answer")).to_be_visible()


def test_what_somebody_else_answered_is_told_and_shown(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    begin(lobby, site)
    orders.accept_order(order_id=order.pk, by="tests")
    lobby.get_by_role("button", name="Accept", exact=True).click()
    expect(lobby.get_by_role("alert").filter(has_text="already answered")).to_be_visible()
    expect(lobby.locator("#work")).to_contain_text(order.number)


def test_an_answer_without_a_network_outlives_the_page(lobby: Page, site: str, shop: Restaurant) -> None:
    order, refused = world.order(shop), world.order(shop, "regina")
    begin(lobby, site)
    lobby.context.set_offline(True)
    flash = lobby.get_by_role("region", name="New order")
    flash.get_by_role("button", name="5 minutes more").click()
    flash.get_by_role("button", name="Accept", exact=True).click()
    expect(lobby.get_by_text("Not sent yet.")).to_be_visible()
    lobby.goto("about:blank")
    lobby.context.set_offline(False)
    assert status_of(order) == "placed"
    lobby.goto(f"{site}/lobby/")
    expect(lobby.locator("#work")).to_contain_text(order.number)
    order.refresh_from_db()
    assert (order.version, order.prep_time) == (3, timedelta(minutes=20))
    flash.get_by_text("Cannot take it").click()
    flash.get_by_role("button", name="Too busy").click()
    expect(flash).to_be_hidden()
    lobby.context.set_offline(True)
    lobby.goto("about:blank")  # in the eight seconds in which it could be taken back
    lobby.context.set_offline(False)
    lobby.goto(f"{site}/lobby/")
    expect(lobby.get_by_text("Nothing to answer")).to_be_visible()
    assert (status_of(refused), lobby.evaluate("localStorage.length")) == ("rejected", 0)


def test_an_answer_of_somebody_who_was_signed_out_waits_for_the_door(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    begin(lobby, site)
    lobby.context.clear_cookies(name=DEVICE_COOKIE)
    lobby.get_by_role("button", name="Accept", exact=True).click()
    expect(lobby).to_have_url(re.compile("/lobby/pair/"))
    assert status_of(order) == "placed"
    pair(lobby.context, site, shop, Kind.LOBBY)
    lobby.goto(f"{site}/lobby/")
    expect(lobby.locator("#work")).to_contain_text(order.number)


def test_a_form_sent_twice_works_once(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop)
    begin(lobby, site)
    lobby.get_by_role("button", name="Accept", exact=True).dblclick()
    expect(lobby.locator("#work")).to_contain_text(order.number)
    expect(lobby.locator("[data-refusal]")).to_have_count(0)


def test_sold_out_is_found_said_until_when_by_whom_and_taken_back(lobby: Page, site: str, shop: Restaurant) -> None:
    begin(lobby, site)
    lobby.get_by_role("link", name="Sold out").click()
    dishes = lobby.get_by_role("group", name="Dishes")
    lobby.get_by_label("Find a dish or an ingredient").fill("col")
    expect(dishes.get_by_text("margherita")).to_be_hidden()
    cola = Product.objects.get(name="cola")
    lobby.locator(f"#choose-{cola.public_id} summary").click()
    dishes.get_by_role("button", name="4 hours").click()
    expect(dishes).to_contain_text("comes back by itself")
    expect(dishes).to_contain_text("Screen, ")
    expect(lobby.locator("#count-out")).to_have_text("1")
    cola.refresh_from_db()
    assert cola.sold_out_until is not None
    assert timedelta(hours=3, minutes=59) < cola.sold_out_until - clock.now() < timedelta(hours=4)
    lobby.get_by_role("button", name="Undo").click()
    expect(lobby.locator("#count-out")).to_have_text("0")
    cola.refresh_from_db()
    assert cola.sold_out_until is None
    lobby.keyboard.press("Escape")
    expect(lobby.get_by_role("dialog")).to_have_count(0)


def test_busy_and_pause_have_an_end_and_a_way_back(lobby: Page, site: str, shop: Restaurant) -> None:
    begin(lobby, site)
    lobby.get_by_role("link", name="Busy").click()
    lobby.get_by_role("button", name="+ 15 min").click()
    expect(lobby.locator("#pace")).to_contain_text("Busy: 15 min more for new orders until")
    lobby.get_by_role("link", name="Close").click()
    lobby.get_by_role("link", name="Pause").click()
    lobby.get_by_role("button", name="30 min").click()
    expect(lobby.locator("#pace")).to_contain_text("Customers cannot order here now. By Screen.")
    lobby.get_by_role("link", name="Close").click()
    lobby.get_by_role("button", name="Resume").click()
    expect(lobby.locator("#pace")).not_to_contain_text("Paused")
    lobby.get_by_role("button", name="Usual time again").click()
    expect(lobby.locator("#pace")).not_to_contain_text("Busy")


def test_a_ticket_that_is_not_on_paper_is_shown(lobby: Page, site: str, shop: Restaurant) -> None:
    order = world.order(shop, "margherita", allergies="peanuts", note="cut in eight")
    fleet_world.accept(order)
    fleet_world.print_tickets(order)
    begin(lobby, site)
    card = lobby.get_by_role("article", name=f"Order {order.number}", exact=True)
    expect(card).to_contain_text("Not on paper: no printer for oven")
    card.get_by_role("link", name="Show").click()
    slip = lobby.locator("#slip-1")
    for words in (order.number, "1margherita", "peanuts", "cut in eight"):
        expect(slip).to_contain_text(words)
    lobby.get_by_role("button", name="Print again").last.click()
    expect(lobby.locator(".refusal").first).to_contain_text("printer")


def test_who_comes_for_it_and_that_they_wait(lobby: Page, site: str, shop: Restaurant) -> None:
    order = fleet_world.waiting_order(shop)
    fleet_world.carried_by(order, arrived=True)
    begin(lobby, site)
    card = lobby.get_by_role("article", name=f"Order {order.number}", exact=True)
    expect(card).to_contain_text("Max is waiting here")
    expect(card).to_contain_text("since")


def test_another_restaurant_sees_nothing(lobby: Page, site: str) -> None:
    order = world.order(world.pizzeria("kumo"))
    begin(lobby, site)
    expect(lobby.get_by_text("Nothing to answer")).to_be_visible()
    expect(lobby.locator("body")).not_to_contain_text(order.customer_name)


def test_a_stranger_is_led_to_the_pairing_page(page: Page, site: str, shop: Restaurant) -> None:
    page.goto(f"{site}/lobby/")
    expect(page).to_have_url(re.compile("/lobby/pair/"))
