"""One order through every screen of a running platform, each in its own browser, none of them reloaded."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from printing.simulator.printer import Simulator
from printing.simulator.run import running
from tests.browser.demo import Demo
from tests.browser.visitors import start_shift
from tests.faults.copies import WholeCopy, wait_for

SHOP = "nonna-pia"
PAY = re.compile("^(Pay|Order,)")  # with its amount, where scripts know the tip


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A platform of its own, with the demonstration's data."""
    folder = Path(tempfile.mkdtemp(prefix="passeplat-"))
    platform = WholeCopy(folder)
    try:
        platform.start_and_wait("--demo-data")
        yield Demo(platform)
    finally:
        platform.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def printer(demo: Demo) -> Iterator[Simulator]:
    """The kitchen's printer, at a port that no other copy on this machine uses."""
    simulator = Simulator()
    with running(simulator):
        demo.plug_in(SHOP, simulator.port)
        yield simulator


@pytest.fixture
def screen(browser: Browser) -> Iterator[Any]:
    """Opens one more browser of its own."""
    contexts: list[BrowserContext] = []

    def open_screen(width: int, height: int, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB", **options)
        contexts.append(context)
        return context.new_page()

    yield open_screen
    for context in contexts:
        context.close()


def test_an_order_is_seen_by_everybody_until_it_is_at_the_door(demo: Demo, printer: Simulator, screen: Any) -> None:
    lobby = screen(1024, 768)
    demo.pair(lobby, "lobby")
    start_shift(lobby)
    kitchen = screen(1280, 800)
    demo.pair(kitchen, "kitchen")
    room = screen(1280, 800)
    demo.sign_in(room, "dispatcher", "/control-room/")
    phone = screen(390, 844, permissions=["geolocation"], geolocation=demo.place_of(SHOP))
    demo.sign_in_by_code(phone)
    phone.get_by_role("button", name="Start shift").click()
    customer = screen(390, 844)
    number = _order(demo, customer)

    new = lobby.get_by_role("region", name="New order")
    expect(new).to_contain_text(number)
    in_room = room.locator("#orders").get_by_role("row").filter(has_text=number)
    expect(in_room).to_contain_text("espera su respuesta")  # the dispatcher of La Serena speaks Spanish
    new.get_by_role("button", name="5 minutes less").click()
    new.get_by_role("button", name="Accept", exact=True).click()

    expect(customer.get_by_text("At your door between")).to_be_visible()
    expect(kitchen.get_by_text(number).first).to_be_visible()
    wait_for(lambda: len(printer.tickets) == demo.stations_of(number), lambda: str(printer.tickets))
    assert all(number in ticket.text and not ticket.marks for ticket in printer.tickets)

    lobby.get_by_role("article", name=f"Order {number}", exact=True).get_by_role("button", name="Ready").click()
    phone.get_by_role("button", name="Accept").click()
    phone.get_by_role("button", name="I have arrived").press("Enter")
    phone.get_by_role("button", name="picked up").press("Enter")
    phone.get_by_role("button", name="I have arrived").press("Enter")
    expect(customer.locator("[data-now]")).to_contain_text("On the way")
    phone.get_by_role("button", name="Delivered").click()

    expect(customer.get_by_role("heading", name="Enjoy your meal!")).to_be_visible()
    expect(in_room).to_have_count(0)
    office = screen(1280, 800)
    demo.sign_in(office, "owner", "/console/orders/")
    in_office = office.get_by_role("row").filter(has_text=number).first
    expect(in_office).to_contain_text("Nonna")
    in_office.get_by_role("link", name=number).click()
    expect(office.get_by_role("heading", level=1)).to_contain_text(number)
    told, _ = demo.platform.manage("explain", number).communicate(timeout=60)
    for fact in ("OrderPlaced", "OrderAccepted", "CookingStarted", "Print attempt", "OfferAccepted", "OrderDelivered"):
        assert fact in told


def _order(demo: Demo, customer: Page) -> str:
    """A guest orders two dishes; returns the number that the tracking page shows."""
    customer.goto(demo.url)
    customer.get_by_label("Street and number").press_sequentially("Balmaceda 400, La Serena")
    customer.get_by_role("option", name=re.compile("Centro, La Serena")).first.click()
    customer.get_by_role("button", name="Show restaurants").click()
    customer.get_by_role("link", name=re.compile("Nonna")).click()
    customer.get_by_role("button", name=re.compile("^Add Margherita")).click()
    customer.get_by_role("link", name="Check out").click()
    customer.get_by_label("Name").fill("Camila")
    customer.get_by_label("Phone number").fill("+56 9 1234 5678")
    customer.get_by_role("button", name=PAY).click()
    expect(customer.get_by_role("heading", name="The restaurant is reading your order")).to_be_visible()
    return demo.number_of(customer.url)
