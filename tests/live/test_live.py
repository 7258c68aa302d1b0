"""Screens follow topics: snapshot, backlog, live rows; nothing lost, doubled, out of order or shown to strangers."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.live.stage import LYON, PARIS, Screen, Stage, play, running_hub, set_stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with set_stage() as stage:
        yield stage


def test_a_screen_gets_the_whole_topic_then_what_changes(stage: Stage) -> None:
    stage.write((stage.shop, "a", 1, {"dish": "soup"}), (stage.shop, "b", 1, {"dish": "pie"}))
    stage.write((stage.shop, "b", 2, None))

    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            first = await screen.join(stage.shop)
            assert (first["snapshot"], first["to"]) == (True, 3)
            assert first["rows"] == [{"entity": "a", "version": 1, "dish": "soup"}]
            await stage.awrite((stage.shop, "a", 2, {"dish": "stew"}), (stage.shop, "c", 1, {"dish": "tart"}))
            await screen.follow(stage.shop, 5)
            assert {key: row["dish"] for key, row in screen.rows.items()} == {"a": "stew", "c": "tart"}
            await stage.awrite((stage.shop, "c", 2, None))
            await screen.follow(stage.shop, 6)
            assert screen.frames[-1]["rows"] == [{"entity": "c", "version": 2, "gone": True}]

    play(scene)


def test_a_screen_that_was_away_gets_only_the_last_row_of_what_changed(stage: Stage) -> None:
    stage.write((stage.shop, "a", 1, {}), (stage.shop, "b", 1, {}))

    async def scene() -> None:
        async with running_hub() as hub:
            epoch = (await (await Screen(hub).open()).join(stage.shop))["epoch"]
            await stage.awrite((stage.shop, "a", 2, {}), (stage.shop, "c", 1, {}))
            await stage.awrite((stage.shop, "a", 3, None))
            back = await (await Screen(hub).open()).join(stage.shop, epoch, 2)
            assert (back["snapshot"], back["from"], back["to"]) == (False, 2, 5)
            assert [(row["entity"], row["version"]) for row in back["rows"]] == [("c", 1), ("a", 3)]

    play(scene)


@pytest.mark.parametrize("since", [-1, 3, 10**30])
def test_a_position_that_cannot_be_gets_the_whole_topic(stage: Stage, since: int) -> None:
    stage.write((stage.shop, "a", 1, {}), (stage.shop, "b", 1, {}))

    async def scene() -> None:
        async with running_hub() as hub:
            epoch = (await (await Screen(hub).open()).join(stage.shop))["epoch"]
            frame = await (await Screen(hub).open()).join(stage.shop, epoch, since)
            assert (frame["snapshot"], frame["to"], len(frame["rows"])) == (True, 2, 2)

    play(scene)


def test_a_foreign_epoch_a_purged_log_and_a_long_backlog_get_the_whole_topic(stage: Stage) -> None:
    for version in (1, 2, 3):
        stage.write((stage.shop, "a", version, {}))

    async def scene() -> None:
        async with running_hub() as hub:
            epoch = (await (await Screen(hub).open()).join(stage.shop))["epoch"]
            assert (await (await Screen(hub).open()).join(stage.shop, "elsewhere", 2))["snapshot"]
            await stage.apurge(stage.shop, up_to=2)
            assert (await (await Screen(hub).open()).join(stage.shop, epoch, 1))["snapshot"]
            assert not (await (await Screen(hub).open()).join(stage.shop, epoch, 2))["snapshot"]
            await stage.awrite(*[(stage.shop, f"e{n}", 1, {}) for n in range(500)])
            assert (await (await Screen(hub).open()).join(stage.shop, epoch, 2))["snapshot"]
            assert not (await (await Screen(hub).open()).join(stage.shop, epoch, 3))["snapshot"]

    play(scene)


def test_nothing_is_lost_doubled_or_out_of_order_when_valkey_breaks(stage: Stage) -> None:
    """Every tenth publish never happens, and the subscription is killed again and again."""
    n_batches = 300

    async def scene() -> None:
        async with running_hub() as hub:
            screens = [await Screen(hub).open() for _ in range(5)]
            for screen in screens:
                await screen.join(stage.shop)
            for n in range(n_batches):
                await stage.awrite((stage.shop, f"e{n}", 1, {"n": n}), publish=n % 10 != 9)
                if n % 60 == 30:
                    await asyncio.to_thread(stage.drop_subscriptions)
            for screen in screens:
                await screen.follow(stage.shop, n_batches)
                assert screen.seen == [(f"e{n}", 1) for n in range(n_batches)]

    play(scene)


def test_a_lost_last_publish_is_found_by_the_look_each_second(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            await screen.join(stage.shop)
            await stage.awrite((stage.shop, "a", 1, {}), publish=False)
            await screen.follow(stage.shop, 1)
            assert screen.seen == [("a", 1)]

    play(scene)


def test_doubled_stale_and_invented_publishes_change_nothing(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            await screen.join(stage.shop)
            invented = {"topic": stage.shop, "seq": 50, "entity": "x", "version": 1, "payload": {}}
            stage.publish({"city": LYON, "batch": 99, "rows": [invented]})
            stage.publish({"city": LYON})
            batch = await stage.awrite((stage.shop, "a", 1, {}))
            stage.publish({"city": LYON, "batch": batch, "rows": [invented]})
            await stage.awrite((stage.shop, "b", 1, {}), publish=False)
            stage.publish({"city": LYON, "batch": batch + 1})
            await screen.follow(stage.shop, 2)
            assert screen.seen == [("a", 1), ("b", 1)]

    play(scene)


def test_rows_of_other_topics_and_cities_never_leak(stage: Stage) -> None:
    stage.city_of[stage.other_shop] = PARIS

    async def scene() -> None:
        async with running_hub() as hub:
            here, there = await Screen(hub).open(), await Screen(hub).open()
            await here.join(stage.shop)
            await there.join(stage.other_shop)
            for n in range(20):
                await stage.awrite((stage.shop, f"here{n}", 1, {}))
                await stage.awrite((stage.other_shop, f"there{n}", 1, {}), city_id=PARIS)
            await here.follow(stage.shop, 20)
            await there.follow(stage.other_shop, 20)
            assert here.seen == [(f"here{n}", 1) for n in range(20)]
            assert there.seen == [(f"there{n}", 1) for n in range(20)]

    play(scene)


def test_a_busy_topic_gathers_rows_and_keeps_the_last_of_each_entity(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            await screen.join(stage.board)
            for n in range(40):
                await stage.awrite((stage.board, f"e{n % 3}", n, {}))
            await screen.follow(stage.board, 40)
            assert {key: row["version"] for key, row in screen.rows.items()} == {"e0": 39, "e1": 37, "e2": 38}
            assert len(screen.frames) < 20

    play(scene)


def test_joining_while_rows_arrive_neither_misses_nor_repeats_one(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:

            async def write_on() -> None:
                for n in range(100):
                    await stage.awrite((stage.shop, f"e{n}", 1, {}))

            writing = asyncio.create_task(write_on())
            screens = []
            for _ in range(20):
                screens.append(await Screen(hub).open())
                await screens[-1].join(stage.shop)
            await writing
            for screen in screens:
                await screen.follow(stage.shop, 100)
                assert sorted(screen.seen) == sorted((f"e{n}", 1) for n in range(100))

    play(scene)
