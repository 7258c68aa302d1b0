"""A small stage for live tests: a log written and published as the relay does, screens that obey the protocol."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connection, transaction
from redis import Redis

from delivery.ground.access import Actor
from delivery.ground.live.consumer import serve
from delivery.ground.live.hub import Hub
from delivery.ground.outbox import topics
from delivery.ground.registry import TopicFamily, TopicRow, wired

LYON, PARIS = 7, 8
ANA = Actor(ref="account:ana", account_id=1)
BEN = Actor(ref="account:ben", account_id=2)
ZOE = Actor(ref="account:zoe", account_id=3)
ACTORS = {"ana": ANA, "ben": BEN, "zoe": ZOE}
Row = tuple[str, str, int, dict[str, Any] | None]


class Stage:
    """Topics `shop.<id>` that send at once, `board.<id>` that gather; ana sees all, ben nothing; zoe is revoked."""

    def __init__(self) -> None:
        self.shop = f"shop.{uuid.uuid4()}"
        self.other_shop = f"shop.{uuid.uuid4()}"
        self.board = f"board.{uuid.uuid4()}"
        self.city_of = {self.shop: LYON, self.other_shop: LYON, self.board: LYON}
        self.rights: dict[Actor, object] = {ANA: 1, BEN: 1}
        self.may_join: Callable[[Actor], bool] = lambda actor: actor == ANA
        self.valkey = Redis.from_url(settings.REDIS_URL)

    def families(self) -> dict[str, TopicFamily]:
        return {name: self._family(name, hold_s) for name, hold_s in (("shop", 0.0), ("board", 0.25))}

    def _family(self, name: str, hold_s: float) -> TopicFamily:
        return TopicFamily(
            name,
            snapshot=lambda key: latest_rows(f"{name}.{key}"),
            may_join=lambda actor, key: self.may_join(actor),
            city_of=lambda key: self.city_of.get(f"{name}.{key}"),
            hold_s=hold_s,
        )

    def actor_of_scope(self, scope: Any) -> Actor | None:
        headers = dict(scope["headers"])
        given = headers.get(b"authorization") or headers.get(b"cookie", b"").replace(b"session=", b"Bearer ")
        return ACTORS.get(given.decode().removeprefix("Bearer "))

    def write(self, *rows: Row, city_id: int = LYON, publish: bool = True) -> int:
        """One batch of (topic, entity, version, payload), written by what the relay calls; returns its number.

        `publish=False`: the relay is killed between its commit and its publish.
        """
        with transaction.atomic():
            topics.append({city_id: [TopicRow(*row) for row in rows]})
            if not publish:
                transaction.get_connection().run_on_commit.clear()
        with connection.cursor() as cursor:
            cursor.execute("SELECT batch FROM ground_city_stream WHERE city_id = %s", [city_id])
            return int(cursor.fetchone()[0])

    def publish(self, message: dict[str, Any]) -> None:
        self.valkey.publish(f"{settings.KEY_PREFIX}:live.city.{message['city']}", json.dumps(message))

    async def awrite(self, *rows: Row, city_id: int = LYON, publish: bool = True) -> int:
        write = database_sync_to_async(self.write, thread_sensitive=False)
        return int(await write(*rows, city_id=city_id, publish=publish))

    async def apurge(self, topic: str, *, up_to: int) -> None:
        """What dropping an old partition of the log does."""
        await database_sync_to_async(self._purge, thread_sensitive=False)(topic, up_to)

    @staticmethod
    def _purge(topic: str, up_to: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ground_topic_row WHERE topic = %s AND seq <= %s", [topic, up_to])

    async def aempty(self) -> None:
        """What a restore into the same tables does: the log and its counts begin anew."""
        await database_sync_to_async(self._empty, thread_sensitive=False)()

    @staticmethod
    def _empty() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE ground_topic, ground_topic_row, ground_city_stream")

    def drop_subscriptions(self) -> None:
        """Kill the pub/sub connections of every process, as a restart of Valkey does."""
        self.valkey.client_kill_filter(_type="pubsub")


def latest_rows(topic: str) -> Sequence[TopicRow]:
    """What a domain's snapshot reads: the present rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (entity) entity, version, payload FROM ground_topic_row"
            " WHERE topic = %s ORDER BY entity, version DESC",
            [topic],
        )
        found = cursor.fetchall()
    return [TopicRow(topic, entity, version, json.loads(text)) for entity, version, text in found if text is not None]


