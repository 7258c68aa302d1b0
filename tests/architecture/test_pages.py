"""What every page obeys: nothing from outside, nothing inline."""

import re
from pathlib import Path

from delivery import env

OUTSIDE = re.compile(
    r"""(?:src|href|action|url|import|fetch|new URL)\s*[=(]?\s*["'(]\s*(?:https?:)?//""", re.IGNORECASE
)
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type="(?:application/json|importmap)")|<style|\sstyle=|\son[a-z]+="""
)
UNFOLD_ONLY = "console"
CREDIT = "https://www.openstreetmap.org/copyright"  # a link that people may follow, as the licence of the map asks


def _files(folder: str, *endings: str) -> list[Path]:
    return [
        file
        for file in sorted((env.BASE_DIR / folder).rglob("*"))
        if file.suffix in endings and "vendor" not in file.parts
    ]


def _found(pattern: re.Pattern[str], files: list[Path]) -> dict[str, str]:
    return {
        f"{file.relative_to(env.BASE_DIR)}:{number}": match.group()
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if (match := pattern.search(line))
    }


def _line(place: str) -> str:
    file, _, number = place.rpartition(":")
    return (env.BASE_DIR / file).read_text().splitlines()[int(number) - 1]


def test_pages_load_nothing_from_outside() -> None:
    files = _files("templates", ".html", ".txt") + _files("static", ".css", ".js", ".mjs")
    assert len(files) > 10
    found = _found(OUTSIDE, files)
    assert [place for place in found if CREDIT not in _line(place)] == []


def test_templates_hold_no_inline_style_or_script() -> None:
    files = [file for file in _files("templates", ".html") if UNFOLD_ONLY not in file.parts]
    assert _found(INLINE, files) == {}


def test_no_merge_left_its_marks() -> None:
    files = _files("templates", ".html", ".js", ".txt") + _files("static", ".css", ".js", ".svg")
    assert _found(re.compile("^(<{7} |={7}$|>{7} )"), files) == {}
