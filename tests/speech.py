"""What a page says, and which of it is English although somebody reads French or Spanish."""

import re
from functools import cache
from html.parser import HTMLParser
from typing import Final

from tests import world
from tests.catalogues import catalogue

# A language in itself, a drawing of unfold's font, and what the restaurant of these tests calls its courses.
NAMES: Final = {"English", "search", *(new.category for new in world.PIZZAS)}
SPOKEN: Final = ("aria-label", "placeholder", "title", "alt", "data-hold-text")


class Texts(HTMLParser):
    """What a page says, text by text, its own scripts and what is in another language left out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        self.said |= {value for name, value in attrs if name in SPOKEN and value}

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._silent:
            self.said.add(text)


@cache
def translated(language: str) -> dict[str, str]:
    """English text without values -> the text of the language, where they differ."""
    return {
        str(message.id): str(message.string)
        for message in catalogue(language)
        if isinstance(message.id, str) and re.search(r"[A-Za-z]{2}", message.id) and message.string != message.id
    }


def english_in(page: str, language: str) -> list[str]:
    """Texts of an HTML page that stand in English though the language has its own."""
    texts = Texts()
    texts.feed(page)
    return sorted(texts.said & translated(language).keys() - NAMES)
