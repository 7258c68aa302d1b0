"""What the documents name exists: files, constraints, tests, numbers, addresses within the pages."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from delivery import env, wiring
from delivery.ground import metrics

DOCS = env.BASE_DIR / "docs"
PAGES = [env.BASE_DIR / "README.md", *sorted(DOCS.glob("*.md")), *sorted(DOCS.glob("decisions/*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")


def names_of(line_word: str, text: str) -> list[str]:
    """The words in backticks of the points that begin with `line_word`."""
    points = re.findall(rf"^- {line_word}: (.*?)(?=^- |^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return [name for point in points for name in re.findall(r"`([^`]+)`", point)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_invariants_name_constraints_that_exist() -> None:
    known = {
        constraint.name
        for model in apps.get_models()
        for constraint in [*model._meta.constraints, *model._meta.indexes]
    }
    assert [name for name in names_of("constraint", invariants()) if name not in known] == []


def test_invariants_name_tests_that_exist() -> None:
    tests = "".join(path.read_text() for path in (env.BASE_DIR / "tests").rglob("test_*.py"))
    named = names_of("test", invariants())
    assert len(named) > 15
    assert [name for name in named if f"def {name}(" not in tests] == []


def test_invariants_name_numbers_that_are_told() -> None:
    told = Path(metrics.__file__).read_text() + "".join(reading.name for reading in wiring.READINGS)
    named = [name for name in names_of("number", invariants()) if name.startswith("passeplat_")]
    assert named
    assert [name for name in named if name not in told] == []


def invariants() -> str:
    return (DOCS / "invariants.md").read_text()
