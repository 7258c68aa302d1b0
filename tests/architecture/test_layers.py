"""The layers and the pure cores hold: the contracts of pyproject.toml, read by import-linter."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from delivery import env


def test_every_import_contract_is_kept() -> None:
    assert lint_imports(config_filename=str(env.BASE_DIR / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS
