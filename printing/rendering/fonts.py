"""The fonts that draw what a code page lacks: those that the machine has, else Pillow's own Latin one."""

from collections.abc import Iterable
from functools import lru_cache

from PIL import ImageFont

# By file name: Pillow looks through the system's font directories. With equal coverage the first one wins.
_CANDIDATES = (
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoEmoji-Regular.ttf",
    "FreeSans.ttf",
    "LiberationSans-Regular.ttf",
)
_PILLOW_OWN = ""
# No font maps a noncharacter, so drawing it shows the font's "missing" box.
_NONCHARACTER = "\uffff"


@lru_cache(maxsize=64)
def load(name: str, size_px: int) -> ImageFont.FreeTypeFont:
    """`name` is one that `best_for` gave."""
    if name == _PILLOW_OWN:
        font = ImageFont.load_default(size_px)
        if not isinstance(font, ImageFont.FreeTypeFont):
            raise RuntimeError("Pillow was built without FreeType: tickets cannot be drawn")
        return font
    return ImageFont.truetype(name, size_px)


@lru_cache(maxsize=1)
def installed() -> tuple[str, ...]:
    """Names of the usable fonts; never empty."""
    return (*(name for name in _CANDIDATES if _exists(name)), _PILLOW_OWN)


def _exists(name: str) -> bool:
    try:
        ImageFont.truetype(name, 24)
    except OSError:
        return False
    return True


@lru_cache(maxsize=4096)
def _draws(name: str, character: str) -> bool:
    font = load(name, 24)
    return bytes(font.getmask(character)) != bytes(font.getmask(_NONCHARACTER))


def best_for(text: str) -> str:
    """The font that lacks the fewest characters of `text`."""
    characters = _drawn(text)
    return min(installed(), key=lambda name: sum(not _draws(name, character) for character in characters))


def missing_glyphs(text: str) -> frozenset[str]:
    """Characters of `text` that its best font cannot draw."""
    name = best_for(text)
    return frozenset(character for character in _drawn(text) if not _draws(name, character))


def _drawn(text: str) -> Iterable[str]:
    return set(text) - {" "}
