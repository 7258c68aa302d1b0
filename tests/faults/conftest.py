import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.copies import WholeCopy
from tests.faults.own_valkey import OwnValkey


@pytest.fixture(scope="module")
def valkey() -> Iterator[OwnValkey]:
    """The Valkey of `platform`, which a test may take away as long as it likes: no supervisor brings it back."""
    server = OwnValkey()
    try:
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def platform(valkey: OwnValkey) -> Iterator[WholeCopy]:
    """A running platform with an empty database, for all tests of one module."""
    folder = Path(tempfile.mkdtemp(prefix="passeplat-"))
    copy = WholeCopy(folder)
    try:
        copy.start_and_wait(urls={"REDIS_URL": valkey.url})
        yield copy
    finally:
        copy.end()
        shutil.rmtree(folder, ignore_errors=True)
