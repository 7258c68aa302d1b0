"""static/map.js: streets are drawn, points move and can be picked, under the strict policy."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.parts import show_part

MAP = '{% include "map.html" with label="Couriers" extra="big" %}'
OPEN = """
import { openMap } from "/static/map.js";
const place = { lat: -29.9045, lon: -71.2489, zoom: 14 };
document.querySelector("[data-map]").style.height = "500px";
window.map = await openMap(document.querySelector("[data-map]"), place);
window.picked = [];
window.pressed = [];
map.onPick("people", (id) => picked.push(id));
map.onPress((point) => pressed.push(point));
"""


def look(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.locator("[data-map]").screenshot())).convert("RGB")


def colours(image: Image.Image) -> int:
    return len(image.getcolors(maxcolors=1_000_000) or ())


def poll(page: Page, wanted: Callable[[], Any]) -> None:
    """Until `wanted` holds; the page's policy forbids Playwright's own waiting for expressions."""
    for _ in range(100):
        if wanted():
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not come")


@pytest.fixture
def town(page: Page, site: str) -> Page:
    show_part(page, site, MAP, OPEN)
    expect(page.locator("[data-map]")).to_have_attribute("data-map-state", "open")
    return page


def test_streets_are_drawn_and_credited(town: Page) -> None:
    poll(town, lambda: colours(look(town)) > 200)
    expect(town.get_by_text("© OpenStreetMap contributors")).to_be_visible()
    assert violations(town) == []


def test_points_appear_move_and_are_picked(town: Page) -> None:
    poll(town, lambda: colours(look(town)) > 200)
    bare = look(town)
    at = "{ id: 'max', lat: -29.9045, lon: -71.2489, tone: 'basil', shape: 'disc', text: 'M' }"
    town.evaluate(f"map.setPoints('people', [{at}])")
    box = town.locator("[data-map]").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    poll(town, lambda: ImageChops.difference(bare, look(town)).crop((200, 200, 1000, 300)).getbbox())
    town.mouse.click(*middle)
    poll(town, lambda: town.evaluate("picked") == ["max"])
    assert town.evaluate("pressed") == []
    town.evaluate("map.movePoints('people', [{ id: 'max', lat: -29.9045, lon: -71.2389, tone: 'tomato' }])")
    poll(town, lambda: town.evaluate("map.sets.get('people').gliding === null"))

    def press() -> bool:
        """Where nobody stands any more, as soon as that is drawn."""
        town.mouse.click(*middle)
        return bool(town.evaluate("pressed"))

    poll(town, press)
    assert town.evaluate("pressed")[0]["lat"] == pytest.approx(-29.9045, abs=0.001)
    town.evaluate("map.removePoints('people', ['max'])")


def test_tags_icons_lines_and_areas_are_drawn_in_both_rooms(town: Page) -> None:
    town.evaluate("""
      map.setPoints("orders", [{ id: "a", lat: -29.901, lon: -71.255, tone: "brass", shape: "tag", text: "A 224" }]);
      map.setPoints("people", [{ id: "b", lat: -29.905, lon: -71.245, tone: "sea", shape: "disc", icon: "bike" },
                               { id: "c", lat: -29.907, lon: -71.252, tone: "ash", faded: true, text: "S" }]);
      map.setLine("route", [[-29.901, -71.255], [-29.905, -71.245]], { tone: "enamel", dashed: true });
      map.setArea("rush", [[-29.90, -71.26], [-29.90, -71.25], [-29.91, -71.25]], { tone: "brass", text: "Rush" });
    """)
    poll(town, lambda: town.evaluate("map.map.hasImage('tag brass') && map.map.hasImage('icon bike sea')"))
    poll(town, lambda: town.evaluate("map.map.areTilesLoaded()"))
    town.wait_for_timeout(500)
    light = look(town)
    town.evaluate("document.documentElement.dataset.room = 'kitchen'")
    poll(town, lambda: sum(look(town).resize((1, 1)).getpixel((0, 0))) < 200)  # type: ignore[arg-type]
    assert ImageChops.difference(light, look(town)).getbbox() is not None


def test_without_streets_points_are_there_and_the_page_says_so(page: Page, site: str) -> None:
    page.route("**/*.pmtiles", lambda route: route.fulfill(status=404))
    show_part(page, site, MAP, OPEN)
    expect(page.get_by_text("The streets could not be loaded. The points are right.")).to_be_visible()
    assert page.evaluate("map.isWorking")


def test_without_the_library_the_page_goes_on(page: Page, site: str) -> None:
    page.route("**/maplibre-gl.mjs", lambda route: route.fulfill(status=404))
    show_part(page, site, MAP, OPEN)
    expect(page.get_by_text("The map could not be loaded. Everything else on this page works.")).to_be_visible()
    assert page.evaluate("map.setPoints('people', []) === undefined && map.isWorking === false")


def test_the_server_gives_parts_of_the_tiles_and_calls_modules_scripts(site: str) -> None:
    part = httpx.get(f"{site}/static/map/coquimbo.pmtiles", headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"PMTiles")
    module = httpx.head(f"{site}/static/vendor/maplibre-gl/6.17.0/maplibre-gl.mjs")
    assert module.headers["content-type"].startswith("text/javascript")
