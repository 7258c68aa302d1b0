"""Parts of the outbox that need no database."""

import threading
from collections.abc import Sequence

from delivery.ground.outbox.chunks import FLOOR_IDS, FLOOR_S, Floor
from delivery.ground.outbox.hints import CAPACITY, HintThread
from delivery.ground.outbox.models import slot_of
from delivery.ground.outbox.topics import newest_rows
from delivery.ground.outbox.trouble import told
from delivery.ground.registry import TopicRow


def test_a_city_keeps_its_slot_and_no_city_has_slot_0() -> None:
    assert slot_of(None) == 0
    assert [slot_of(city) for city in (1, 62, 63, 64)] == [2, 63, 1, 2]
    assert {slot_of(city) for city in range(1, 1000)} == set(range(1, 64))


def test_the_floor_trails_by_ids_and_by_time() -> None:
    floor = Floor()
    floor.carried(50_000, now=100.0)
    assert floor.bounds(now=100.0 + FLOOR_S - 1).above_id == 0
    assert floor.bounds(now=100.0 + FLOOR_S).above_id == 50_000 - FLOOR_IDS


def test_the_floor_never_sinks() -> None:
    floor = Floor()
    floor.carried(50_000, now=100.0)
    floor.carried(20_000, now=110.0)
    assert floor.bounds(now=1000.0).above_id == 50_000 - FLOOR_IDS


def test_a_sender_that_hangs_never_blocks_and_loses_the_oldest_hints() -> None:
    hangs, goes_on, got_all = threading.Event(), threading.Event(), threading.Event()
    sent: list[int] = []

    def deliver(hints: Sequence[int]) -> None:
        hangs.set()
        assert goes_on.wait(timeout=10)
        sent.extend(hints)
        if sent[-1] == CAPACITY + 9:
            got_all.set()

    thread = HintThread("test", deliver)
    thread.put(-1)
    assert hangs.wait(timeout=10)
    for hint in range(CAPACITY + 10):  # all of these return at once
        thread.put(hint)
    goes_on.set()
    assert got_all.wait(timeout=10)
    assert sent == [-1, *range(10, CAPACITY + 10)]


def test_of_two_rows_of_one_entity_the_newest_counts() -> None:
    old, new = TopicRow("t", "e", 1, {"old": 1}), TopicRow("t", "e", 2, {"new": 1})
    other = TopicRow("u", "e", 1, {})
    assert newest_rows([new, old, other]) == [new, other]
    gone = TopicRow("t", "e", 2, None)
    assert newest_rows([new, gone]) == [gone]


def test_what_is_stored_of_an_error_is_short_and_about_nobody() -> None:
    assert told(ValueError("call +33 6 12 34 56 78")) == "ValueError: call [hidden]"
    assert len(told(ValueError("x" * 2000))) == 500
