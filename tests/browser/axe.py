"""axe-core over a page as it stands: WCAG 2.0 to 2.2, A and AA, and its best practice."""

from pathlib import Path
from typing import Final

import axe_playwright_python
from playwright.sync_api import Page

ENGINE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text() + "\n;0"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK: Final = """
async ([rules, without]) => {
  const found = await axe.run({ exclude: without }, { runOnly: rules, resultTypes: ["violations"] });
  const told = (rule, node) => `${rule.id}: ${node.target.join(" ")} | ${node.html.slice(0, 160)} | ` +
    [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
  return found.violations.flatMap((rule) => rule.nodes.map((node) => told(rule, node)));
}
"""


def violations(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """One line per broken rule and place; empty is clean. `without`: selectors of what somebody else draws.

    Runs under the page's content security policy. Colours are judged as they are at this moment: wait for what moves.
    """
    page.evaluate(ENGINE)
    found: list[str] = page.evaluate(ASK, [RULES, [[each] for each in without]])
    return found
