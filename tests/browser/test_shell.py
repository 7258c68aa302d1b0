"""The shell: static files that stay, a worker that keeps only them, an app that can be installed."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from delivery.ground.static import version
from tests import world
from tests.browser.test_alarm import until


@pytest.fixture
def kept(browser: Browser, browser_context_args: dict[str, Any], site: str) -> Iterator[Page]:
    """A page with the worker in charge."""
    context = browser.new_context(**{**browser_context_args, "service_workers": "allow"})
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    until(page, lambda: page.evaluate("navigator.serviceWorker.getRegistration().then((it) => it?.active?.state)"))
    page.goto(f"{site}/accounts/login/")
    until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
    yield page
    context.close()


def addresses(page: Page) -> list[str]:
    found: list[str] = page.evaluate("""async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map((request) => new URL(request.url).pathname);
    }""")
    return found


def test_static_files_of_this_version_are_packed_and_kept_for_ever(site: str) -> None:
    address = f"{site}/static/v-{version()}/base.css"
    answer = httpx.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "max-age=31536000, public, immutable"
    assert int(answer.headers["content-length"]) < len(answer.content) / 3
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"})
    assert plain.content == answer.content
    assert "content-encoding" not in plain.headers
    again = httpx.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/base.css", "/static/v-000000000000/base.css"])
def test_another_version_is_served_but_not_kept(site: str, path: str) -> None:
    answer = httpx.get(site + path)
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["cache-control"]


def test_what_does_not_exist_is_not_found(site: str) -> None:
    assert httpx.get(f"{site}/static/v-{version()}/no-such.css").status_code == 404
    assert httpx.get(f"{site}/static/v-{version()}/../../manage.py").status_code == 404


def test_pages_are_packed(site: str) -> None:
    with httpx.stream("GET", f"{site}/accounts/login/", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(raw)


def test_the_worker_keeps_the_shell_and_nothing_else(kept: Page, site: str) -> None:
    world.pizzeria()
    for path in ("/", "/address/", "/api/v1/openapi.json", "/accounts/login/"):
        kept.goto(site + path)
    inside = addresses(kept)
    assert "/offline/" in inside
    outside = [path for path in inside if path != "/offline/" and not path.startswith(f"/static/v-{version()}/")]
    assert outside == []


def test_without_a_network_a_page_says_so_and_comes_back_by_itself(kept: Page, site: str) -> None:
    kept.context.set_offline(True)
    kept.goto(f"{site}/accounts/login/")
    expect(kept.get_by_role("heading", name="No network")).to_be_visible()
    kept.context.set_offline(False)
    expect(kept.get_by_label("Email")).to_be_visible(timeout=10_000)


def test_a_new_version_waits_until_somebody_asks(kept: Page, site: str) -> None:
    kept.evaluate("window.isOld = true")
    kept.evaluate("navigator.serviceWorker.register('/sw.js?newer').then(() => 0)")  # another file, as after a deploy
    button = kept.get_by_role("button", name="Update")
    expect(button).to_be_visible()
    assert kept.evaluate("window.isOld") is True
    with kept.expect_navigation():
        button.click()
    assert kept.evaluate("window.isOld") is None
    expect(kept.get_by_label("Email")).to_be_visible()


@pytest.mark.parametrize("screen", ["shop", "lobby", "kitchen", "phone"])
def test_each_screen_can_be_installed(context: BrowserContext, site: str, screen: str) -> None:
    path = "/" if screen == "shop" else f"/{screen}/"
    page = context.new_page()
    page.goto(site + path)
    link = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = httpx.get(f"{site}{link}").json()
    if screen in ("shop", "phone"):  # the others are shown where their device is paired
        assert manifest["start_url"] == path
    for icon in manifest["icons"]:
        answer = httpx.get(site + icon["src"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert re.fullmatch(r"#[0-9a-f]{6}", manifest["theme_color"])
