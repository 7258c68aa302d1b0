"""The page of the control room asks for all its scripts at once, and brings no word that none of them says."""

from delivery.env import BASE_DIR
from dispatch.web.control_room import MODULES
from dispatch.web.desk_words import words_of_the_page

SCRIPTS = BASE_DIR / "static" / "control-room"
BY_CODE = {"waits", "failed", "alarms", "closed", "log", "status", "levers"}  # chosen by what a row says


def test_every_module_of_the_room_is_asked_for_with_the_page() -> None:
    there = {f"control-room/{path.name}" for path in SCRIPTS.glob("*.js")}
    assert set(MODULES) == there - {"control-room/room.js"} | {"live.js"}  # room.js runs before anything is drawn


def test_no_word_is_sent_for_nothing() -> None:
    texts = [path.read_text() for path in (*SCRIPTS.glob("*.js"), SCRIPTS.parent / "control-room.js")]
    said = "".join(texts)
    for part, words in words_of_the_page().items():
        for key in words if part not in BY_CODE else ():
            group, _, _ = f"{part}.{key}".rpartition(".")
            assert f'"{part}.{key}"' in said or f"`{group}.${{" in said, f"{part}.{key}"
