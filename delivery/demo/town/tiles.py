"""Draws vector tiles (Mapbox Vector Tile 2.1) and packs them into one PMTiles 3 file, the same bytes each time."""

import gzip
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely import Geometry, MultiLineString, STRtree

from delivery.demo.town.source import Link

FIRST_ZOOM, LAST_ZOOM = 8, 14
EXTENT = 4096
MARGIN = 80 / EXTENT
SHOWN_FROM = {
    "motorway": 8,
    "trunk": 8,
    "primary": 8,
    "secondary": 10,
    "tertiary": 11,
    "unclassified": 12,
    "residential": 12,
    "living_street": 13,
}
NAMED_FROM = 12
SOURCE = "© OpenStreetMap contributors (ODbL), through AequilibraE"


@dataclass(frozen=True, slots=True)
class Feature:
    """`shape` in the unit square of the web map (x east, y south)."""

    layer: str
    shape: Geometry
    words: dict[str, Any]
    first_zoom: int


def roads(links: Sequence[Link]) -> list[Feature]:
    """Links of one name, class and direction joined, so that names find room."""
    alike = defaultdict(list)
    for link in links:
        alike[link.kind, link.name, link.is_oneway].append(link.line)
    return [
        Feature(
            "roads",
            project(shapely.line_merge(MultiLineString(lines), directed=is_oneway)),
            {"class": kind, "oneway": int(is_oneway)} | ({"name": name} if name else {}),
            SHOWN_FROM[kind],
        )
        for (kind, name, is_oneway), lines in sorted(alike.items())
    ]


def project(shape: Geometry) -> Geometry:
    """Degrees to the unit square of the web Mercator map."""

    def unit(degrees: np.ndarray) -> np.ndarray:
        y = np.arcsinh(np.tan(np.radians(degrees[:, 1]))) / math.pi
        return np.column_stack([degrees[:, 0] / 360 + 0.5, 0.5 - y / 2])

    return shapely.transform(shape, unit)


def pack(features: Sequence[Feature], bounds: tuple[float, float, float, float], target: Path) -> None:
    """Write `target`; `bounds` are west, south, east, north in degrees."""
    tiles = {}
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        shown = [feature for feature in features if feature.first_zoom <= zoom]
        tiles.update(_tiles(shown, zoom))
    with target.open("wb") as file:
        writer = Writer(file)
        for tile_id in sorted(tiles):
            writer.write_tile(tile_id, gzip.compress(tiles[tile_id], 9, mtime=0))
        writer.finalize(_header(bounds), _metadata())


def _tiles(features: Sequence[Feature], zoom: int) -> dict[int, bytes]:
    count = 2**zoom
    fine = 1 / (count * EXTENT)
    shapes = [shapely.simplify(feature.shape, 2 * fine) for feature in features]
    tree = STRtree(shapes)
    west, north, east, south = shapely.total_bounds(np.array(shapes))
    tiles = {}
    for column in range(int(west * count), int(east * count) + 1):
        for row in range(int(north * count), int(south * count) + 1):
            box = [(column - MARGIN) / count, (row - MARGIN) / count]
            box += [(column + 1 + MARGIN) / count, (row + 1 + MARGIN) / count]
            hits = sorted(tree.query(shapely.box(*box)).tolist())
            cut = [(features[hit], shapely.clip_by_rect(shapes[hit], *box)) for hit in hits]
            if content := _encode(cut, zoom, column, row):
                tiles[zxy_to_tileid(zoom, column, row)] = content
    return tiles


def _encode(cut: Iterable[tuple[Feature, Geometry]], zoom: int, column: int, row: int) -> bytes:
    layers = defaultdict(list)
    for feature, shape in cut:
        if not shape.is_empty:
            words = {key: word for key, word in feature.words.items() if key != "name" or zoom >= NAMED_FROM}
            layers[feature.layer].append({"geometry": shape, "properties": words})
    count = 2**zoom
    square = (column / count, row / count, (column + 1) / count, (row + 1) / count)
    tile: bytes = mapbox_vector_tile.encode(
        [{"name": name, "features": content} for name, content in sorted(layers.items())],
        default_options={"quantize_bounds": square, "extents": EXTENT, "y_coord_down": True},
    )
    return tile


def _header(bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = (round(degrees * 1e7) for degrees in bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 12,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _metadata() -> dict[str, Any]:
    zooms = {"minzoom": FIRST_ZOOM, "maxzoom": LAST_ZOOM}
    return {
        "name": "La Serena and Coquimbo",
        "attribution": SOURCE,
        "vector_layers": [
            {"id": "sea", "fields": {}, **zooms},
            {"id": "roads", "fields": {"class": "String", "name": "String", "oneway": "Number"}, **zooms},
        ],
    }
