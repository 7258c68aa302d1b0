"""Before Django reads its settings: an own DATA_DIR, and real servers when the chosen tests need them.

pytest-django loads the settings before any conftest if pyproject.toml names them, so they are named here.
"""

import os

import django
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests import catalogues, emptying, servers
from tests.at_rest import comes_to_rest as comes_to_rest

SERVERS = pytest.StashKey[servers.SessionServers]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Never a developer's running copy: its run.json lies in another DATA_DIR."""
    session = servers.SessionServers()
    config.stash[SERVERS] = session
    config.add_cleanup(session.stop)
    os.environ["DATA_DIR"] = str(session.path)
    if servers.are_needed(root=config.rootpath, arguments=config.args):
        session.start()
    catalogues.compile_stale()
    os.environ["DJANGO_SETTINGS_MODULE"] = "delivery.settings"
    django.setup()
    emptying.install()
    # Slow on purpose, 0.4 s each; a hash carries its count, so processes that a test starts can check it.
    PBKDF2PasswordHasher.iterations = 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps its event loop running, and nobody else could run one after it."""
    items.sort(key=lambda item: item.path.is_relative_to(item.config.rootpath / "tests" / "browser"))
