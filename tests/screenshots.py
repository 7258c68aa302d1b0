"""`make screenshots`: the pictures of docs/screenshots, taken from a running platform with the demonstration's data.

Three evenings in one: nobody is there, then the house is full, then something is broken. Every picture is looked at
by a person before it is committed.
"""

import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from delivery.env import BASE_DIR
from printing.simulator.printer import Simulator
from printing.simulator.run import running
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.demo import Demo
from tests.faults.copies import WholeCopy, wait_for

FOLDER = BASE_DIR / "docs" / "screenshots"
SHOP = "nonna-pia"
PHONE, TABLET, DESK, WALL = (390, 844), (1280, 800), (1440, 900), (1920, 1080)
PATIENCE_MS = 30_000
SETTLED_MS, MAP_SETTLED_MS = 1_500, 6_000  # a map is drawn without a GPU here
DEAD_LINK_MS = 13_000  # until a screen says that its link is dead
GUESTS = ("Camila", "Matías", "Fernanda", "Diego", "Valentina", "Ignacio", "Antonia", "Sebastián")
STREETS = ("Calle Brasil", "Calle Cienfuegos", "Calle Colón", "Avenida Balmaceda", "Calle Prat", "Calle Infante")
GOLDEN_ANGLE = math.tau * 0.381966
ALLERGIES = ("", "", "peanuts", "", "", "no milk, please: allergy, not a choice", "", "")


class Evening:
    """One platform, its browsers and what guests and staff do while pictures are taken."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        self.demo, self.browser = demo, browser
        self.contexts = ExitStack()

    def page(self, size: tuple[int, int], language: str = "en-GB", **options: Any) -> Page:
        """A browser of its own."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.callback(context.close)
        return context.new_page()

    def call(self, role: str, path: str, **body: Any) -> dict[str, Any]:
        """One write over the API; raises RuntimeError with what a refusal says."""
        answer = self._post(self.demo.login(role)["token"], path, **body)
        said: dict[str, Any] = answer.json()
        return said

    def _post(self, token: str, path: str, **body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        answer = httpx.post(f"{self.demo.url}/api/v1{path}", json=body, headers=headers, timeout=30)
        if answer.is_error:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")
        return answer

    def order(self, number: int) -> dict[str, Any]:
        """A guest's order at the shop: two dishes, to a door nearby."""
        place = self.demo.place_of(SHOP)
        bend = GOLDEN_ANGLE * number  # spreads doors and deliverers without a pattern
        lat, lon = place["latitude"] + 0.004 * math.sin(bend), place["longitude"] + 0.005 * math.cos(bend)
        dishes = self._dishes()
        return self.call(
            "customer",
            "/orders",
            restaurant=self._shop["id"],
            lines=[{"product": dishes[(number + turn) % len(dishes)], "quantity": 2} for turn in range(2)],
            address={
                "line": f"{STREETS[number % len(STREETS)]} {400 + 12 * number}",
                "lat": lat,
                "lon": lon,
                "floor": "3",
                "door": "B",
            },
            customer={"name": GUESTS[number % len(GUESTS)], "phone": "+56912345678"},
            allergies=ALLERGIES[number % len(ALLERGIES)],
        )

    def staff_the_streets(self) -> None:
        """Every deliverer of the city but the first goes on shift somewhere around the shop."""
        place = self.demo.place_of(SHOP)
        for number, token in enumerate(self.demo.tokens("deliverer", city=self.demo.login("lobby")["city"])[1:]):
            bend = GOLDEN_ANGLE * (number + 3)
            away = 0.004 + 0.0012 * number
            self._post(token, "/shifts/start")
            lat, lon = place["latitude"] + away * math.sin(bend) * 0.6, place["longitude"] + away * math.cos(bend)
            self._post(token, "/positions", lat=lat, lon=lon, at=datetime.now(UTC).isoformat())

    def accept(self, order: dict[str, Any], minutes: int) -> None:
        self.call("lobby", f"/orders/{order['id']}/accept", prep_minutes=minutes)

    def _dishes(self) -> list[str]:
        """Dishes that ask nothing, in the order of the menu."""
        menu = httpx.get(f"{self.demo.url}/api/v1/restaurants/{self._shop['id']}/menu", timeout=30).json()
        products = [product for category in menu["categories"] for product in category["products"]]
        return [product["id"] for product in products if not product["choices"]]

    @property
    def _shop(self) -> dict[str, Any]:
        place = self.demo.place_of(SHOP)
        where = {"lat": place["latitude"], "lon": place["longitude"]}
        headers = {"Authorization": f"Bearer {self.demo.login('customer')['token']}"}
        found = httpx.get(f"{self.demo.url}/api/v1/restaurants", params=where, headers=headers, timeout=30).json()
        return next(shop for shop in found["restaurants"] if shop["name"] == self.demo.login("lobby")["name"])


def picture(page: Page, name: str) -> None:
    """Save what the page shows when its fonts, tiles and first live rows are there."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(MAP_SETTLED_MS if page.locator("canvas").count() else SETTLED_MS)
    Image.open(BytesIO(page.screenshot())).convert("RGB").save(FOLDER / f"{name}.png", optimize=True)
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


def customers(evening: Evening) -> str:
    """From the first visit to the wait; returns the path of the tracking page."""
    demo = evening.demo
    phone, desk = evening.page(PHONE), evening.page(DESK)
    french, spanish = evening.page(PHONE, "fr-FR"), evening.page(DESK, "es-CL")
    phone.goto(demo.url)
    picture(phone, "storefront-phone-welcome")
    for page, name in (
        (phone, "storefront-phone"),
        (desk, "storefront-desktop"),
        (french, "storefront-phone-fr"),
        (spanish, "storefront-desktop-es"),
    ):
        _choose_door(page, demo)
        picture(page, name)
    for page, name in ((phone, "menu-phone"), (desk, "menu-desktop"), (french, "menu-phone-fr")):
        page.goto(f"{demo.url}/restaurants/{SHOP}/")
        for number in (1, 2):
            page.locator("[data-basket] button[name=quantity]").nth(number).click()
            page.wait_for_load_state()
        picture(page, name)
        page.goto(f"{demo.url}/checkout/")
        picture(page, name.replace("menu", "checkout"))
    order = evening.order(0)
    evening.accept(order, 15)
    phone.goto(demo.url + order["tracking_url"].removeprefix(demo.url))
    picture(phone, "tracking-phone-cooking")
    return phone.url


def _choose_door(page: Page, demo: Demo) -> None:
    page.goto(demo.url)
    page.locator("#id_line").press_sequentially("Balmaceda 400, La Serena")
    page.locator("#suggestions [role=option]").first.click()
    page.locator("#address-form button.btn--main").click()
    page.locator(f"a[href*='/restaurants/{SHOP}/']").first.wait_for()


def counter(evening: Evening) -> tuple[Page, Page]:
    """Lobby and kitchen, empty, then full; returns them."""
    demo = evening.demo
    lobby, kitchen = evening.page(TABLET), evening.page(TABLET)
    demo.pair(lobby, "lobby")
    picture(lobby, "lobby-tablet-before-shift")
    lobby.locator("[data-start] [data-unlock]").click()
    demo.pair(kitchen, "kitchen")
    picture(kitchen, "kitchen-tablet-cooking")
    waiting = [evening.order(number) for number in range(1, 8)]
    picture(lobby, "lobby-tablet-rings")
    for number, order in enumerate(waiting[:-1]):
        evening.accept(order, 10 + 5 * (number % 3))
    evening.call("lobby", f"/orders/{waiting[0]['id']}/ready")
    evening.accept(waiting[-1], 20)
    picture(lobby, "lobby-tablet-busy")
    picture(kitchen, "kitchen-tablet-busy")
    return lobby, kitchen


def roads(evening: Evening, tracking: str) -> Page:
    """The deliverer's evening; returns the phone."""
    demo = evening.demo
    phone = evening.page(PHONE, permissions=["geolocation"], geolocation=demo.place_of(SHOP))
    demo.sign_in_by_code(phone)
    picture(phone, "phone-before-shift")
    phone.get_by_role("button", name="Start shift").click()
    accept = phone.get_by_role("button", name="Accept")
    accept.wait_for()
    picture(phone, "phone-offer")
    accept.click()
    phone.get_by_role("button", name="I have arrived").wait_for()
    picture(phone, "phone-route")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="I have arrived").press("Enter")
    phone.wait_for_timeout(DEAD_LINK_MS)
    picture(phone, "phone-offline")
    phone.context.set_offline(False)
    customer = evening.page(PHONE)
    customer.goto(tracking)
    picture(customer, "tracking-phone")
    return phone


