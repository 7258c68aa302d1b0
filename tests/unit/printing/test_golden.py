"""Tickets look as they did when somebody last looked at them."""

import pytest
from PIL import Image, ImageChops

from printing.rendering.picture import draw_ticket
from tests.unit.printing.golden import FOLDER, drawn

TICKETS = drawn()


@pytest.mark.parametrize("name", sorted(TICKETS))
def test_a_ticket_looks_as_it_did(name: str) -> None:
    data, profile = TICKETS[name]
    with Image.open(FOLDER / f"{name}.png") as golden:
        seen = draw_ticket(data, profile.dots)
        assert seen.size == golden.size
        assert ImageChops.difference(seen.convert("L"), golden.convert("L")).getbbox() is None


def test_there_is_a_picture_for_each_and_no_other() -> None:
    assert {file.stem for file in FOLDER.glob("*.png")} == set(TICKETS)
