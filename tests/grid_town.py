"""A town of straight streets, made up from a seed: no download, the same for everybody."""

import random

import numpy as np

from delivery.cities.network import Network
from delivery.ground.geo import Plane, Point

BLOCK_M = 100.0
CENTRE = Point(43.68, 4.63)  # of the cities in tests.world
NAMES = (
    "Avenida José Peñí",
    "18 de Septiembre",
    "Los Aromos",
    "Gregorio Cordovez",
    "Rue de la Roquette",
    "Avenida del Mar",
    "Viña del Mar",
    "Bernardo O'Higgins",
    "Los Naranjos",
)
KINDS = ("primary", "residential")


def grid(blocks: int = 8, *, seed: int = 22, oneway: bool = False, centre: Point = CENTRE) -> Network:
    """`blocks` by `blocks` blocks of 100 m around the centre.

    Streets to the east are called NAMES in turn, from the south; those to the north "North 0" and so on, from the west.
    The southernmost is `primary`. Numbers are metres from the western or southern end. With `oneway` streets to the
    east may be ridden one way only: the southernmost eastwards, the next westwards, and so on. The seed shuffles the
    order of the links: nothing may rest on it.
    """
    count = blocks + 1
    plane, half = Plane(centre), blocks * BLOCK_M / 2
    nodes = [
        plane.to_point(column * BLOCK_M - half, row * BLOCK_M - half) for row in range(count) for column in range(count)
    ]
    links = [
        (row * count + column, row * count + column + 1, row, column, True)
        for row in range(count)
        for column in range(blocks)
    ] + [
        (row * count + column, (row + 1) * count + column, column, row, False)
        for row in range(blocks)
        for column in range(count)
    ]
    random.Random(seed).shuffle(links)
    east = NAMES * (count // len(NAMES) + 1)
    spots = np.array([(node.lat, node.lon) for node in nodes])
    start, end = np.array([link[0] for link in links]), np.array([link[1] for link in links])
    first = np.array([link[3] * int(BLOCK_M) for link in links], np.int32)
    last = first + int(BLOCK_M)
    if oneway:
        is_west = np.array([link[4] and link[2] % 2 == 1 for link in links])
        start, end = np.where(is_west, end, start), np.where(is_west, start, end)
        first, last = np.where(is_west, last, first), np.where(is_west, first, last)
    return Network(
        nodes=spots,
        start=start.astype(np.int32),
        end=end.astype(np.int32),
        length_m=np.full(len(links), BLOCK_M, np.float32),
        kind=np.array([0 if link[4] and link[2] == 0 else 1 for link in links], np.uint8),
        oneway=np.array([oneway and link[4] for link in links], np.bool_),
        street=np.array([link[2] if link[4] else count + link[2] for link in links], np.int32),
        first_number=first,
        last_number=last,
        shape_starts=np.arange(0, 2 * len(links) + 1, 2, dtype=np.int32),
        shapes=np.stack([spots[start], spots[end]], axis=1).reshape(-1, 2),
        kinds=KINDS,
        streets=tuple(east[:count]) + tuple(f"North {column}" for column in range(count)),
    )
