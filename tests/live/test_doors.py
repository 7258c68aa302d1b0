"""Who may open a socket, follow a topic and stay; what bad input and slow screens get."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from delivery.ground.live import follower as follower_module
from tests.live.stage import ANA, Screen, Stage, play, running_hub, set_stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with set_stage() as stage:
        yield stage


TOKEN = (b"authorization", b"Bearer ana")
COOKIE = (b"cookie", b"session=ana")
HERE = (b"origin", b"http://localhost")


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ([TOKEN], "websocket.accept"),
        ([COOKIE, HERE], "websocket.accept"),
        ([COOKIE], "websocket.close"),
        ([COOKIE, TOKEN], "websocket.close"),
        ([COOKIE, (b"origin", b"http://evil.example")], "websocket.close"),
        ([TOKEN, (b"origin", b"http://evil.example")], "websocket.close"),
        ([COOKIE, (b"origin", b"http://localhost:9999")], "websocket.close"),
        ([COOKIE, (b"origin", b"null")], "websocket.close"),
        ([], "websocket.close"),
    ],
)
def test_only_our_pages_and_bearers_of_tokens_open_a_socket(
    stage: Stage, headers: list[tuple[bytes, bytes]], answer: str
) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            assert (await Screen(hub, headers=headers).knock())["type"] == answer

    play(scene)


def test_other_paths_are_refused(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            assert (await Screen(hub, path="/ws/other/").knock())["type"] == "websocket.close"

    play(scene)


@pytest.mark.parametrize("who", ["nobody", "zoe"])
def test_an_unknown_token_is_told_to_sign_in(stage: Stage, who: str) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            stranger = Screen(hub, headers=[(b"authorization", f"Bearer {who}".encode())])
            await stranger.knock()
            assert await stranger.closed() == 4401

    play(scene)


def test_foreign_unknown_and_malformed_topics_are_refused_alike(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            ben = await Screen(hub, headers=[(b"authorization", b"Bearer ben")]).open()
            assert await ben.join(stage.shop) == {"refused": stage.shop, "code": "not_found"}
            ana = await Screen(hub).open()
            key = stage.shop.partition(".")[2]
            for topic in (f"nothing.{key}", "shop.1", "shop.", "shop", f"shop.{key.upper()}", "shop.\0", "\ud800"):
                assert await ana.join(topic) == {"refused": topic, "code": "not_found"}
            await stage.awrite((stage.shop, "a", 1, {}))
            assert (await ana.join(stage.shop))["to"] == 1

    play(scene)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "not_json"),
        ("[" * 16_000, "not_json"),
        ("9" * 10_000, "not_json"),
        ("x" * 16_385, "too_large"),
        ([], "bad_message"),
        ({}, "bad_message"),
        ({"join": "shop"}, "bad_message"),
        ({"join": [7]}, "bad_message"),
        ({"join": [{"topic": None}]}, "bad_message"),
        ({"join": [{"topic": "shop.x", "epoch": "e", "since": "1"}]}, "bad_message"),
        ({"join": [{"topic": "shop.x", "epoch": "e", "since": True}]}, "bad_message"),
        ({"ping": "1"}, "bad_message"),
        ({"leave": [{}]}, "bad_message"),
        ({"join": [{"topic": "shop.x"}] * 101}, "too_many_topics"),
    ],
)
def test_bad_input_gets_a_typed_refusal_and_the_socket_lives(stage: Stage, message: Any, code: str) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            await screen.say(message)
            assert await screen.hear() == {"refused": None, "code": code}
            await screen.say({"ping": 3})
            assert (await screen.hear())["pong"] == 3

    play(scene)


def test_binary_input_is_refused(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            await screen.socket.send_input({"type": "websocket.receive", "bytes": b"\xff"})
            assert (await screen.hear())["code"] == "not_json"

    play(scene)


def test_one_socket_follows_at_most_a_hundred_topics(stage: Stage) -> None:
    topics = [f"shop.{n:08x}-0000-7000-8000-000000000000" for n in range(101)]
    stage.city_of |= dict.fromkeys(topics, 7)

    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            for topic in topics[:100]:
                assert (await screen.join(topic))["snapshot"]
            assert await screen.join(topics[100]) == {"refused": topics[100], "code": "too_many_topics"}
            await screen.say({"leave": [topics[0]]})
            assert (await screen.join(topics[100]))["snapshot"]

    play(scene)


@pytest.mark.parametrize("rights", [{}, {ANA: 2}])
def test_revoked_or_changed_rights_close_the_socket(stage: Stage, rights: dict[Any, object]) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            screen = await Screen(hub).open()
            await screen.join(stage.shop)
            stage.rights = rights
            assert await screen.closed() == 4403

    play(scene)


def test_positions_of_before_a_change_of_rights_are_worth_nothing(stage: Stage) -> None:
    stage.write((stage.shop, "a", 1, {}), (stage.shop, "b", 1, {}))

    async def scene() -> None:
        async with running_hub() as hub:
            epoch = (await (await Screen(hub).open()).join(stage.shop))["epoch"]
            stage.rights[ANA] = 2
            assert (await (await Screen(hub).open()).join(stage.shop, epoch, 1))["snapshot"]

    play(scene)


def test_a_screen_that_shows_what_cannot_be_joins_again(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            await stage.awrite((stage.shop, "a", 1, {}))
            screen = await Screen(hub).open()
            epoch = (await screen.join(stage.shop))["epoch"]
            await stage.awrite((stage.shop, "b", 1, {}))
            await screen.follow(stage.shop, 2)
            await screen.say({"ping": 1, "at": [{"topic": stage.shop, "epoch": epoch, "seq": 2}]})
            assert (await screen.hear())["pong"] == 1
            await screen.say({"ping": 2, "at": [{"topic": stage.shop, "epoch": epoch, "seq": 1}]})
            assert await screen.hear() == {"resync": stage.shop}
            assert (await screen.hear())["pong"] == 2
            missed = await screen.join(stage.shop, epoch, 1)
            assert (missed["snapshot"], [row["entity"] for row in missed["rows"]]) == (False, ["b"])

    play(scene)


def test_a_screen_that_confirms_nothing_is_closed_and_others_go_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is lowered to keep the test short: what counts is that only the silent reader is closed."""
    monkeypatch.setattr(follower_module, "UNSEEN_BYTES", 20_000)

    async def scene() -> None:
        async with running_hub() as hub:
            slow, quick = await Screen(hub).open(), await Screen(hub).open()
            await slow.join(stage.shop)
            epoch = (await quick.join(stage.shop))["epoch"]
            for n in range(30):
                await stage.awrite((stage.shop, f"e{n}", 1, {"text": "x" * 1_000}))
                await quick.follow(stage.shop, n + 1)
                await quick.say({"ping": n, "at": [{"topic": stage.shop, "epoch": epoch, "seq": n + 1}]})
                assert (await quick.hear())["pong"] == n
            assert await slow.closed() == 4408

    play(scene)


