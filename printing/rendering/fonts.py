"""The fonts that draw what a code page lacks: ours in `printing/fonts`, then those that the machine has."""

import unicodedata
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

_FOLDER = Path(__file__).parent.parent / "fonts"
MONO, MONO_BOLD = str(_FOLDER / "DejaVuSansMono.ttf"), str(_FOLDER / "DejaVuSansMono-Bold.ttf")

# With equal coverage the first one wins. Bare names are looked for in the system's font directories.
_CANDIDATES = (
    *(
        str(_FOLDER / name)
        for name in (
            "DejaVuSans.ttf",
            "NotoSansArabic-Regular.ttf",
            "NotoSansHebrew-Regular.ttf",
            "NotoSansSC-Regular.ttf",
            "NotoEmoji-Regular.ttf",
        )
    ),
    "NotoSansCJK-Regular.ttc",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
)
# No font maps a noncharacter, so drawing it shows the font's "missing" box.
_NONCHARACTER = "\uffff"


@lru_cache(maxsize=64)
def load(name: str, size_px: int) -> ImageFont.FreeTypeFont:
    """`name` is one that `runs_of` gave, MONO or MONO_BOLD."""
    return ImageFont.truetype(name, size_px)


@lru_cache(maxsize=1)
def installed() -> tuple[str, ...]:
    """Names of the usable fonts; never empty."""
    return tuple(name for name in _CANDIDATES if _exists(name))


def _exists(name: str) -> bool:
    try:
        ImageFont.truetype(name, 24)
    except OSError:
        return False
    return True


@lru_cache(maxsize=8192)
def _draws(name: str, character: str) -> bool:
    font = load(name, 24)
    return bytes(font.getmask(character)) != bytes(font.getmask(_NONCHARACTER))


def _best_for(text: str) -> str:
    """The font that lacks the fewest characters of `text`."""
    characters = set(text) - {" "}
    return min(installed(), key=lambda name: sum(not _draws(name, character) for character in characters))


@lru_cache(maxsize=1024)
def runs_of(text: str) -> tuple[tuple[str, str], ...]:
    """(font, part) in the order of the text: its best font, others only for what that one lacks.

    A text with letters that run from right to left stays whole, since its parts would stand in the wrong order.
    """
    best = _best_for(text)
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        return ((best, text),)
    grouped = groupby(text, key=lambda character: _font_of(character, best))
    return tuple((name, "".join(characters)) for name, characters in grouped)


def _font_of(character: str, best: str) -> str:
    if character == " " or _draws(best, character):
        return best
    return next((name for name in installed() if _draws(name, character)), best)


def width_of(text: str, size_px: int) -> float:
    """In dots."""
    return sum(load(name, size_px).getlength(part) for name, part in runs_of(text))


def missing_glyphs(text: str) -> frozenset[str]:
    """Characters of `text` that cannot be drawn."""
    drawn = ((name, character) for name, part in runs_of(text) for character in set(part) - {" "})
    return frozenset(character for name, character in drawn if not _draws(name, character))
