"""Texts that people read: found in Python, templates and titles of refusals, kept in locale/.

`make messages` adds new ones to the catalogues and drops those that nobody says any more; translators do the rest.
Protocol: https://babel.pocoo.org/en/latest/messages.html#writing-extraction-methods
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

from delivery.env import BASE_DIR

LANGUAGES: Final = {"fr": "n > 1", "es": "n != 1"}
HEADER: Final = """\
# Texts that people read. `make messages` adds what is new; an empty one fails tests/architecture/test_locale.py.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=({plural});\\n"

"""
Message = tuple[int, str, str | tuple[str, str], list[str]]

SPEAKING: Final = ("delivery", "dispatch", "printing", "restaurants", "templates")
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "ContentRefused": (3,),  # printing.rendering speaks no language; its refusals are translated when they are answered
}
QUOTED: Final = re.compile(r"""^(["'])(.*)\1$""", re.DOTALL)
UNDERSCORED: Final = re.compile(r"""_\(\s*("[^"]*"|'[^']*')\s*\)""")


def all_messages() -> Catalog:
    """Every message of the product, with where it is said."""
    catalog = Catalog()
    methods: list[tuple[str, Any]] = [("**/errors.py", titles), ("**.py", "python"), ("**.html", templates)]
    for folder in SPEAKING:
        found = extract_from_dir(BASE_DIR / folder, methods, keywords=KEYWORDS)
        for name, line, message, _, _ in found:
            catalog.add(message, locations=[(f"{folder}/{name}", line)])
    return catalog


def catalogue(language: str) -> Catalog:
    """What is translated into the language."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Write the catalogue anew: every message that is said, with the translation it had."""
    before, present = catalogue(language), Catalog(locale=language)
    for message in all_messages():
        if message.id:
            known = before.get(message.id)
            places = [(name, 0) for name in sorted({name for name, _ in message.locations})]
            present.add(message.id, known.string if known else None, locations=places)
    with _path(language).open("wb") as file:
        file.write(HEADER.format(language=language, plural=LANGUAGES[language]).encode())
        write_po(file, present, width=120, omit_header=True, include_lineno=False)


def compile_stale() -> None:
    """Compile catalogues that are newer than their compiled form, so that tests read what translators wrote."""
    for language in LANGUAGES:
        compiled = _path(language).with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < _path(language).stat().st_mtime:
            with compiled.open("wb") as file:
                write_mo(file, catalogue(language))


def templates(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """Babel extraction method: `translate`, `blocktranslate` and `_("...")` of a Django template."""
    tokens = iter(Lexer(file.read().decode()).tokenize())
    for token in tokens:
        for constant in UNDERSCORED.findall(token.contents) if token.token_type != TokenType.TEXT else ():
            yield token.lineno or 0, "gettext", constant[1:-1], []
        if token.token_type != TokenType.BLOCK:
            continue
        words = list(smart_split(token.contents))
        quoted = QUOTED.match(words[1]) if len(words) > 1 else None
        if words[0] in ("translate", "trans") and quoted:
            yield token.lineno or 0, "gettext", quoted.group(2), []
        elif words[0] in ("blocktranslate", "blocktrans"):
            yield _block(token, words, tokens)


def titles(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """Babel extraction method: `title` of each refusal, whose module may not import Django."""
    for node in ast.walk(ast.parse(file.read())):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
            continue
        names = [target.id for target in node.targets[0].elts if isinstance(target, ast.Name)]
        if "title" in names and isinstance(node.value, ast.Tuple):
            value = node.value.elts[names.index("title")]
            if isinstance(value, ast.Constant):
                yield node.lineno, "gettext", str(value.value), []


def _block(opening: Token, words: list[str], tokens: Iterator[Token]) -> Message:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.BLOCK and token.contents.strip() == "plural":
            parts.append([])
        elif token.token_type == TokenType.BLOCK:
            break
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        else:
            parts[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts]
    if "trimmed" in words:
        texts = [trim_whitespace(text) for text in texts]
    if len(texts) == 1:
        return opening.lineno or 0, "gettext", texts[0], []
    return opening.lineno or 0, "ngettext", (texts[0], texts[1]), []


def _path(language: str) -> Path:
    return BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    for each in LANGUAGES:
        update(each)
