"""The way of a route as a small drawing: what the phone shows before, or without, a street map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from delivery.ground.geo import Plane, Point

WIDTH: Final = 360
HEIGHT: Final = 150
EDGE: Final = 30


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the drawing; `text` is the number of the bag, empty for a counter and for oneself."""

    x: int
    y: int
    tone: str
    text: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """`line`: the d of an SVG path through all dots. `points`: "lat,lon lat,lon", as map.js takes them."""

    line: str
    dots: Sequence[Dot]
    points: str
    width: int = WIDTH
    height: int = HEIGHT


def sketch_of(places: Sequence[tuple[Point, str, str]], way: Sequence[Point]) -> Sketch:
    """Draw `places` (point, tone, text) and the way through them, north up, as large as it fits."""
    plane = Plane(way[0])
    metres = [plane.to_xy(point) for point in [*way, *(point for point, _, _ in places)]]
    (w, e), (s, n) = ((min(side), max(side)) for side in zip(*metres, strict=True))
    scale = min((WIDTH - 2 * EDGE) / max(e - w, 1.0), (HEIGHT - 2 * EDGE) / max(n - s, 1.0))

    def at(x_m: float, y_m: float) -> tuple[int, int]:
        x = WIDTH / 2 + (x_m - (w + e) / 2) * scale
        return round(x), round(HEIGHT / 2 - (y_m - (s + n) / 2) * scale)

    corners = [at(*each) for each in metres[: len(way)]]
    dots = [
        Dot(*at(*plane.to_xy(point)), tone=tone, text=text, lat=point.lat, lon=point.lon)
        for point, tone, text in places
    ]
    line = "M" + " L".join(f"{x} {y}" for x, y in corners)
    return Sketch(line, dots, " ".join(f"{point.lat:.5f},{point.lon:.5f}" for point in way))
