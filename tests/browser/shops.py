"""The fixtures of most screens: one restaurant, and somebody who delivers there."""

import pytest

from dispatch.fleet.models import Deliverer
from restaurants.models import Restaurant
from tests import fleet_world, world


@pytest.fixture
def shop(transactional_db: None) -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def max_(shop: Restaurant) -> Deliverer:
    """On shift in the city of the shop."""
    return fleet_world.deliverer(shop.city, "max")
