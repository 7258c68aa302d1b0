"""static/alarm.js over a sound card that remembers: browsers without a screen play anything without a tap."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.parts import show_part

CARD = """
window.strokes = []; window.cut = 0; window.lamps = 0; window.isAllowed = false; window.isLampAllowed = true;
window.AudioContext = class extends EventTarget {
  constructor() { super(); this.state = "suspended"; this.currentTime = 0; window.card = this; }
  resume() { return isAllowed ? Promise.resolve(this.become("running")) : new Promise(() => {}); }
  become(state) { this.state = state; this.dispatchEvent(new Event("statechange")); }
  createGain() {
    return {
      gain: {
        setValueAtTime: (value) => value ? strokes.push([Math.round(performance.now()), value]) : (cut += 1),
        exponentialRampToValueAtTime() {}, cancelScheduledValues() {},
      },
      connect() {}, disconnect() {},
    };
  }
  createOscillator() { return { frequency: {}, connect() {}, start() {}, stop() {} }; }
};
class Lamp extends EventTarget { released = false; }
Object.defineProperty(navigator, "wakeLock", { value: { async request() {
  if (!isLampAllowed) throw new Error("battery");
  lamps += 1;
  return (window.lamp = new Lamp());
} } });
Object.defineProperty(document, "hidden", { get: () => Boolean(window.isHidden) });
"""
USE = """
import * as alarm from "/static/alarm.js";
window.alarm = alarm;
window.told = [];
window.rang = [];
alarm.onState((state) => told.push(state));
alarm.onRang((count) => rang.push(count));
window.see = (isSeen) => { window.isHidden = !isSeen; document.dispatchEvent(new Event("visibilitychange")); };
"""


@pytest.fixture
def bell(page: Page, site: str) -> Page:
    page.add_init_script(CARD)
    show_part(page, site, "", USE)
    until(page, lambda: page.evaluate("Boolean(window.see)"))
    return page


def until(page: Page, wanted: Callable[[], Any]) -> None:
    for _ in range(200):
        if wanted():
            return
        page.wait_for_timeout(25)
    pytest.fail("it did not come")


def sound(page: Page) -> Any:
    return page.evaluate("told.at(-1).sound")


def test_without_a_tap_the_sound_is_off_and_nothing_counts_as_rung(bell: Page) -> None:
    assert bell.evaluate("alarm.unlock()") is False
    bell.evaluate("alarm.ring(true)")
    bell.wait_for_timeout(1_000)
    assert (sound(bell), bell.evaluate("rang"), bell.evaluate("strokes")) == ("off", [], [])


def test_a_tap_turns_it_on_also_while_an_order_waits(bell: Page) -> None:
    bell.evaluate("alarm.unlock().then(() => alarm.ring(true))")
    bell.evaluate("isAllowed = true")
    assert bell.evaluate("alarm.unlock()") is True
    until(bell, lambda: bell.evaluate("rang.length"))
    assert sound(bell) == "on"


def test_it_grows_until_it_is_answered_and_stops_at_once(bell: Page) -> None:
    bell.evaluate("isAllowed = true")
    bell.evaluate("alarm.unlock()")
    bell.evaluate("alarm.ring(true)")
    bell.evaluate("alarm.ring(true)")  # said twice, it is one bell
    until(bell, lambda: bell.evaluate("strokes.length") >= 3)
    bell.evaluate("alarm.hush()")
    count = bell.evaluate("strokes.length")
    times, loudness = zip(*bell.evaluate("strokes"), strict=True)
    assert list(loudness) == sorted(set(loudness))
    assert all(later - earlier > 700 for earlier, later in zip(times, times[1:], strict=False))
    assert bell.evaluate("cut") == 1
    assert bell.evaluate("rang") == list(range(1, count + 1))
    bell.wait_for_timeout(1_200)
    assert bell.evaluate("strokes.length") == count
    bell.evaluate("alarm.ring(true)")
    assert bell.evaluate("strokes.at(-1)[1]") == loudness[0]


def test_a_tablet_that_slept_gets_its_sound_and_its_light_back(bell: Page) -> None:
    bell.evaluate("isAllowed = true")
    bell.evaluate("alarm.unlock()")
    assert bell.evaluate("[told.at(-1).isLit, lamps]") == [True, 1]
    bell.evaluate("see(false)")
    bell.evaluate("lamp.released = true; lamp.dispatchEvent(new Event('release')); card.become('interrupted')")
    assert bell.evaluate("told.at(-1)") == {"sound": "off", "isLit": False}
    bell.evaluate("see(true)")
    until(bell, lambda: bell.evaluate("told.at(-1)") == {"sound": "on", "isLit": True})
    assert bell.evaluate("lamps") == 2


def test_a_screen_that_may_go_dark_is_told(bell: Page) -> None:
    bell.evaluate("isAllowed = true; isLampAllowed = false")
    assert bell.evaluate("alarm.unlock()") is True
    assert bell.evaluate("told.at(-1)") == {"sound": "on", "isLit": False}
    bell.evaluate("alarm.test()")
    assert len(bell.evaluate("strokes")) == 1
    assert bell.evaluate("rang") == []
