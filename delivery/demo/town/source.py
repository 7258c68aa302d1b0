"""Reads the network out of AequilibraE's wheel without installing or importing it."""

import io
import sqlite3
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely import LineString, MultiPolygon

MEMBER = "aequilibrae/reference_files/coquimbo.zip"
LINKS = """
    SELECT a_node, b_node, direction, link_type, name, geometry FROM links
    WHERE link_type <> 'centroid_connector' ORDER BY link_id
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of street between two crossings; `line` in degrees (lon, lat) from `start` to `end`."""

    start: int
    end: int
    is_oneway: bool
    kind: str
    name: str
    line: LineString


@dataclass(frozen=True, slots=True)
class Source:
    """All links, and the model's zones: they end at the coast."""

    links: list[Link]
    zones: list[MultiPolygon]


def read(wheel: Path) -> Source:
    """The network in `wheel` (PyPI aequilibrae 1.7.2). Raises KeyError when the wheel does not hold it."""
    with zipfile.ZipFile(wheel) as outer, zipfile.ZipFile(io.BytesIO(outer.read(MEMBER))) as inner:
        content = inner.read("project_database.sqlite")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "network.sqlite")
        file.write_bytes(content)
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        links = [_link(*row) for row in connection.execute(LINKS)]
        zones = [_shape(blob) for (blob,) in connection.execute("SELECT geometry FROM zones ORDER BY zone_id")]
        connection.close()
    return Source(links, zones)


def _link(start: int, end: int, direction: int, kind: str, name: str | None, blob: bytes) -> Link:
    line = _shape(blob)
    if direction < 0:
        start, end, line = end, start, line.reverse()
    return Link(start, end, direction != 0, kind, " ".join((name or "").split()), line)


def _shape(blob: bytes) -> shapely.Geometry:
    """A SpatiaLite blob is a head of 39 bytes, WKB without its first byte, and one byte at the end."""
    return shapely.from_wkb(b"\x01" + blob[39:-1])
