"""Finds addresses: what somebody types, with slips and without accents, and what lies under a finger on the map.

Streets and house numbers come from the network that `addresses.load_streets` brought in; a number between two known
ones is placed between them. Only PostgreSQL answers: an outage of somebody else's search keeps nobody from ordering.
"""

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Q

from delivery.cities.models import City, Segment, Street, Zone
from delivery.ground.geo import Plane, Point, contains

LONGEST_TEXT = 120
MOST_WORDS = 10
MOST_NUMBERS = 3
LONGEST_WORD = 40
ALIKE = 0.45  # so much of what is typed has to be in the street's name: "cordobes" is in "gregorio cordovez"
NEAR_M = 250.0
HOUSE_M = 12  # a house each so many metres, where numbers are metres
LEFT_OUT = {"calle", "c", "nro", "no", "numero", "n"}
SHORT = {"av": "avenida", "ave": "avenida", "avda": "avenida", "pje": "pasaje", "psje": "pasaje"}


@dataclass(frozen=True, slots=True)
class Found:
    """An address. `line` is the street and number, `text` the same with the part of the city and the city.

    `is_exact` is False where a number was asked for that the street does not reach: then `line` has none, and the
    point is the street's middle.
    """

    text: str
    line: str
    lat: float
    lon: float
    city_id: int
    is_exact: bool = True

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Asked:
    """One way to read a text: the words of a street, a house number, and what is said behind it (a city, a part).

    `core` is the street without "avenue": everybody writes or leaves that as they like.
    """

    street: str
    core: str
    number: int | None
    behind: str


def fold(text: str) -> str:
    """Small letters and digits without accents, single spaces: "Av. José Peñí" is "av jose peni"."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare.casefold()).split())


@transaction.atomic
def search(*, city: City | None, text: str, limit: int = 6) -> list[Found]:
    """Addresses like `text`, the likeliest first: "Balmaceda 1234", "1234 balmaceda", "Balmacda 12, La Serena".

    Args:
        city: only there; None searches everywhere.
    Returns:
        At most `limit`; none for a text without two letters. Whether somebody delivers there, `selectors.zone_at` says.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
    zones = _zones()
    best: dict[int, tuple[float, Found]] = {}
    for asked in _readings(text):
        streets = _streets(asked, city, 4 * limit)
        segments = _segments([street for _, street in streets], asked.number)
        for likeness, street in streets:
            one = _address(street, asked.number, segments.get(street.pk), zones)
            score = likeness + _bonus(asked, one)
            if street.pk not in best or best[street.pk][0] < score:
                best[street.pk] = score, one
    ranked = sorted(best.values(), key=lambda scored: -scored[0])
    return list({one.text: one for _, one in reversed(ranked)}.values())[::-1][:limit]


def nearest(*, point: Point) -> Found | None:
    """The house nearest to a place, at most NEAR_M away from its street; None where no named street is."""
    around = Plane(point)
    (south, west), (north, east) = (_corner(around, -NEAR_M), _corner(around, NEAR_M))
    segments = Segment.objects.filter(south__lte=north, north__gte=south, west__lte=east, east__gte=west)
    best: tuple[float, float, bool, Segment] | None = None
    for segment in segments.select_related("street__city").order_by("pk"):
        away_m, share, on_left = _beside(around, segment)
        if away_m <= NEAR_M and (best is None or away_m < best[0]):
            best = away_m, share, on_left, segment
    if best is None:
        return None
    _, share, on_left, segment = best
    metres = segment.first_number + share * (segment.last_number - segment.first_number)
    plot = max(0, int(metres) // HOUSE_M) * HOUSE_M
    number = plot + (HOUSE_M - 1) // 2 + (0 if on_left else 1)
    return _found(segment.street, f"{segment.street.name} {number}", _along(segment, share), _zones())


def _readings(text: str) -> Iterator[Asked]:
    """A house number may stand first or last, or be part of the name ("18 de Septiembre 500")."""
    printable = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text[:LONGEST_TEXT])
    street, _, behind = printable.partition(",")
    words = [SHORT.get(word, word) for word in fold(street).split() if word not in LEFT_OUT][:MOST_WORDS]
    if not any(map(str.isalpha, words)) or len("".join(words)) < 2 or max(map(len, words)) > LONGEST_WORD:
        return
    yield _asked(words, None, fold(behind))
    numbers = [place for place, word in enumerate(words) if word.isascii() and word.isdecimal() and len(word) <= 5]
    for place in numbers[-MOST_NUMBERS:]:
        before, after = words[:place], words[place + 1 :]
        if any(map(str.isalpha, before)):
            yield _asked(before, int(words[place]), f"{' '.join(after)} {fold(behind)}".strip())
        elif after:
            yield _asked(after, int(words[place]), fold(behind))


