"""The control room with a big city on it: how much of the page each update touches. What it took is printed.

No time is asserted: rows in the page, changed nodes and frames are counted. `docs/performance.md` has the figures.
"""

import os
import re
import statistics
import sys
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from delivery.cities.models import City, Membership
from delivery.orders.models import Order
from tests import world
from tests.browser.main_thread import MainThread
from tests.browser.visitors import sign_in
from tests.crowd import crowd, delay, move
from tests.ground_relay import carry_all

ORDERS, PEOPLE = 2_000, 800
MOST_ROWS = 80  # of both lists together, at 1440 x 900
UPDATES = 10
DELAYED = 40  # orders in each update
WATCH = """
    window.seen = { usable: null, tasks: [], frames: 0, touched: 0 };
    new PerformanceObserver((list) => window.seen.tasks.push(...list.getEntries().map((task) => task.duration)))
        .observe({ type: "longtask", buffered: true });
    const wait = new MutationObserver(() => {
        if (!document.querySelector("#orders .due")) return;
        window.seen.usable ??= performance.now();
        wait.disconnect();
    });
    wait.observe(document, { childList: true, subtree: true });
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", ({ data }) => { if (data.includes('"rows"')) window.seen.frames += 1; });
        }
    };
"""
BARE = """
    () => {
        const began = performance.now();
        const box = document.createElement("div");
        for (let row = 0; row < 2000; row += 1) {
            const line = document.createElement("p");
            line.textContent = `order ${row}`;
            box.append(line);
        }
        document.body.append(box);
        box.getBoundingClientRect();
        const took = performance.now() - began;
        box.remove();
        return took;
    }
"""
COUNT = """
    () => {
        window.seen.touched = 0;
        const all = { childList: true, subtree: true, characterData: true, attributes: true };
        const count = new MutationObserver((records) => (window.seen.touched += records.length));
        count.observe(document.getElementById("main"), all);
    }
"""


@pytest.fixture
def city(site: str) -> City:
    return world.city()


@pytest.mark.parametrize("map_is", ["away", "shown"])
def test_a_big_city_is_usable_at_once_and_updates_touch_only_what_is_seen(
    page: Page, site: str, city: City, map_is: str
) -> None:
    orders = crowd(city, orders=ORDERS, people=PEOPLE)
    ana = world.account("ana")
    Membership.objects.create(city=city, account=ana, role=Membership.Role.DISPATCHER)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    sign_in(page.context, site, ana)
    page.request.get(f"{site}/control-room/")  # a server that has just started reads its templates once
    with MainThread(page) as start:
        page.goto(f"{site}/control-room/?map={'off' if map_is == 'away' else ''}")
        expect(page.locator("#orders .due").first).to_be_visible(timeout=60_000)
        usable = page.evaluate("window.seen.usable")
        expect(page.locator("#orders")).not_to_have_attribute("aria-rowcount", "42", timeout=60_000)  # the whole city
        expect(page.locator("#n-open")).to_have_text(str(ORDERS), timeout=60_000)
        expect(page.locator("#n-on")).to_have_text(str(PEOPLE), timeout=60_000)
        rows = page.locator("#orders [role=row], #people [role=row]").count()
        assert rows <= MOST_ROWS
        if map_is == "shown":
            expect(page.locator("[data-map]")).to_have_attribute("data-map-state", "open", timeout=60_000)
        page.wait_for_timeout(3_000)
    with MainThread(page) as work:
        figures = _updates(page, city, orders)
    bare = page.evaluate(BARE)
    _say(
        f"map {map_is}: first rows {usable:.0f} ms after navigation; {rows} rows in the page of {ORDERS + PEOPLE}; "
        f"an update of {DELAYED} orders and {figures['moved']} places touches {figures['touched']} nodes and takes "
        f"{figures['update_ms']:.1f} ms of script, style and layout ({figures['update_ms'] / bare:.2f} x drawing "
        f"2,000 plain rows, {bare:.0f} ms); longest task of an update {work.longest_ms:.0f} ms of work "
        f"({figures['longest_ms']:.0f} ms on the clock), of the start {start.longest_ms:.0f} ms; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    page.goto("about:blank")  # nothing is asked any more when the tables are emptied
    assert figures["touched"] <= 40 * MOST_ROWS
    assert figures["frames"] <= UPDATES + 1


def _updates(page: Page, city: City, orders: list[Order]) -> dict[str, float]:
    """Some updates, each a relay's batch of delayed orders and a third of all phones, and what they cost."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("Performance.enable")
    page.evaluate("window.seen.tasks = []; window.seen.frames = 0")
    page.evaluate(COUNT)
    spent, touched, moved = [], [], 0
    for step in range(UPDATES):
        before, nodes = _worked_ms(chrome), page.evaluate("window.seen.touched")
        moved = move(city, share=3, step=step)
        delay(orders[step * DELAYED : (step + 1) * DELAYED])
        carry_all()
        page.wait_for_timeout(2_200)  # positions are asked for each 2 s
        spent.append(_worked_ms(chrome) - before)
        touched.append(page.evaluate("window.seen.touched") - nodes)
    return {
        "moved": moved,
        "touched": statistics.median(touched),
        # in each step: one frame of rows, one of places and two ticks of the clock
        "update_ms": statistics.median(spent) / 4,
        "longest_ms": max(page.evaluate("window.seen.tasks"), default=0.0),
        "frames": page.evaluate("window.seen.frames"),
    }


def _worked_ms(chrome: CDPSession) -> float:
    """What the main thread has worked so far: script, style and layout."""
    found: list[dict[str, Any]] = chrome.send("Performance.getMetrics")["metrics"]
    spent = {each["name"]: each["value"] for each in found}
    return float(spent["ScriptDuration"] + spent["RecalcStyleDuration"] + spent["LayoutDuration"]) * 1000


def _say(line: str) -> None:
    sys.stdout.write(f"\n  {line}\n")


def test_ten_thousand_orders_scroll_and_keep_their_place(page: Page, site: str, city: City) -> None:
    crowd(city, orders=10_000, people=40)
    ana = world.account("ana")
    Membership.objects.create(city=city, account=ana, role=Membership.Role.DISPATCHER)
    sign_in(page.context, site, ana)
    page.goto(f"{site}/control-room/?map=off")
    grid = page.locator("#orders")
    expect(grid.locator(".due").first).to_be_visible(timeout=90_000)
    expect(grid).to_have_attribute("aria-rowcount", re.compile(r"\d{5}"), timeout=90_000)  # the whole city is there
    count = int(grid.get_attribute("aria-rowcount") or 0)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.dataset.id")
    grid.evaluate("(box) => { box.scrollTop = box.scrollHeight; }")
    expect(grid.locator(f"[aria-rowindex='{count}']")).to_be_visible()
    assert grid.locator("[role=row]").count() <= MOST_ROWS
    assert page.evaluate("document.activeElement.dataset.id") == first  # the row with the focus is never taken away
    page.keyboard.press("j")
    expect(grid.locator("[aria-rowindex='3']")).to_be_focused()
    page.goto("about:blank")  # nothing is asked any more when the tables are emptied
