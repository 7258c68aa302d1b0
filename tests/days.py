"""Recorded days that tests play: the public one where its data are, else our own small town."""

import os
import tarfile
from pathlib import Path

from delivery import env

MDRP_DIR = Path(os.environ.get("MDRP_DIR") or env.BASE_DIR.parent / "shared" / "mdrp")
SMALL_TOWN = env.BASE_DIR / "tests" / "benchmarks" / "instances" / "small_town"


def public_day(name: str, folder: Path) -> Path:
    """The unpacked folder of a public day; where the data (which have no licence) are absent, the small town."""
    archive = MDRP_DIR / "mdrplib_dev.tar.xz"
    if not archive.exists():
        return SMALL_TOWN
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.name.startswith(f"{name}/") else None
            if content is not None:
                file = folder / name / Path(member.name).name
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(content.read())
    return folder / name
