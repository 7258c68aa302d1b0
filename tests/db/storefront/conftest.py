import pytest

from restaurants.models import Restaurant
from tests import world


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()
