"""What pages load from others is committed as it was published, with its licence."""

import re
from pathlib import Path

import pytest

from delivery import env
from delivery.management import vendoring


def test_every_vendored_file_is_as_it_was_published() -> None:
    assert len(vendoring.packages()) >= 2
    assert list(vendoring.wrong_files()) == []


def test_every_package_comes_with_its_licence() -> None:
    for package in vendoring.packages():
        assert re.search(r"Redistribution and use|Permission is hereby granted", _licence(package)), package.name


def _licence(package: vendoring.Package) -> str:
    return next(path.read_text() for path in package.hashes() if path.name.startswith("LICENSE"))


def test_a_changed_a_missing_and_a_foreign_file_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    monkeypatch.setattr(vendoring, "LIST", tmp_path / "vendor.json")
    monkeypatch.setattr(vendoring, "FOLDER", tmp_path / "vendor")
    folder = tmp_path / "vendor" / "lamp" / "1.0"
    folder.mkdir(parents=True)
    files = {"dist/on.js": vendoring.digest(b"on"), "dist/off.js": vendoring.digest(b"off")}
    vendoring.write_list([vendoring.Package("lamp", "1.0", "MIT", files)])
    (folder / "on.js").write_bytes(b"other")
    (folder / "more.js").write_bytes(b"")
    assert sorted(vendoring.wrong_files()) == [
        "changed: vendor/lamp/1.0/on.js",
        "missing: vendor/lamp/1.0/off.js",
        "not listed: vendor/lamp/1.0/more.js",
    ]


def test_a_package_with_other_files_is_refused_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendoring, "FOLDER", tmp_path)
    monkeypatch.setattr(vendoring, "fetch", lambda package: {"on.js": b"other"})
    package = vendoring.Package("lamp", "1.0", "MIT", {"on.js": vendoring.digest(b"on")})
    with pytest.raises(vendoring.VendorError, match=r"other files than listed: on\.js"):
        vendoring.unpack(package, accept=False)
    assert list(tmp_path.iterdir()) == []
    accepted = vendoring.unpack(package, accept=True)
    assert accepted.files == {"on.js": vendoring.digest(b"other")}


def test_modules_load_what_is_there() -> None:
    named = {
        (env.BASE_DIR / "static" / path).resolve()
        for module in (env.BASE_DIR / "static").glob("*.js")
        for path in re.findall(r'"(\./vendor/[^"]+)"', module.read_text())
    }
    assert len(named) >= 2
    assert named <= {path for package in vendoring.packages() for path in package.hashes()}
