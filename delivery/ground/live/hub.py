"""The hub: one per process. Knows the sockets, feeds them from Valkey, and checks PostgreSQL each second."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections

from delivery.ground import connections
from delivery.ground.live import store
from delivery.ground.live.feed import CityFeed, TopicFeed
from delivery.ground.live.follower import Close, Follower
from delivery.ground.live.store import Since, StoredRow
from delivery.ground.live.subscription import Subscription
from delivery.ground.registry import wired

log = structlog.get_logger(__name__)
T = TypeVar("T")

LOOK_EVERY_S = 1.0
RIGHTS_EVERY_S = 3.0
# A screen pings each 10 s, a browser's hidden tab each minute: one that is silent for longer is not there.
SILENCE_S = 90.0
CHANNEL = "{prefix}:live.city.{city_id}"


class Hub:
    """Feeds the sockets of one event loop. `run` starts it; nothing is lost while Valkey is away, only slower."""

    def __init__(self) -> None:
        self.followers: set[Follower] = set()
        self.checked_at: float | None = None
        self._feeds: dict[int, CityFeed] = {}
        self._begun: dict[int, asyncio.Task[None]] = {}
        self._followed: dict[Follower, dict[str, CityFeed]] = {}
        self._installation: str | None = None
        self._reads: set[asyncio.Task[None]] = set()
        # The look each second and the filling of gaps never wait behind a rush of joins.
        self._watch_threads = ThreadPoolExecutor(2, "live-watch")
        self._join_threads = ThreadPoolExecutor(4, "live-join")
        self._subscription = Subscription(
            client=connections.open_valkey_subscriber,
            keepalive=f"{settings.KEY_PREFIX}:live",
            heard=self._heard,
            connected=partial(_guarded, self._look),
        )

    async def run(self) -> None:
        """Runs until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._subscription.run())
                tasks.create_task(_each(LOOK_EVERY_S, self._look))
                tasks.create_task(_each(RIGHTS_EVERY_S, self._check_rights))
        finally:
            self._watch_threads.shutdown(wait=False)
            self._join_threads.shutdown(wait=False)

    def checked_s(self) -> float | None:
        """Seconds since the database was last seen; None before the first time."""
        return None if self.checked_at is None else round(asyncio.get_running_loop().time() - self.checked_at, 1)

    async def in_thread(self, call: Callable[[], T]) -> T:
        """Database work of a socket, on a few threads."""
        return await _run(call, self._join_threads)

    async def join(self, follower: Follower, topic: str, since: Since | None) -> None:
        """Rights, then attach and gather frames, then one read at one moment, then send, then live.

        Raises:
            NotFound: no such topic for this actor. django.db.Error: the database is away.
        """
        city_id = await self.in_thread(partial(store.allowed_city, topic, follower.actor))
        cursor = follower.expect(topic)
        feed = self._attach(follower, topic, city_id)
        try:
            await asyncio.shield(self._begun[city_id])
            read = await self.in_thread(partial(store.read_topic, topic, rights=follower.rights, since=since))
        except BaseException:
            self.leave(follower, topic)
            raise
        if self._feeds.get(city_id) is feed:
            follower.begin(read, cursor)
        else:
            follower.resync(topic)

    def leave(self, follower: Follower, topic: str) -> None:
        follower.leave(topic)
        feed = self._followed.get(follower, {}).pop(topic, None)
        if feed is not None:
            self._detach(follower, topic, feed)

    def drop(self, follower: Follower) -> None:
        """The socket is gone."""
        for topic, feed in self._followed.pop(follower, {}).items():
            self._detach(follower, topic, feed)
        self.followers.discard(follower)

    def _attach(self, follower: Follower, topic: str, city_id: int) -> CityFeed:
        feed = self._feeds.get(city_id)
        if feed is None:
            feed = self._feeds[city_id] = CityFeed(city_id, self._read_missing)
            self._begun[city_id] = asyncio.create_task(self._begin(feed))
        if topic not in feed.topics:
            hold_s = wired.families[topic.partition(".")[0]].hold_s
            loop = asyncio.get_running_loop()
            feed.topics[topic] = TopicFeed(topic, hold_s, loop.call_later, loop.time)
        feed.topics[topic].followers.add(follower)
        self._followed.setdefault(follower, {})[topic] = feed
        return feed

    def _detach(self, follower: Follower, topic: str, feed: CityFeed) -> None:
        topic_feed = feed.topics.get(topic)
        if topic_feed is None:
            return
        topic_feed.followers.discard(follower)
        if not topic_feed.followers:
            del feed.topics[topic]
        if not feed.topics and self._feeds.get(feed.city_id) is feed:
            self._forget(feed.city_id)

    def _forget(self, city_id: int) -> None:
        del self._feeds[city_id]
        self._begun.pop(city_id).cancel()
        self._start(self._subscription.leave(_channel(city_id)))

    async def _begin(self, feed: CityFeed) -> None:
        """Listen first, then read the number: what comes after the number is heard or found by the next look."""
        await self._subscription.follow(_channel(feed.city_id))
        _, batches = await self._watch(partial(store.last_batches, [feed.city_id]))
        feed.begin(batches[feed.city_id])

    def _heard(self, data: bytes) -> None:
        try:
            message = json.loads(data)
            city_id, batch, rows = message["city"], message["batch"], message.get("rows")
            stored = None if rows is None else [_row(row) for row in rows]
        except (ValueError, KeyError, TypeError):
            log.exception("live_message_unreadable")
            return
        feed = self._feeds.get(city_id)
        if feed is not None:
            feed.hear(batch, stored)

    async def _look(self) -> None:
        """Compare each city's last batch with what was heard, so that a lost last message is found in a second."""
        now = asyncio.get_running_loop().time()
        for follower in tuple(self.followers):
            if now - follower.heard_at > SILENCE_S:
                follower.close(Close.RESYNC)
        feeds = dict(self._feeds)
        installation, batches = await self._watch(partial(store.last_batches, feeds))
        self.checked_at = now
        if self._installation not in (None, installation):
            self._start_anew()
            feeds = {}
        self._installation = installation
        for city_id, feed in feeds.items():
            feed.see(batches[city_id])

    def _start_anew(self) -> None:
        log.warning("live_database_replaced")
        for follower in tuple(self.followers):
            follower.close(Close.RESYNC)
        for city_id in tuple(self._feeds):
            self._forget(city_id)

    async def _check_rights(self) -> None:
        """Close the sockets of those who lost or gained a right; they connect anew with what they now may do."""
        followers = tuple(self.followers)
        actors = {follower.actor for follower in followers}
        if not actors or wired.rights_of is None:
            return
        rights = await self._watch(partial(wired.rights_of, tuple(actors)))
        for follower in followers:
            if rights.get(follower.actor) != follower.rights:
                follower.close(Close.RIGHTS_CHANGED)

    def _read_missing(self, feed: CityFeed) -> None:
        self._start(self._read_and_apply(feed))

    async def _read_and_apply(self, feed: CityFeed) -> None:
        try:
            found = await self._watch(partial(store.read_batches, feed.city_id, after=feed.batch or 0))
        except DatabaseError as error:
            feed.failed()
            log.warning("live_database_away", error=type(error).__name__)
            return
        feed.read(found)

    async def _watch(self, call: Callable[[], T]) -> T:
        return await _run(call, self._watch_threads)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._reads.add(task)
        task.add_done_callback(self._reads.discard)


async def _run(call: Callable[[], T], threads: ThreadPoolExecutor) -> T:
    """Database work in a thread. Not by asgiref's bridge: it swallows a cancellation that comes while the thread
    works, and the loop that was told to end would go on.
    """
    return await asyncio.get_running_loop().run_in_executor(threads, _with_connection, call)


def _with_connection(call: Callable[[], T]) -> T:
    """Run `call` and give the thread's connection back to the pool."""
    close_old_connections()
    try:
        return call()
    finally:
        close_old_connections()


async def _each(period_s: float, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `step` again and again; one that fails does not end the watch."""
    while True:
        await asyncio.sleep(period_s)
        await _guarded(step)


async def _guarded(step: Callable[[], Coroutine[Any, Any, None]]) -> None:
    try:
        await step()
    except DatabaseError as error:
        log.warning("live_database_away", error=type(error).__name__)
    except Exception:
        log.exception("live_watch_failed")


def _channel(city_id: int) -> str:
    return CHANNEL.format(prefix=settings.KEY_PREFIX, city_id=city_id)


def _row(row: Mapping[str, Any]) -> StoredRow:
    payload = None if row.get("gone") else row["payload"]
    return StoredRow(row["topic"], row["seq"], row["entity"], row["version"], payload)
