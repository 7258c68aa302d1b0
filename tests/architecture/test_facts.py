"""Every process can read every fact, also those it never records."""

import ast

from delivery import env
from delivery.ground.events import Event


def test_every_fact_is_known_once_django_is_up() -> None:
    # Read as text: importing the files here would hide one that no process imports.
    paths = (path.relative_to(env.BASE_DIR) for path in env.BASE_DIR.glob("**/events.py"))
    files = [path for path in paths if not {".venv", "ground", "tests"} & {*path.parts}]
    declared = {
        node.name
        for path in files
        for node in ast.parse((env.BASE_DIR / path).read_text()).body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Event" for base in node.bases)
    }
    assert "CityOpened" in declared
    assert declared <= set(Event.kinds)
