"""A page at 200 %: the same window has half as many CSS pixels each way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Page

FIND: Final = """
() => {
  const root = document.documentElement;
  const told = (what, each) => `${what}: ${each.outerHTML.replace(/\\s+/g, " ").slice(0, 140)}`;
  const isSeen = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    each.getBoundingClientRect().width > 1 && !each.closest("[data-map], canvas, [inert]");
  const scrolls = (each) => each && each !== document.body && each !== root &&
    (/auto|scroll/.test(getComputedStyle(each).overflowX) || scrolls(each.parentElement));
  const all = [...document.body.querySelectorAll("*")].filter(isSeen);
  const found = [];
  if (root.scrollWidth > root.clientWidth) {
    found.push(`the page scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`);
    const wide = all.filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(each));
    found.push(...wide.filter((each) => !wide.includes(each.parentElement)).map((each) => told("sticks out", each)));
  }
  const hides = (each) => /hidden|clip/.test(getComputedStyle(each).overflowX) && each.textContent.trim();
  const isCut = (each) => each.scrollWidth > each.clientWidth + 1 ||
    (/hidden|clip/.test(getComputedStyle(each).overflowY) && each.scrollHeight > each.clientHeight + 2);
  const mayEndInDots = (each) => each.matches(".clip");
  const cut = all.filter((each) => hides(each) && isCut(each) && !mayEndInDots(each));
  found.push(...cut.map((each) => told("cut", each)));
  return found;
}
"""


def broken_layout(page: Page) -> list[str]:
    """What sticks out sideways or is cut off in the page as it stands; `.clip` may end in dots, a map may be cut."""
    found: list[str] = page.evaluate(FIND)
    return found


@contextmanager
def zoomed(page: Page, factor: float = 2.0) -> Iterator[None]:
    """The page as a window of its present size shows it at `factor` times the size."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": round(size["width"] / factor), "height": round(size["height"] / factor)})
    yield
    page.set_viewport_size(size)
