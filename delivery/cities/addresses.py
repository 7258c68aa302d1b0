"""Brings the named streets of a network into the database, where `delivery.cities.geocoding` finds them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from django.db import connection, transaction

from delivery.cities.geocoding import fold
from delivery.cities.models import City, Segment, Street
from delivery.cities.network import Network

FAR_DEGREES = 0.2  # a street further than this (about 20 km) from every zone belongs to none of the cities
COPY = """COPY cities_segment (street_id, first_number, last_number, line, south, west, north, east) FROM STDIN"""


@transaction.atomic
def load_streets(*, network: Network, cities: Sequence[City]) -> int:
    """Replace the streets of `cities`; each piece goes to the city with the nearest zone. Returns how many streets."""
    Street.objects.filter(city__in=cities).delete()
    pieces = _by_street(network, _cities_of(network, cities))
    streets = Street.objects.bulk_create(
        [_street(network, index, city_id, links) for (index, city_id), links in pieces.items()], batch_size=1000
    )
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for street, links in zip(streets, pieces.values(), strict=True):
            for row in _rows(network, links):
                copy.write_row((street.pk, *row))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Street._meta.db_table}, {Segment._meta.db_table}")
    return len(streets)


def _cities_of(network: Network, cities: Sequence[City]) -> list[int | None]:
    """For each link the key of the city whose zone its first point is in, or nearest to."""
    zones = [(zone.city_id, shapely.Polygon(zone.ring)) for city in cities for zone in city.zones.order_by("pk")]
    points = shapely.points(network.shapes[network.shape_starts[:-1]][:, ::-1])
    if not zones:
        return [None] * len(points)
    distances = shapely.distance(np.array([ring for _, ring in zones])[:, None], points[None, :])
    nearest = distances.argmin(axis=0)
    return [
        zones[zone][0] if distances[zone, link] < FAR_DEGREES else None for link, zone in enumerate(nearest.tolist())
    ]


def _by_street(network: Network, city_ids: Sequence[int | None]) -> Mapping[tuple[int, int], list[int]]:
    pieces = defaultdict(list)
    for link, (street, city_id) in enumerate(zip(network.street.tolist(), city_ids, strict=True)):
        if street >= 0 and city_id is not None:
            pieces[street, city_id].append(link)
    return pieces


def _street(network: Network, index: int, city_id: int, links: Sequence[int]) -> Street:
    by_number = sorted(links, key=lambda link: int(network.first_number[link] + network.last_number[link]))
    middle = network.line(by_number[len(links) // 2])
    lat, lon = middle[len(middle) // 2].tolist()
    name = network.streets[index][:120]
    return Street(city_id=city_id, name=name, folded=fold(name)[:120], lat=lat, lon=lon)


def _rows(network: Network, links: Sequence[int]) -> Iterator[tuple[object, ...]]:
    for link in links:
        line = network.line(link)
        (south, west), (north, east) = line.min(axis=0).tolist(), line.max(axis=0).tolist()
        numbers = int(network.first_number[link]), int(network.last_number[link])
        yield (*numbers, json.dumps(line.tolist()), south, west, north, east)
