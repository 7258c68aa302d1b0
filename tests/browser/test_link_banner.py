"""The words of a staff screen about its own truth: each state with colour, icon and word."""

import re

from playwright.sync_api import Page, expect

from tests import world
from tests.browser.axe import violations
from tests.browser.parts import Screen

BODY = '<div id="cards" data-part><p id="card">Soup</p></div>'
STATES = {
    "connecting": ("Connecting", None),
    "live": ("Live", None),
    "polling": ("Slow", "Slow connection."),
    "stale": ("Not live", "No live connection."),
    "offline": ("No network", "No network."),
    "signed_out": ("No news", "Signed out."),
    "refused": ("No news", "This page gets no news."),
}


def test_each_state_of_the_link_is_said_in_words_colour_and_icon(page: Page, site: str) -> None:
    """Drawn by the template and the stylesheet; tests/browser/test_live.py shows when each of them holds."""
    page.route("**/live.js", lambda route: route.fulfill(body=SILENT, content_type="text/javascript"))
    Screen(page, site, world.city(), BODY)
    for state, (chip, banner) in STATES.items():
        page.evaluate(SHOW, state)
        shown = page.locator(".link:visible")
        expect(shown).to_have_count(1)
        expect(shown).to_have_text(chip)
        expect(shown.locator("svg")).to_be_visible()
        lines = page.locator("[data-live-banner]:visible")
        expect(lines).to_have_count(1 if banner else 0)
        if banner:
            expect(lines).to_contain_text(banner)
            expect(lines.locator("svg").first).to_be_visible()
        assert violations(page) == [], state


SILENT = "export const follow = () => {}, onLink = () => {}, serverNow = () => new Date();"
SHOW = """(state) => {
  const root = document.documentElement;
  root.dataset.link = state === "offline" ? "stale" : state;
  root.toggleAttribute("data-offline", state === "offline");
  const banners = document.querySelectorAll("[data-live-banner]");
  for (const banner of banners) banner.hidden = banner.dataset.liveBanner !== state;
}"""


def test_a_screen_without_a_network_says_so_and_heals_by_itself(page: Page, site: str) -> None:
    screen = Screen(page, site, world.city(), BODY)
    expect(page.locator(".link:visible")).to_have_text("Live")
    screen.is_down = True
    page.context.set_offline(True)
    expect(page.get_by_text("No network.")).to_be_visible(timeout=12_000)
    expect(page.locator("[data-live-age]:visible")).to_have_text(re.compile(r"^\d+ s$"))
    screen.is_down = False
    page.context.set_offline(False)
    expect(page.locator(".link:visible")).to_have_text("Live")
    expect(page.get_by_text("No network.")).to_be_hidden()