def offices(evening: Evening) -> Page:
    """Dispatcher, owner and restaurateur; returns the control room."""
    demo = evening.demo
    evening.staff_the_streets()
    room = evening.page(WALL)
    demo.sign_in(room, "dispatcher", "/control-room/")
    picture(room, "control-room-busy")
    office = evening.page(DESK)
    demo.sign_in(office, "owner", "/console/")
    picture(office, "console-today")
    office.goto(f"{demo.url}/console/orders/")
    picture(office, "console-orders")
    office.locator("main a[href*='/console/orders/']").first.click()
    picture(office, "console-order")
    office.goto(f"{demo.url}/console/menus/")
    office.locator("main a[href*='/console/menus/']").first.click()
    picture(office, "console-menu")
    office.goto(f"{demo.url}/console/money/")
    picture(office, "console-money")
    return room


def breakage(evening: Evening, lobby: Page, kitchen: Page, room: Page) -> None:
    """Printers are off and the tablet has lost its network."""
    order = evening.order(9)
    evening.accept(order, 5)
    wait_for(lambda: evening.demo.open_alarms() > 0, lambda: "no alarm is open")
    picture(lobby, "lobby-tablet-not-on-paper")
    picture(room, "control-room-alarm")
    for page, name in ((lobby, "lobby-tablet-offline"), (kitchen, "kitchen-tablet-offline")):
        page.context.set_offline(True)
        page.wait_for_timeout(DEAD_LINK_MS)
        picture(page, name)


@contextmanager
def platform() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="passeplat-"))
    copy = WholeCopy(folder)
    try:
        copy.start_and_wait("--demo-data")
        yield Demo(copy)
    finally:
        copy.end()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with platform() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=CHROMIUM_FLAGS)
        evening = Evening(demo, browser)
        with evening.contexts:
            with running(*(Simulator(port=port) for port in demo.printer_ports(SHOP))):
                tracking = customers(evening)
                lobby, kitchen = counter(evening)
                roads(evening, tracking)
                room = offices(evening)
            breakage(evening, lobby, kitchen, room)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
