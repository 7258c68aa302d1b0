import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.copies import WholeCopy


@pytest.fixture(scope="module")
def platform() -> Iterator[WholeCopy]:
    """A running platform with an empty database, for all tests of one module."""
    folder = Path(tempfile.mkdtemp(prefix="passeplat-"))
    copy = WholeCopy(folder)
    try:
        copy.start_and_wait()
        yield copy
    finally:
        copy.end()
        shutil.rmtree(folder, ignore_errors=True)