def play(scene: Callable[[], Awaitable[None]]) -> None:
    """Run a scene, for at most 40 s."""

    async def bounded() -> None:
        async with asyncio.timeout(40):
            await scene()

    asyncio.run(bounded())


class Screen:
    """A client that checks what it is sent: each frame starts where the last one ended."""

    def __init__(
        self,
        hub: Hub,
        *,
        headers: Sequence[tuple[bytes, bytes]] | None = None,
        path: str = "/ws/",
        send_limit: int | None = None,
    ) -> None:
        """`send_limit`: after so many sends the server's next one waits for `let_send`, as behind a full line."""
        self.let_send = asyncio.Event()
        self._sends_left = send_limit

        async def application(scope: Any, receive: Any, send: Any) -> None:
            async def limited(event: Any) -> None:
                if self._sends_left is not None:
                    self._sends_left -= 1
                    if self._sends_left < 0:
                        await self.let_send.wait()
                await send(event)

            await serve(hub, scope, receive, limited)

        headers = [(b"authorization", b"Bearer ana")] if headers is None else headers
        scope = {"type": "websocket", "path": path, "headers": [(b"host", b"localhost"), *headers], "subprotocols": []}
        # Not the communicator of channels: it keeps threads from giving their connections back.
        self.socket: Any = cast(Any, ApplicationCommunicator)(application, scope)
        self.at: dict[str, tuple[str, int]] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.seen: list[tuple[str, int]] = []
        self.frames: list[dict[str, Any]] = []

    async def open(self) -> "Screen":
        assert (await self.knock())["type"] == "websocket.accept"
        assert (await self.hear())["hello"]["heartbeat_s"] == 10
        return self

    async def knock(self) -> dict[str, Any]:
        """Ask for a connection; returns the server's first answer."""
        await self.socket.send_input({"type": "websocket.connect"})
        return dict(await self.socket.receive_output(5.0))

    async def say(self, message: Any) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        await self.socket.send_input({"type": "websocket.receive", "text": text})

    async def hear(self, timeout_s: float = 5.0) -> dict[str, Any]:
        event = await self.socket.receive_output(timeout_s)
        assert event["type"] == "websocket.send", event
        return dict(json.loads(event["text"]))

    async def join(self, topic: str, epoch: str | None = None, since: int | None = None) -> dict[str, Any]:
        if epoch is not None and since is not None:
            self.at[topic] = (epoch, since)
        await self.say({"join": [{"topic": topic, "epoch": epoch, "since": since}]})
        frame = await self.hear()
        if "rows" in frame:
            self.take(frame)
        return frame

    def take(self, frame: dict[str, Any]) -> None:
        topic = frame["topic"]
        if frame["snapshot"]:
            self.rows = {key: row for key, row in self.rows.items() if row["topic"] != topic}
        else:
            assert frame["epoch"] == self.at[topic][0]
            assert frame["from"] == self.at[topic][1], "a gap or a row sent twice"
        self.at[topic] = (frame["epoch"], frame["to"])
        self.frames.append(frame)
        for row in frame["rows"]:
            self.seen.append((row["entity"], row["version"]))
            if row.get("gone"):
                self.rows.pop(row["entity"], None)
            else:
                self.rows[row["entity"]] = {**row, "topic": topic}

    async def follow(self, topic: str, seq: int) -> None:
        """Take frames until the topic has come to `seq`."""
        while self.at[topic][1] < seq:
            self.take(await self.hear())

    async def closed(self, timeout_s: float = 8.0) -> int:
        """The code the server closes with; frames before it are dropped."""
        while (event := await self.socket.receive_output(timeout_s))["type"] == "websocket.send":
            pass
        return int(event["code"])


@asynccontextmanager
async def running_hub() -> AsyncIterator[Hub]:
    hub = Hub()
    task = asyncio.create_task(hub.run())
    try:
        yield hub
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextmanager
def set_stage() -> Iterator[Stage]:
    """A stage that is wired in until the end of the block."""
    before = (wired.families, wired.actor_of_scope, wired.rights_of)
    stage = Stage()
    wired.families = stage.families()
    wired.actor_of_scope = stage.actor_of_scope
    wired.rights_of = lambda actors: {actor: stage.rights[actor] for actor in actors if actor in stage.rights}
    yield stage
    stage.valkey.close()
    wired.families, wired.actor_of_scope, wired.rights_of = before
