"""Libraries for browsers that the project carries with it: `vendor.json` names them, `static/vendor/` holds them."""

import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Final

from delivery import env

LIST: Final = env.BASE_DIR / "vendor.json"
FOLDER: Final = env.BASE_DIR / "static" / "vendor"
PACKED_INSIDE: Final = "package/"  # npm puts everything below this folder
PACKS_AT_MOST_S: Final = 120


class VendorError(Exception):
    """A package or one of its files is not what `vendor.json` says."""


@dataclass(frozen=True, slots=True)
class Package:
    """One library. `files`: path in its npm package -> SHA-256; `beside`: what we put next to them, such as a licence
    that the package leaves out."""

    name: str
    version: str
    licence: str
    files: dict[str, str]
    beside: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return FOLDER / self.name / self.version

    def hashes(self) -> dict[Path, str]:
        """Every committed file of the package and its SHA-256 as `vendor.json` has it."""
        return {self.folder / PurePosixPath(path).name: digest for path, digest in (self.files | self.beside).items()}


def packages() -> list[Package]:
    """All packages of `vendor.json`."""
    return [Package(**entry) for entry in json.loads(LIST.read_text())]


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def wrong_files() -> Iterator[str]:
    """One line for each vendored file that is missing, changed or not listed."""
    listed = {path: hash_ for package in packages() for path, hash_ in package.hashes().items()}
    for path, hash_ in listed.items():
        if not path.exists():
            yield f"missing: {path.relative_to(env.BASE_DIR)}"
        elif digest(path.read_bytes()) != hash_:
            yield f"changed: {path.relative_to(env.BASE_DIR)}"
    for path in FOLDER.rglob("*"):
        if path.is_file() and path not in listed:
            yield f"not listed: {path.relative_to(env.BASE_DIR)}"


def fetch(package: Package) -> dict[str, bytes]:
    """The package's files from the npm registry, by their path in it. Raises VendorError."""
    with TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}", "--pack-destination", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PACKS_AT_MOST_S, check=False)
        packed = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(packed) != 1:
            raise VendorError(f"npm pack {package.name}@{package.version}: {done.stderr.strip()}")
        with tarfile.open(packed[0]) as archive:
            return {path: _read(archive, path) for path in package.files}


def _read(archive: tarfile.TarFile, path: str) -> bytes:
    try:
        content: IO[bytes] | None = archive.extractfile(PACKED_INSIDE + path)
    except KeyError as missing:
        raise VendorError(f"the package holds no {path}") from missing
    if content is None:
        raise VendorError(f"{path} is no file")
    return content.read()


def unpack(package: Package, *, accept: bool) -> Package:
    """Put the package's files into its folder, and give it back with the hashes of what is there now.

    Without `accept` a file whose hash is not the listed one is refused, and nothing is written.
    """
    contents = fetch(package)
    hashes = {path: digest(content) for path, content in contents.items()}
    changed = sorted(path for path in hashes if hashes[path] != package.files[path])
    if changed and not accept:
        raise VendorError(f"{package.name}@{package.version} has other files than listed: {', '.join(changed)}")
    package.folder.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        (package.folder / PurePosixPath(path).name).write_bytes(content)
    beside = {name: digest((package.folder / name).read_bytes()) for name in package.beside}
    return Package(package.name, package.version, package.licence, hashes, beside)


def write_list(vendored: list[Package]) -> None:
    """Write `vendor.json` anew."""
    entries = []
    for package in vendored:
        entry: dict[str, object] = {"name": package.name, "version": package.version, "licence": package.licence}
        entry["files"] = package.files
        if package.beside:
            entry["beside"] = package.beside
        entries.append(entry)
    LIST.write_text(json.dumps(entries, indent=2) + "\n")