def test_a_server_that_cannot_send_closes_the_socket_when_its_queue_is_full(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            stuck = Screen(hub, send_limit=2)
            await stuck.knock()
            await stuck.say({"join": [{"topic": stage.shop}]})
            quick = await Screen(hub).open()
            await quick.join(stage.shop)
            n_rows = follower_module.QUEUE_TEXTS + 10
            for n in range(n_rows):
                await stage.awrite((stage.shop, f"e{n}", 1, {}))
            await quick.follow(stage.shop, n_rows)
            stuck.let_send.set()
            assert await stuck.closed() == 4408

    play(scene)


def test_a_database_that_was_emptied_closes_every_socket(stage: Stage) -> None:
    async def scene() -> None:
        async with running_hub() as hub:
            await stage.awrite((stage.shop, "a", 1, {}))
            screen = await Screen(hub).open()
            await screen.join(stage.shop)
            await asyncio.sleep(1.2)  # the hub has seen this database
            await stage.aempty()
            assert await screen.closed() == 4408
            back = await Screen(hub).open()
            assert (await back.join(stage.shop, *screen.at[stage.shop]))["snapshot"]
            await stage.awrite((stage.shop, "b", 1, {}))
            await back.follow(stage.shop, 1)
            assert json.dumps(list(back.rows)) == '["b"]'

    play(scene)
