"""static/live.js in a browser: rows appear, and the page says when it cannot know."""

import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Daphne, served
from tests.live.stage import Stage


@pytest.fixture(scope="session")
def small_daphne(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daphne]:
    with served("tests.live.small_site:application", tmp_path_factory.mktemp("small") / "log") as started:
        yield started


@pytest.fixture
def small_site(small_daphne: Daphne, transactional_db: None) -> Iterator[str]:
    with small_daphne.awake():
        yield small_daphne.url


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.valkey.close()


def test_rows_come_change_and_go(page: Page, small_site: str, stage: Stage) -> None:
    stage.write((stage.shop, "a", 1, {"dish": "soup"}))
    page.goto(f"{small_site}/small/#{stage.shop}")
    expect(page.locator("li")).to_have_text(["a soup"])
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    stage.write((stage.shop, "a", 2, {"dish": "stew"}), (stage.shop, "b", 1, {"dish": "pie"}))
    expect(page.locator("li")).to_have_text(["a stew", "b pie"])
    stage.write((stage.shop, "a", 3, None))
    expect(page.locator("li")).to_have_text(["b pie"])
    assert page.evaluate("serverNow() instanceof Date")


def test_a_dead_line_is_noticed_and_what_was_missed_comes_back(page: Page, small_site: str, stage: Stage) -> None:
    """Offline, the browser's socket stays open and silent; it says so itself, and is not simply believed."""
    page.goto(f"{small_site}/small/#{stage.shop}")
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    page.context.set_offline(True)
    stage.write((stage.shop, "a", 1, {"dish": "soup"}))
    expect(page.locator("html")).to_have_attribute("data-link", "stale", timeout=12_000)
    expect(page.locator("html")).to_have_attribute("data-offline", "")
    expect(page.locator("[data-live-banner]")).to_be_visible()
    expect(page.locator("[data-live-age]")).to_have_text(re.compile(r"^[3-9] s"))
    assert page.locator("li").count() == 0
    page.context.set_offline(False)
    expect(page.locator("li")).to_have_text(["a soup"])
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    expect(page.locator("html")).not_to_have_attribute("data-offline", "")
    expect(page.locator("[data-live-banner]")).to_be_hidden()


def test_a_silent_server_is_noticed_within_twelve_seconds_and_heals(
    page: Page, small_site: str, stage: Stage, small_daphne: Daphne
) -> None:
    """Frozen, it keeps the socket open, and the device knows of nothing."""
    page.goto(f"{small_site}/small/#{stage.shop}")
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    small_daphne.freeze()
    expect(page.locator("html")).to_have_attribute("data-link", "stale", timeout=12_000)
    expect(page.locator("html")).not_to_have_attribute("data-offline", "")
    stage.write((stage.shop, "a", 1, {"dish": "soup"}))
    small_daphne.process.send_signal(signal.SIGCONT)
    expect(page.locator("li")).to_have_text(["a soup"], timeout=15_000)
    expect(page.locator("html")).to_have_attribute("data-link", "live")


def test_a_network_that_breaks_sockets_is_asked_over_http(page: Page, small_site: str, stage: Stage) -> None:
    def refuse(route: WebSocketRoute) -> None:
        route.close()

    page.goto(f"{small_site}/accounts/login/")  # every page of ours names its guest
    page.route_web_socket("**/ws/", refuse)
    stage.write((stage.shop, "a", 1, {"dish": "soup"}))
    page.goto(f"{small_site}/small/#{stage.shop}")
    expect(page.locator("html")).to_have_attribute("data-link", "polling", timeout=15_000)
    expect(page.locator("li")).to_have_text(["a soup"])
    stage.write((stage.shop, "a", 2, {"dish": "stew"}))
    expect(page.locator("li")).to_have_text(["a stew"], timeout=15_000)


def test_an_unknown_topic_is_told_to_the_page(page: Page, small_site: str) -> None:
    page.goto(f"{small_site}/small/#shop.1")
    expect(page).to_have_title("not_found")
