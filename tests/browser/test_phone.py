"""`/phone/`: from the start of a shift to the door, with scripts and without."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from delivery.ground import clock
from delivery.orders.models import Order
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer
from dispatch.models import Offer, Stop
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests.browser.phones import fetch, on_a_route, press
from tests.browser.shops import max_ as max_
from tests.browser.shops import shop as shop
from tests.browser.visitors import sign_in, wait_until_live


@pytest.fixture(params=["scripts", "plain"])
def phone(request: pytest.FixtureRequest, site: str, max_: Deliverer, plain: BrowserContext, page: Page) -> Page:
    screen = page if request.param == "scripts" else plain.new_page()
    screen.set_viewport_size({"width": 390, "height": 844})
    sign_in(screen.context, site, max_.account)
    return screen


def test_an_offer_is_accepted_and_carried_to_the_door(
    phone: Page, site: str, shop: Restaurant, max_: Deliverer
) -> None:
    order = fw.waiting_order(shop)
    Order.objects.filter(pk=order.pk).update(door_code="22A9", floor="4")
    fw.offer(max_, order)
    phone.goto(f"{site}/phone/")
    expect(phone.locator(".pay")).to_have_text("€4.00")
    expect(phone.locator("main")).to_contain_text("1.2 km")
    expect(phone.locator("main")).not_to_contain_text("22A9")
    phone.get_by_role("button", name="Accept").click()
    expect(phone.get_by_role("heading", name="Pizzeria")).to_be_visible()
    expect(phone.get_by_text("22A9").locator("visible=true")).to_have_count(0)
    press(phone, "Slide: I have arrived")
    press(phone, f"Slide: {order.number} picked up")
    expect(phone.get_by_role("heading", name="2 rue du Nord")).to_be_visible()
    expect(phone.get_by_text("22A9").locator("visible=true")).to_have_count(1)
    press(phone, "Slide: I have arrived")
    expect(phone.get_by_role("heading", name=f"Hand over {order.number}")).to_be_visible()
    phone.get_by_role("button", name="Delivered").click()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    expect(phone.locator("header")).to_contain_text("€4.00")
    order.refresh_from_db()
    assert order.status == "delivered"


def test_saying_no_is_free(phone: Page, site: str, shop: Restaurant, max_: Deliverer) -> None:
    offer = fw.offer(max_, fw.waiting_order(shop))
    phone.goto(f"{site}/phone/")
    phone.get_by_role("button", name="No, thank you").click()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    assert Offer.objects.get(pk=offer.pk).status == "declined"


def test_nobody_opens(phone: Page, site: str, shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    fetch(max_, order)
    phone.goto(f"{site}/phone/")
    press(phone, "Slide: I have arrived")
    phone.get_by_role("button", name="Nobody answers: start 5 min").click()
    expect(phone.get_by_text("Nobody answers. Ring, call, wait.")).to_be_visible()
    goes = phone.get_by_role("button", name="Nobody came: I take it with me")
    expect(goes).to_be_hidden()
    Stop.objects.filter(order=order).update(waiting_since=clock.now() - timedelta(minutes=6))
    phone.reload()
    goes.click()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("failed", "nobody")


def test_a_shift_ends_and_begins(phone: Page, site: str, max_: Deliverer) -> None:
    phone.goto(f"{site}/phone/")
    phone.get_by_role("button", name="Stop shift").click()
    phone.get_by_role("button", name="Start shift").click()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    assert max_.shifts.count() == 2


def test_still_there(phone: Page, site: str, max_: Deliverer) -> None:
    person = Deliverer.objects.get(pk=max_.pk)
    fw.pause(person)
    phone.goto(f"{site}/phone/")
    expect(phone.get_by_text("Still there?")).to_be_visible()
    phone.get_by_role("button", name="Yes, send me offers").click()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    person.refresh_from_db()
    assert person.offers_paused_at is None


def test_what_is_gone_is_told(phone: Page, site: str, max_: Deliverer) -> None:
    phone.goto(f"{site}/phone/")
    wait_until_live(phone)
    fleet.end_shift(deliverer_id=max_.pk, by="tests")
    phone.get_by_role("button", name="Stop shift").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.get_by_role("button", name="Start shift")).to_be_visible()
