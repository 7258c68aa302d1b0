"""The demonstration never mixes with a platform of one's own."""

from pathlib import Path

import pytest
from django.core.management import call_command

from delivery.accounts.models import Account
from delivery.cities.models import City
from tests import world

pytestmark = pytest.mark.django_db


def test_a_database_with_cities_of_its_own_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    world.city()
    call_command("seed_demo", verbosity=0, stdout=(tmp_path / "out").open("w"))
    assert City.objects.count() == 1
    assert not Account.objects.exists()
    assert not (tmp_path / "logins.json").exists()