def _asked(words: Sequence[str], number: int | None, behind: str) -> Asked:
    core = [word for word in words if word not in SHORT.values()]
    return Asked(" ".join(words), " ".join(core or words), number, behind)


def _streets(asked: Asked, city: City | None, limit: int) -> list[tuple[float, Street]]:
    """Streets whose names hold the words, the likeliest first: how well it holds them, a little whether no more."""
    streets = Street.objects.filter(folded__trigram_word_similar=asked.core).select_related("city")
    if city is not None:
        streets = streets.filter(city=city)
    held, same = TrigramWordSimilarity(asked.core, "folded"), TrigramSimilarity("folded", asked.street)
    ranked = streets.annotate(likeness=held + 0.4 * same).order_by("-likeness", "pk")[:limit]
    return [(street.likeness, street) for street in ranked]


def _segments(streets: Sequence[Street], number: int | None) -> Mapping[int, Segment]:
    """By street the piece that the number lies on."""
    if number is None:
        return {}
    rising = Q(first_number__lte=number, last_number__gte=number)
    falling = Q(first_number__gte=number, last_number__lte=number)
    pieces = Segment.objects.filter(rising | falling, street__in=streets).exclude(first_number=F("last_number"))
    return {piece.street_id: piece for piece in pieces.order_by("-pk")}


def _address(street: Street, number: int | None, segment: Segment | None, zones: Sequence[Zone]) -> Found:
    if number is None or segment is None:
        return _found(street, street.name, Point(street.lat, street.lon), zones, is_exact=number is None)
    share = (number - segment.first_number) / (segment.last_number - segment.first_number)
    return _found(street, f"{street.name} {number}", _along(segment, share), zones)


def _bonus(asked: Asked, found: Found) -> float:
    """A number that was understood lifts an address, and so do words behind it that name its part or city."""
    places = fold(found.text.removeprefix(found.line))
    is_there = bool(asked.behind) and all(word in places for word in asked.behind.split())
    return (0.3 if is_there else 0.0) + (0.05 if asked.number is not None else 0.0) - (0.0 if found.is_exact else 0.3)


def _zones() -> list[Zone]:
    return list(Zone.objects.order_by("pk"))


def _found(street: Street, line: str, point: Point, zones: Sequence[Zone], *, is_exact: bool = True) -> Found:
    part = next((zone.name for zone in zones if zone.city_id == street.city_id and contains(zone.ring, point)), None)
    places = [line, *([part] if part else []), street.city.name]
    return Found(", ".join(places), line, point.lat, point.lon, street.city_id, is_exact)


def _along(segment: Segment, share: float) -> Point:
    """The point after `share` of the segment's length."""
    points = [Point(*spot) for spot in segment.line]
    plane = Plane(points[0])
    spots = [plane.to_xy(point) for point in points]
    left = share * sum(math.dist(a, b) for a, b in pairwise(spots))
    for a, b in pairwise(spots):
        length = math.dist(a, b)
        if left <= length and length > 0:
            return plane.to_point(a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length)
        left -= length
    return points[-1]


def _beside(around: Plane, segment: Segment) -> tuple[float, float, bool]:
    """How far the plane's centre is from the segment, after which share of it, whether on the side of odd numbers."""
    spots = [around.to_xy(Point(*spot)) for spot in segment.line]
    total = sum(math.dist(a, b) for a, b in pairwise(spots)) or 1.0
    passed, best = 0.0, (math.inf, 0.0, True)
    for (x, y), (to_x, to_y) in pairwise(spots):
        east, north = to_x - x, to_y - y
        length = math.hypot(east, north) or 1.0
        share = min(1.0, max(0.0, -(x * east + y * north) / length**2))
        away = math.hypot(x + share * east, y + share * north)
        if away < best[0]:
            left = x * north - y * east > 0  # the centre, seen along the street
            best = away, (passed + share * length) / total, left
        passed += length
    away, share, left = best
    return away, share, left == (segment.first_number <= segment.last_number)


def _corner(around: Plane, metres: float) -> tuple[float, float]:
    corner = around.to_point(metres, metres)
    return corner.lat, corner.lon
