"""House rules that neither ruff nor import-linter can see."""

import re
from pathlib import Path

from delivery import env

LONGEST_FILE = 300
PACKAGES = ("delivery", "restaurants", "dispatch", "printing", "tests")
TRADE = re.compile(
    r"\b(food|dish|meal|menu|restaurant|kitchen|lobby|courier|deliverer|dispatcher|basket|ticket|printer|customer)s?\b",
    re.IGNORECASE,
)


def _sources(*packages: str) -> list[Path]:
    return [file for package in packages for file in sorted((env.BASE_DIR / package).rglob("*.py"))]


def test_files_fit_a_head() -> None:
    lengths = {
        str(file.relative_to(env.BASE_DIR)): file.read_text().count("\n")
        for file in _sources(*PACKAGES)
        if "migrations" not in file.parts
    }
    assert len(lengths) > 50
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_ground_floor_knows_nothing_of_the_trade() -> None:
    found = {
        f"{file.relative_to(env.BASE_DIR)}:{number}": word.group()
        for file in _sources("delivery/ground")
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if (word := TRADE.search(line))
    }
    assert found == {}


def test_packages_introduce_themselves_in_twelve_lines() -> None:
    silent = []
    for folder in {file.parent for file in _sources(*PACKAGES[:4])}:
        opening = folder / "__init__.py"
        if {"migrations", "commands", "management"} & set(folder.parts):
            continue
        text = opening.read_text() if opening.exists() else ""
        words = re.match(r'"""(.+?)"""', text, re.DOTALL)
        if not words or words.group(1).count("\n") >= 12:
            silent.append(str(folder.relative_to(env.BASE_DIR)))
    assert sorted(silent) == []
