"""The page of the control room asks for all its scripts at once."""

from delivery.env import BASE_DIR
from dispatch.web.control_room import MODULES


def test_every_module_of_the_room_is_asked_for_with_the_page() -> None:
    there = {f"control-room/{path.name}" for path in (BASE_DIR / "static" / "control-room").glob("*.js")}
    assert set(MODULES) == there - {"control-room/room.js"} | {"live.js"}  # room.js runs before anything is drawn
