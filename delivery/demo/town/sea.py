"""Where the sea begins. The network has no coast line, but its model's zones end there, along hexagons of 250 m."""

from collections.abc import Callable, Sequence

import shapely
from shapely import Geometry, LineString, MultiPolygon

HEXAGON_M = 250.0
QUAY_M = 60.0
NORTH, SOUTH = -29.83, -30.02  # beyond them the zones end on land: there the coast goes on straight
FRAME = (-72.4, -30.7, -70.6, -29.2)  # west, south, east, north
MOST_EAST = -71.2  # of the coast


def sea(
    zones: Sequence[MultiPolygon],
    lines: Sequence[LineString],
    to_metres: Callable[[Geometry], Geometry],
    to_degrees: Callable[[Geometry], Geometry],
) -> Geometry:
    """Water west of the zones, rounded, never over a street. Right to about 150 m; `lines` in metres."""
    west, south, east, north = FRAME
    land = shapely.union_all([to_metres(zone) for zone in zones])
    smooth = land.buffer(HEXAGON_M).buffer(-2 * HEXAGON_M).buffer(HEXAGON_M)
    streets = shapely.union_all([line.buffer(QUAY_M) for line in lines])
    ground = [to_degrees(smooth), to_degrees(streets), shapely.box(MOST_EAST, south, east, north)]
    for level, far in ((NORTH, north), (SOUTH, south)):
        coast = ground[0].intersection(LineString([(west, level), (east, level)])).bounds[0]
        ground.append(shapely.box(coast, min(level, far), east, max(level, far)))
    water = shapely.box(*FRAME).difference(shapely.union_all(ground))
    parts = [part for part in shapely.get_parts(water) if part.bounds[0] == west]
    return to_degrees(to_metres(parts[0]).simplify(8.0))
