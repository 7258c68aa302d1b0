"""Every pair of colours that the tokens promise can be read, in both rooms: text 4.5 to 1, edges and focus 3 to 1."""

import re
from collections.abc import Iterator

import pytest

from delivery.env import BASE_DIR

TOKENS = (BASE_DIR / "static" / "tokens.css").read_text()
TONES = ("enamel", "brass", "tomato", "basil", "sea", "plum", "ash")
GROUNDS = ("paper", "surface", "surface-sunk", "surface-raised")
TEXT, EDGE = 4.5, 3.0


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """As WCAG 2.2 counts it, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> Iterator[tuple[str, str, float]]:
    for ground in GROUNDS:
        yield from ((ink, ground, TEXT) for ink in ("ink", "ink-2", *TONES))
        yield from ((edge, ground, EDGE) for edge in ("line-strong", "focus"))
    for tone in TONES:
        yield from ((ink, f"{tone}-soft", TEXT) for ink in (f"{tone}-ink", "ink", "ink-2"))
        yield f"on-{tone}", tone, TEXT
        yield tone, f"{tone}-soft", EDGE
    yield from (("on-enamel", "enamel-strong", TEXT), ("on-bell", "bell", TEXT), ("on-bell", "bell-pale", TEXT))
    yield from (("ticket-ink", "ticket", TEXT), ("ink-2", "map-land", TEXT))


def colours(room: str) -> dict[str, str]:
    block = re.search(rf'\[data-room="{room}"\] \{{(.*?)\n  \}}', TOKENS, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block.group(1)))


@pytest.mark.parametrize("room", ["dining", "kitchen"])
def test_every_pair_of_the_room_can_be_told_apart(room: str) -> None:
    value = colours(room)
    measured = {f"{one} on {other}": ratio(value[one], value[other]) - need for one, other, need in pairs()}
    assert len(measured) > 70
    assert {pair: over for pair, over in measured.items() if over < 0} == {}


def test_the_measure_is_the_one_of_wcag() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
