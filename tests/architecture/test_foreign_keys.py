"""Foreign keys point down the layers of pyproject.toml, or stay in their app: import-linter sees no "app.Model"."""

import tomllib
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from delivery import env

OURS = ("delivery", "restaurants", "dispatch", "printing")


def _layers() -> dict[str, int]:
    """Package -> its layer, 0 lowest."""
    config = tomllib.loads((env.BASE_DIR / "pyproject.toml").read_text())
    (contract,) = [each for each in config["tool"]["importlinter"]["contracts"] if each["id"] == "layers"]
    rows = [[name.strip(" ()") for name in row.replace(":", "|").split("|")] for row in contract["layers"]]
    return {name: level for level, row in enumerate(reversed(rows)) for name in row}


def _layer_of(model: type[Model], layers: dict[str, int]) -> int:
    module = model.__module__
    fitting = [name for name in layers if module == name or module.startswith(f"{name}.")]
    return layers[max(fitting, key=len)]


def _foreign_keys() -> Iterator[tuple[type[Model], str, type[Model]]]:
    for model in apps.get_models():
        if model.__module__.startswith(OURS):
            for field in model._meta.get_fields():
                target = field.related_model if field.concrete and field.is_relation else None
                if isinstance(target, type) and target.__module__.startswith(OURS):
                    yield model, field.name, target


def test_no_foreign_key_points_up_or_sideways() -> None:
    layers = _layers()
    keys = list(_foreign_keys())
    assert len(keys) > 30
    wrong = [
        f"{model._meta.label}.{name} -> {target._meta.label}"
        for model, name, target in keys
        if not _may_point(model, target, layers)
    ]
    assert wrong == []


def _may_point(model: type[Model], target: type[Model], layers: dict[str, int]) -> bool:
    same_package = model.__module__.split(".")[:2] == target.__module__.split(".")[:2]
    both_dispatch = model.__module__.split(".")[0] == target.__module__.split(".")[0] == "dispatch"
    return same_package or both_dispatch or _layer_of(model, layers) > _layer_of(target, layers)
