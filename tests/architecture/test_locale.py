"""Every text that people read exists in every language, and no template says one that nobody can translate."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django.template.base import Lexer, TokenType

from delivery.env import BASE_DIR
from tests.catalogues import LANGUAGES, all_messages, catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
TAG = re.compile(r"<!--.*?-->|<!doctype html>|</?[a-z0-9-]+[^<>]*>", re.DOTALL)
SAID_ATTRIBUTE = re.compile(r"""\b(?:alt|aria-label|placeholder|title|label)=(["'])(.*?)\1""", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
ATTRIBUTES = {"room", "density", "html_attributes", "body_attributes"}  # blocks of base.html inside a tag
NAMES = {"Passeplat", "min"}  # a name, and the unit that all three languages write alike


@pytest.fixture(scope="module")
def said() -> dict[Any, Message]:
    return {message.id: message for message in all_messages() if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_what_is_said(said: dict[Any, Message], language: str) -> None:
    assert len(said) > 300
    translated = {message.id for message in catalogue(language) if message.id}
    assert said.keys() - translated == set(), "make messages, then translate"
    assert translated - said.keys() == set(), "make messages drops what nobody says any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_its_values(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        originals, translations = _texts(message.id), _texts(message.string)
        values = {value for text in originals for value in PLACEHOLDER.findall(text)}
        is_whole = len(translations) == len(originals) and all(translations)
        if message.fuzzy or not is_whole or any(set(PLACEHOLDER.findall(text)) != values for text in translations):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("template", sorted(BASE_DIR.glob("templates/**/*.html")), ids=lambda path: path.stem)
def test_a_template_says_nothing_untranslated(template: Path) -> None:
    assert bare_words(template.read_text()) == set()


def test_bare_words_are_found() -> None:
    assert bare_words('<p title="Press">Oven {{ name }} {% translate "fine" %}</p>') == {"Press", "Oven"}
    block = "{% blocktranslate %}fine{% endblocktranslate %}{# fine #}{% comment %}fine{% endcomment %}"
    assert bare_words(f'<a class="btn" href="/somewhere/">{block}</a>') == set()


def bare_words(source: str) -> set[str]:
    """Words between tags, or in attributes that are read out, outside every translation tag."""
    text, until = "", ""
    for token in Lexer(source).tokenize():
        word, *rest = token.contents.split() or [""]
        if token.token_type == TokenType.BLOCK:
            if until:
                until = "" if word == until else until
            elif word in ("blocktranslate", "comment") or (word == "block" and rest[0] in ATTRIBUTES):
                until = f"end{word}"
        elif token.token_type == TokenType.TEXT and not until:
            text += token.contents
    attributes = " ".join(value for _, value in SAID_ATTRIBUTE.findall(text))
    return set(WORD.findall(f"{_without_tags(text)} {attributes}")) - NAMES


def _without_tags(text: str) -> str:
    return re.sub(r"&\w+;", " ", TAG.sub(" ", text))


def _texts(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (string,)
