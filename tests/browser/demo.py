"""The demonstration's people, as the file of logins and the terminal show them."""

import json
import re
from typing import Any

import psycopg
from playwright.sync_api import Page

from tests.faults.copies import WholeCopy, wait_for


class Demo:
    """A running `up --demo-data`, seen by somebody who has only its terminal and DATA_DIR/logins.json."""

    def __init__(self, platform: WholeCopy) -> None:
        self.platform = platform
        self.url = f"http://localhost:{platform.port}"
        self._logins = json.loads((platform.data_dir / "logins.json").read_text())

    def login(self, role: str) -> dict[str, str]:
        """The first of the role."""
        found: dict[str, str] = next(login for login in self._logins if login["role"] == role)
        return found

    def tokens(self, role: str, *, city: str) -> list[str]:
        return [login["token"] for login in self._logins if (login["role"], login["city"]) == (role, city)]

    def sign_in(self, page: Page, role: str, path: str) -> None:
        """Ask for a page, sign in where it leads, and be on it."""
        page.goto(self.url + path)
        page.get_by_label("Email").fill(self.login(role)["login"])
        page.get_by_label("Password").fill(self.login(role)["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{path}")

    def pair(self, page: Page, kind: str) -> None:
        """Type the pairing code of a counter or kitchen screen."""
        page.goto(f"{self.url}/{kind}/")
        self.speak_english(page)  # kept by the screen in place of the restaurant's language
        page.locator("input[name=code]").fill(self.login(kind)["pairing_code"])
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{kind}/")

    def sign_in_by_code(self, page: Page) -> None:
        """A deliverer's phone: the number, then the code that the terminal shows in place of a text message."""
        page.goto(f"{self.url}/phone/")
        phone = self.login("deliverer")["phone"]
        page.locator("input[name=phone]").fill(phone)
        page.get_by_role("button", name="Send the code").click()
        wait_for(lambda: bool(self._codes(phone)), self.platform.text)
        page.locator("input[name=code]").fill(self._codes(phone)[-1])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/phone/")
        self.speak_english(page)

    def speak_english(self, page: Page) -> None:
        """Choose the language in the menu of the page, which may be closed."""
        with page.expect_navigation():
            page.locator("form.languages button[lang=en]").first.dispatch_event("click")

    def _codes(self, phone: str) -> list[str]:
        return re.findall(rf"message to \S*{phone[-4:]}.*?(\d{{6}})", self.platform.text())

    # What a test may look up in the rows, because no screen has to show it.

    def plug_in(self, shop: str, port: int) -> None:
        """All printers of the shop stand at this port from now on."""
        with psycopg.connect(self.platform.run_file()["database_url"]) as connection:
            connection.execute(
                "UPDATE printing_printer p SET port = %s FROM restaurants_restaurant r "
                "WHERE r.id = p.restaurant_id AND r.slug = %s",
                [port, shop],
            )

    def printer_ports(self, shop: str) -> list[int]:
        rows = self._rows(
            "SELECT port FROM printing_printer p JOIN restaurants_restaurant r ON r.id = p.restaurant_id "
            "WHERE r.slug = %s ORDER BY port",
            shop,
        )
        return [int(port) for (port,) in rows]

    def open_alarms(self) -> int:
        return len(self._rows("SELECT id FROM desk_alarm WHERE closed_at IS NULL"))

    def place_of(self, shop: str) -> dict[str, float]:
        lat, lon = self._row("SELECT lat, lon FROM restaurants_restaurant WHERE slug = %s", shop)
        return {"latitude": lat, "longitude": lon}

    def number_of(self, tracking_url: str) -> str:
        token = tracking_url.rstrip("/").rsplit("/", 1)[1]
        return str(self._row("SELECT number FROM orders_order WHERE tracking_token = %s", token)[0])

    def stations_of(self, number: str) -> int:
        lines = "FROM orders_line l JOIN orders_order o ON o.id = l.order_id WHERE o.number = %s"
        return int(self._row(f"SELECT count(DISTINCT l.station) {lines}", number)[0])

    def _row(self, sql: str, value: str) -> tuple[Any, ...]:
        [row] = self._rows(sql, value)
        return row

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.platform.run_file()["database_url"]) as connection:
            return connection.execute(sql, values).fetchall()
