"""How big what people press is, in CSS pixels as it is laid out."""

from typing import Final

from playwright.sync_api import Page

MEASURE: Final = """
(px) => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
  const isPressable = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !each.disabled && !each.closest("[inert]") && !each.matches("[role=tabpanel], [role=log], [role=region]");
  // A link between words of a sentence is as high as its line.
  const isInSentence = (each) => each.matches("a") && getComputedStyle(each).display === "inline" &&
    [...each.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim().length > 1);
  // What is pressed is the label too, and a control that is drawn by its label alone is as big as that.
  const area = (each) => {
    const boxes = [each, ...(each.labels ?? [])].map((part) => part.getBoundingClientRect());
    return { width: Math.max(...boxes.map((box) => box.width)), height: Math.max(...boxes.map((box) => box.height)) };
  };
  return [...document.querySelectorAll(wanted)].filter(isPressable).filter((each) => !isInSentence(each))
    .map((each) => [area(each), each])
    .filter(([box]) => box.width > 1 && box.height > 1 && (box.width < px - 0.5 || box.height < px - 0.5))
    .map(([box, each]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ` +
      `${each.outerHTML.replace(/\\s+/g, " ").slice(0, 140)}`);
}
"""


def too_small(page: Page, px: float) -> list[str]:
    """What can be pressed and is narrower or lower than `px`, with its size; links inside a sentence apart."""
    found: list[str] = page.evaluate(MEASURE, px)
    return found
