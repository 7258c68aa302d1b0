"""Geometry of zones that needs more than arithmetic: only what draws or asks for addresses loads it."""

from shapely import Polygon

from delivery.cities.models import Zone
from delivery.ground.geo import Point


def middle_of(zone: Zone) -> Point:
    """A point well inside the border, whatever its shape."""
    inside = Polygon(zone.ring).representative_point()
    return Point(inside.y, inside.x)
