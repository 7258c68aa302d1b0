"""A street network from a file: crossings, the streets between them, their house numbers. Only who rides or searches
along streets loads it.

The file is a NumPy archive, as `delivery.demo.town.make` writes it; degrees are integers in millionths.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

MICRO = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """n crossings and m links between them, and s streets.

    Attributes:
        nodes: (n, 2) lat and lon of each crossing.
        start, end: (m,) the crossings that a link joins.
        length_m: (m,) along the street.
        kind: (m,) index into `kinds`, classes of OpenStreetMap ("primary").
        oneway: (m,) passable from start to end only.
        street: (m,) index into `streets` (names; two streets may share one), -1 without a name.
        first_number, last_number: (m,) house numbers at start and end.
        shape_starts: (m + 1,) where the link's points begin and end in `shapes`.
        shapes: (p, 2) lat and lon of the points of all links.
    """

    nodes: NDArray[np.float64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    length_m: NDArray[np.float32]
    kind: NDArray[np.uint8]
    oneway: NDArray[np.bool_]
    street: NDArray[np.int32]
    first_number: NDArray[np.int32]
    last_number: NDArray[np.int32]
    shape_starts: NDArray[np.int32]
    shapes: NDArray[np.float64]
    kinds: tuple[str, ...]
    streets: tuple[str, ...]

    def line(self, link: int) -> NDArray[np.float64]:
        """The points of a link from its start to its end, (k, 2) lat and lon."""
        return self.shapes[self.shape_starts[link] : self.shape_starts[link + 1]]


def read_network(file: Path) -> Network:
    """The network in `file`. Raises OSError or KeyError when it is not one."""
    with np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    kinds, streets = (tuple(arrays.pop(name).tolist()) for name in ("kinds", "streets"))
    nodes, shapes = (arrays.pop(name) / MICRO for name in ("nodes", "shapes"))
    return Network(nodes=nodes, shapes=shapes, kinds=kinds, streets=streets, **arrays)


@functools.cache
def installed_network() -> Network | None:
    """The network of the setting STREET_NETWORK, read once per process; None when there is none."""
    return read_network(settings.STREET_NETWORK) if settings.STREET_NETWORK else None
