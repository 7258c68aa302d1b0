"""From what people typed to what a printer can show: nothing becomes a command, nothing becomes "?"."""

import textwrap
import unicodedata

from printing.rendering import fonts
from printing.rendering.profile import CodePage

# Used only where the code page lacks the character (CP858 has no curly quotes and no œ).
_PLAIN_FORMS = {
    "‘": "'",
    "’": "'",
    "‚": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "‹": "<",
    "›": ">",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "•": "*",
    "…": "...",
    "œ": "oe",
    "Œ": "OE",
}

_EMOJI_SKINS = range(0x1F3FB, 0x1F400)
_VARIATION_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_INVISIBLE = frozenset((*_EMOJI_SKINS, *_VARIATION_SELECTORS))


def clean(text: str) -> str:
    """One line without controls (00-1F, 7F, 80-9F), direction overrides, surrogates or doubled spaces."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(_visible(character) for character in composed).split())


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs") or ord(character) in _INVISIBLE:
        return ""
    return character


def encodes(text: str, codepage: CodePage) -> bool:
    try:
        text.encode(codepage)
    except UnicodeEncodeError:
        return False
    return True


def prepare(text: str, codepage: CodePage) -> str:
    """`clean`, then plain forms for typography; what no font can draw is spelled: `[pizza]`, `[U+4F60]`."""
    plain = "".join(
        character if encodes(character, codepage) else _PLAIN_FORMS.get(character, character)
        for character in clean(text)
    )
    if encodes(plain, codepage):
        return plain
    unknown = fonts.missing_glyphs(plain)
    return "".join(
        _spell(character) if character in unknown and not encodes(character, codepage) else character
        for character in plain
    )


def _spell(character: str) -> str:
    name = unicodedata.name(character, "")
    if not name or name.startswith("CJK"):
        return f"[U+{ord(character):04X}]"
    return f"[{name.lower()}]"


def wrap(text: str, columns: int, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `columns` characters; words move whole, only a word wider than a line is broken."""
    return textwrap.wrap(text, columns, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False) or [first]
